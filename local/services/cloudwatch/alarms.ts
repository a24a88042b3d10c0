import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { flag, numeric } from '../../world/properties.ts';
import type { Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { remember } from './change-state.ts';
import { evaluateAlarm } from './evaluate.ts';
import { dimensions, period, statistic } from './shapes.ts';
import { type Alarm, alarmHistory, alarms } from './tables.ts';

const actions = z.array(z.string()).max(5).optional();

/** The configuration of a metric alarm, as PutMetricAlarm and CloudFormation write it. Metric math and anomaly detection are refused. */
export const alarmShape = {
  AlarmDescription: z.string().max(1024).optional(),
  ActionsEnabled: flag.default(true),
  AlarmActions: actions,
  OKActions: actions,
  InsufficientDataActions: actions,
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: dimensions.optional(),
  Statistic: statistic,
  Period: period,
  Unit: z.string().optional(),
  EvaluationPeriods: numeric.pipe(z.number().int().min(1).max(1440)),
  DatapointsToAlarm: numeric.pipe(z.number().int().min(1)).optional(),
  Threshold: numeric,
  ComparisonOperator: z.enum([
    'GreaterThanOrEqualToThreshold',
    'GreaterThanThreshold',
    'LessThanThreshold',
    'LessThanOrEqualToThreshold',
  ]),
  TreatMissingData: z.enum(['breaching', 'notBreaching', 'ignore', 'missing']).default('missing'),
};

/** What {@link alarmShape} reads. */
export type WantedAlarm = z.output<z.ZodObject<typeof alarmShape>>;

/** The ARN of an alarm. */
export const alarmArn = ({ account, region }: Place, name: string): string =>
  `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`;

/** Creates an alarm, or changes it and keeps its state; it is evaluated at once. Tags are taken by a new alarm only. */
export function writeAlarm(
  world: World,
  { account, region }: Place,
  name: string,
  wanted: WantedAlarm,
  tags: Readonly<Record<string, string>>,
): Alarm {
  check(wanted);
  const arn = alarmArn({ account, region }, name);
  const known = world.store.in(alarms).get(arn);
  const alarm: Alarm = {
    arn,
    account,
    region,
    name,
    description: wanted.AlarmDescription,
    namespace: wanted.Namespace,
    metricName: wanted.MetricName,
    dimensions: wanted.Dimensions ?? {},
    statistic: wanted.Statistic,
    periodSeconds: wanted.Period,
    unit: wanted.Unit,
    evaluationPeriods: wanted.EvaluationPeriods,
    datapointsToAlarm: wanted.DatapointsToAlarm ?? wanted.EvaluationPeriods,
    threshold: wanted.Threshold,
    comparison: wanted.ComparisonOperator,
    missing: wanted.TreatMissingData,
    actionsEnabled: wanted.ActionsEnabled,
    alarmActions: wanted.AlarmActions ?? [],
    okActions: wanted.OKActions ?? [],
    insufficientDataActions: wanted.InsufficientDataActions ?? [],
    tags: known?.tags ?? tags,
    state: known?.state ?? 'INSUFFICIENT_DATA',
    stateReason: known?.stateReason ?? 'Unchecked: Initial alarm creation',
    stateSince: known?.stateSince ?? world.clock.now(),
    configuredAt: world.clock.now(),
  };
  world.store.in(alarms).put(arn, alarm);
  remember(world, alarm, 'ConfigurationUpdate', `Alarm "${name}" ${known === undefined ? 'created' : 'updated'}`);
  evaluateAlarm(world, arn);
  return alarm;
}

function check(wanted: WantedAlarm): void {
  const all = [wanted.AlarmActions, wanted.OKActions, wanted.InsufficientDataActions].flatMap((list) => list ?? []);
  const other = all.find((arn) => !/^arn:aws:sns:/.test(arn));
  if (other !== undefined)
    throw new AwsError(
      'ValidationError',
      `Invalid arn syntax or action not played by the local cloud (SNS topics are): ${other}`,
    );
  if ((wanted.DatapointsToAlarm ?? 1) > wanted.EvaluationPeriods)
    throw new AwsError('ValidationError', 'DatapointsToAlarm must not be greater than EvaluationPeriods');
  if (wanted.Period * wanted.EvaluationPeriods > 86_400)
    throw new AwsError(
      'ValidationError',
      'Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400).',
    );
}

/** Deletes an alarm with its history. */
export function removeAlarm(world: World, arn: string): void {
  world.store.in(alarms).delete(arn);
  world.store.in(alarmHistory).delete(arn);
}
