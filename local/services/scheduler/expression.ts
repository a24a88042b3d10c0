import { AwsError } from '../../world/failure.ts';
import { type CronFields, nextCron, parseCron } from './cron.ts';
import { zoneClocks } from './zone.ts';

/** A schedule: every so often, at calendar times, or once. */
export type ScheduleExpression =
  | { readonly type: 'rate'; readonly milliseconds: number }
  | { readonly type: 'cron'; readonly fields: CronFields }
  | { readonly type: 'at'; readonly local: string };

const unitMilliseconds: Readonly<Record<string, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

/**
 * Reads `rate(5 minutes)`, `cron(0 12 * * ? *)` and, for schedules only, `at(2026-11-23T07:00:00)`. Throws AWS's ValidationException.
 * Source: the schedule types page of the EventBridge Scheduler guide.
 */
export function parseSchedule(text: string, kind: 'rule' | 'schedule'): ScheduleExpression {
  const [, type, content = ''] = /^(rate|cron|at)\((.*)\)$/.exec(text) ?? [];
  const parsed =
    type === 'rate'
      ? parseRate(content)
      : type === 'cron'
        ? parseCronExpression(content)
        : type === 'at' && kind === 'schedule' && isLocalTime(content)
          ? ({ type: 'at', local: content } as const)
          : undefined;
  if (parsed === undefined) throw invalid(text, kind);
  return parsed;
}

const isLocalTime = (text: string): boolean =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text) && !Number.isNaN(Date.parse(`${text}Z`));

function parseRate(content: string): ScheduleExpression | undefined {
  const [, digits = '', unit = '', plural] = /^(\d{1,9}) (minute|hour|day)(s?)$/.exec(content) ?? [];
  const value = Number(digits);
  // AWS wants the singular for one and the plural for more.
  if (value < 1 || (value === 1) === (plural === 's')) return undefined;
  return { type: 'rate', milliseconds: value * (unitMilliseconds[unit] ?? 0) };
}

function parseCronExpression(content: string): ScheduleExpression | undefined {
  const fields = parseCron(content);
  return fields === undefined ? undefined : { type: 'cron', fields };
}

const invalid = (text: string, kind: string) =>
  new AwsError(
    'ValidationException',
    kind === 'rule'
      ? 'Parameter ScheduleExpression is not valid.'
      : `Invalid Schedule Expression ${text.slice(0, 256)}.`,
  );

/** Where to look from. All times in milliseconds. */
export interface Looking {
  /** The answer lies after this. */
  readonly after: number;
  /** When the schedule begins: rates count from here, and run at it when it is yet to come. */
  readonly since: number;
  /** An IANA time zone, `UTC`. */
  readonly zone: string;
}

/** The next run in milliseconds, or undefined when there is none. */
export function nextRun(expression: ScheduleExpression, { after, since, zone }: Looking): number | undefined {
  switch (expression.type) {
    case 'rate': {
      if (after < since) return since;
      const passed = Math.floor((after - since) / expression.milliseconds) + 1;
      return since + Math.max(1, passed) * expression.milliseconds;
    }
    case 'at': {
      const at = zoneClocks(zone).momentOf(expression.local);
      return at > after ? at : undefined;
    }
    case 'cron':
      return nextCron(expression.fields, after, zone);
  }
}
