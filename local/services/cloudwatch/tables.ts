import type { Place } from '../../world/service.ts';
import { table } from '../../world/store.ts';

/** What was measured within one minute. */
export interface Minute {
  /** World time in milliseconds at the minute's start. */
  readonly start: number;
  readonly sum: number;
  readonly count: number;
  readonly minimum: number;
  readonly maximum: number;
}

/** A metric: one name in one namespace with one set of dimensions. */
export interface Metric {
  readonly account: string;
  readonly region: string;
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly unit?: string | undefined;
  /** Oldest first; the newest {@link keptMinutes} are kept. */
  readonly minutes: readonly Minute[];
}

/** How many minutes with data a metric keeps; AWS keeps 15 days of them. */
export const keptMinutes = 1500;

/** The states of an alarm. */
export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** A metric alarm, with its configuration as the API spells it. */
export interface Alarm {
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly description?: string | undefined;
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: 'SampleCount' | 'Average' | 'Sum' | 'Minimum' | 'Maximum';
  readonly periodSeconds: number;
  readonly unit?: string | undefined;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly threshold: number;
  readonly comparison:
    | 'GreaterThanOrEqualToThreshold'
    | 'GreaterThanThreshold'
    | 'LessThanThreshold'
    | 'LessThanOrEqualToThreshold';
  readonly missing: 'breaching' | 'notBreaching' | 'ignore' | 'missing';
  readonly actionsEnabled: boolean;
  readonly alarmActions: readonly string[];
  readonly okActions: readonly string[];
  readonly insufficientDataActions: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly state: AlarmState;
  readonly stateReason: string;
  /** JSON for machines. */
  readonly stateReasonData?: string;
  /** World time in milliseconds. */
  readonly stateSince: number;
  readonly configuredAt: number;
}

/** One line of an alarm's history. */
export interface AlarmChange {
  readonly alarmName: string;
  readonly account: string;
  readonly region: string;
  readonly at: number;
  readonly type: 'ConfigurationUpdate' | 'StateUpdate' | 'Action';
  readonly summary: string;
  readonly data: string;
}

/** By the JSON of place, namespace, name and dimensions. */
export const metrics = table<Metric>('cloudwatch/metrics');
/** By ARN. */
export const alarms = table<Alarm>('cloudwatch/alarms');
/** By alarm ARN: the newest {@link keptChanges} changes, oldest first. */
export const alarmHistory = table<readonly AlarmChange[]>('cloudwatch/alarm-history');
/** How many changes of an alarm are kept. */
export const keptChanges = 200;

/** The key of a metric's row: dimensions count in any order. */
export function metricKey(
  { account, region }: Place,
  { namespace, name, dimensions }: Pick<Metric, 'namespace' | 'name' | 'dimensions'>,
): string {
  const sorted = Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([account, region, namespace, name, sorted]);
}
