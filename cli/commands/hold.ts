import { holdText } from '../../events/manual-hold.ts';
import { Fault } from '../../shared/fault.ts';
import { parameterName } from '../../shared/names.ts';
import { ask, canAsk } from '../choose.ts';
import { chosenPipelines, type PipelineOptions } from '../chosen-pipeline.ts';
import { exitCodes } from '../exit-codes.ts';
import { parameterStoreOf } from '../parameter-store.ts';
import { terminalText } from '../render/terminal.ts';

/** As given on the command line. */
export interface HoldOptions extends PipelineOptions {
  /** Why; those whose merge is held are shown it. @default - it is asked for */
  readonly reason?: string;
  /** A time with its zone, or how long from now: `4h`. @default - until somebody releases it */
  readonly until?: string;
  readonly json?: boolean;
}

/**
 * Lets nothing start in pipelines of an environment until it is released; what runs goes on. An environment and a reason that are left out are asked for.
 * Answers the exit code. Throws EnvironmentMissing, PipelineUnknown, ReasonInvalid, PeriodInvalid.
 */
export async function hold(
  named: string | undefined,
  pipeline: string | undefined,
  options: HoldOptions,
): Promise<number> {
  const until = options.until === undefined ? null : endOf(options.until, Date.now());
  const wanted = pipeline === undefined ? options : { ...options, pipeline };
  // A hold of a pipeline that no merge starts would hold nothing.
  const { environment, client, pipelines } = await chosenPipelines(named, wanted, 'environment');
  const reason = checkedReason(options.reason ?? (await askedReason()), 500);
  const store = await parameterStoreOf(client);
  for (const name of pipelines) {
    await store.put(parameterName(environment, name, 'hold'), holdText({ reason, until }));
    if (options.json !== true)
      console.log(
        terminalText(`held: ${name} ${until === null ? 'until it is released' : `until ${until}`}; merges wait`),
      );
  }
  if (options.json === true) console.log(JSON.stringify(pipelines.map((name) => ({ pipeline: name, until, reason }))));
  return exitCodes.done;
}

/** What a person at a terminal says; nothing where nobody can be asked. */
export const askedReason = async (): Promise<string> => (canAsk() ? ask('why? ') : '');

/** A reason that says something; throws ReasonInvalid. */
export function checkedReason(reason: string, longest: number): string {
  const said = reason.trim();
  if (said === '' || said.length > longest)
    throw new Fault(
      'ReasonInvalid',
      `--reason has ${said.length} characters, and 1 to ${longest} are shown to those who wait`,
    );
  return said;
}

const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The moment, in UTC, that a text on the command line means at a moment. Throws PeriodInvalid. */
export function endOf(text: string, now: number): string {
  const [, count = '', unit = ''] = /^(\d{1,4})([mhd])$/.exec(text) ?? [];
  const hasZone = /^\d{4}-\d\d-\d\dT\d\d:\d\d.*(?:Z|[+-]\d\d:\d\d)$/.test(text);
  const end = unit === '' ? (hasZone ? Date.parse(text) : Number.NaN) : now + Number(count) * (units[unit] ?? 0);
  if (Number.isNaN(end))
    throw new Fault(
      'PeriodInvalid',
      `--until '${text}' is neither a time with its zone (2026-12-24T18:00:00Z) nor a length`,
    );
  if (end <= now) throw new Fault('PeriodInvalid', `--until '${text}' is over already`);
  return new Date(end).toISOString();
}
