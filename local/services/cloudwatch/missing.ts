import type { Alarm, AlarmState } from './tables.ts';

/** One period of the evaluation range: whether it breached, or undefined when nothing was measured. Oldest first. */
export type Periods = readonly (boolean | undefined)[];

/**
 * How many periods are looked at: more than the evaluation periods, so that a late or missing one does not count at once. AWS does not
 * tell how many more; its tables show two.
 */
export const rangeOf = (evaluationPeriods: number): number => evaluationPeriods + 2;

/**
 * The state that the periods mean; undefined keeps the state. Real datapoints win: only when there are fewer than evaluation periods
 * is the rest filled as TreatMissingData says. Source: "Configuring how CloudWatch alarms treat missing data", with its tables.
 */
export function stateOf(
  { evaluationPeriods, datapointsToAlarm, missing }: Pick<Alarm, 'evaluationPeriods' | 'datapointsToAlarm' | 'missing'>,
  periods: Periods,
): AlarmState | undefined {
  const real = periods.filter((period) => period !== undefined);
  const newest = real.slice(-evaluationPeriods);
  const breaching = newest.filter(Boolean).length;
  if (breaching >= datapointsToAlarm) return 'ALARM';
  const filled = evaluationPeriods - newest.length;
  if (filled === 0) return 'OK';
  switch (missing) {
    case 'breaching':
      return breaching + filled >= datapointsToAlarm ? 'ALARM' : 'OK';
    case 'notBreaching':
      return 'OK';
    case 'ignore':
      return breaching === newest.length ? undefined : 'OK';
    default:
      if (newest.length === 0) return 'INSUFFICIENT_DATA';
      return breaching === newest.length && ageOfOldest(periods) >= datapointsToAlarm ? 'ALARM' : 'OK';
  }
}

/** How many periods ago the oldest datapoint was measured; 1 is the newest period. An alarm does not go off before it is old enough. */
const ageOfOldest = (periods: Periods): number => periods.length - periods.findIndex((period) => period !== undefined);
