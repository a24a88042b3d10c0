import type { Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { changeState } from './change-state.ts';
import { rangeOf, stateOf } from './missing.ts';
import { combine, statisticOf } from './statistics.ts';
import { type Alarm, type AlarmState, alarms, type Metric, metricKey, metrics } from './tables.ts';

/**
 * Evaluates the alarms on one metric. A simplification: AWS looks once a period at whole periods; here the running period counts
 * as soon as it holds data, and the alarm is looked at again when the period ends.
 */
export function evaluateAlarms(
  world: World,
  { account, region }: Place,
  metric: Pick<Metric, 'namespace' | 'name' | 'dimensions'>,
): void {
  const key = metricKey({ account, region }, metric);
  for (const alarm of world.store.in(alarms).rows()) {
    if (alarm.metricName === metric.name && alarmKey(alarm) === key) evaluateAlarm(world, alarm.arn);
  }
}

/** Evaluates one alarm by its ARN, and again at the end of its period for as long as it is not at rest. */
export function evaluateAlarm(world: World, arn: string): void {
  const alarm = world.store.in(alarms).get(arn);
  if (alarm === undefined) return;
  const { state, values } = judge(world, alarm);
  if (state !== undefined && state !== alarm.state) {
    changeState(world, arn, state, reasonFor(alarm, state, values), { queriedAt: world.clock.now(), values });
  }
  if (values.length > 0) lookAgain(world, alarm);
}

const alarmKey = (alarm: Alarm): string => metricKey(alarm, { ...alarm, name: alarm.metricName });

/** The values of the evaluation range, newest last, and the state they mean; undefined keeps the state. */
function judge(world: World, alarm: Alarm): { state: AlarmState | undefined; values: readonly number[] } {
  const minutes = world.store.in(metrics).get(alarmKey(alarm))?.minutes ?? [];
  const period = alarm.periodSeconds * 1000;
  const running = Math.floor(world.clock.now() / period) * period;
  const newest = combine(minutes, running, running + period) === undefined ? running - period : running;
  const range = rangeOf(alarm.evaluationPeriods);
  const found = Array.from({ length: range }, (_, index) => {
    const start = newest - (range - 1 - index) * period;
    const measured = combine(minutes, start, start + period);
    return measured && statisticOf(measured, alarm.statistic);
  });
  const periods = found.map((value) => (value === undefined ? undefined : breaches(alarm, value)));
  const values = found.filter((value) => value !== undefined);
  return { state: stateOf(alarm, periods), values: values.slice(-alarm.evaluationPeriods) };
}

function breaches({ comparison, threshold }: Alarm, value: number): boolean {
  switch (comparison) {
    case 'GreaterThanOrEqualToThreshold':
      return value >= threshold;
    case 'GreaterThanThreshold':
      return value > threshold;
    case 'LessThanThreshold':
      return value < threshold;
    case 'LessThanOrEqualToThreshold':
      return value <= threshold;
  }
}

function reasonFor(alarm: Alarm, state: AlarmState, values: readonly number[]): string {
  const count = `${values.length} datapoint${values.length === 1 ? '' : 's'} [${values.join(', ')}]`;
  if (values.length === 0) {
    return `no datapoints were received for ${alarm.evaluationPeriods} period${alarm.evaluationPeriods === 1 ? '' : 's'} and missing datapoints were treated as [${alarm.missing}]`;
  }
  const crossed = state === 'ALARM' ? 'crossed' : 'did not cross';
  return `Threshold Crossed: ${count} ${crossed} the threshold (${alarm.threshold}) by ${alarm.comparison}.`;
}

/** One pending look per alarm, just after its running period has ended. */
function lookAgain(world: World, alarm: Alarm): void {
  const key = `cloudwatch/look/${alarm.arn}`;
  if (world.live.find(key) !== undefined) return;
  const period = alarm.periodSeconds * 1000;
  const wait = period - (world.clock.now() % period) + period;
  world.live.get(key, () => {
    const timer = world.clock.after(wait, () => {
      void world.live.close(key);
      evaluateAlarm(world, alarm.arn);
    });
    return { close: () => timer.cancel() };
  });
}
