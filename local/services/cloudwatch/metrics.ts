import type { Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { evaluateAlarms } from './evaluate.ts';
import { keptMinutes, type Minute, metricKey, metrics } from './tables.ts';

/** One measured value. */
export interface Datapoint {
  /** `AWS/Events`. */
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** One value, or the sum of the values that `spread` tells of. */
  readonly value: number;
  /** A statistic set: how many values there were, between which bounds. */
  readonly spread?: Pick<Minute, 'count' | 'minimum' | 'maximum'>;
  /** `Count`, `Milliseconds`, … */
  readonly unit?: string;
  /** World time in milliseconds; now when left out. */
  readonly at?: number;
}

/** How many metrics the world keeps; the one that was first measured longest ago makes place. */
const keptMetrics = 20_000;
const minuteMilliseconds = 60_000;

/** Records a value in its minute and evaluates the alarms on its metric at once. AWS evaluates them once a period. */
export function putMetric(world: World, { account, region }: Place, datapoint: Datapoint): void {
  const rows = world.store.in(metrics);
  const key = metricKey({ account, region }, datapoint);
  const known = rows.get(key);
  const { namespace, name, dimensions, unit } = datapoint;
  const measured = { account, region, namespace, name, dimensions, ...(unit === undefined ? {} : { unit }) };
  rows.put(key, { ...measured, minutes: added(known?.minutes ?? [], datapoint, datapoint.at ?? world.clock.now()) });
  if (known === undefined) forgetOldest(world);
  evaluateAlarms(world, { account, region }, datapoint);
}

function added(minutes: readonly Minute[], { value, spread }: Datapoint, at: number): readonly Minute[] {
  const start = Math.floor(at / minuteMilliseconds) * minuteMilliseconds;
  const index = minutes.findLastIndex((minute) => minute.start <= start);
  const known = minutes[index];
  const fresh: Minute = { start, sum: value, count: 1, minimum: value, maximum: value, ...spread };
  if (known?.start === start) return minutes.with(index, merged(known, fresh));
  return minutes.toSpliced(index + 1, 0, fresh).slice(-keptMinutes);
}

const merged = (minute: Minute, other: Minute): Minute => ({
  start: minute.start,
  sum: minute.sum + other.sum,
  count: minute.count + other.count,
  minimum: Math.min(minute.minimum, other.minimum),
  maximum: Math.max(minute.maximum, other.maximum),
});

function forgetOldest(world: World): void {
  const rows = world.store.in(metrics);
  const keys = rows.keys();
  if (keys.length > keptMetrics) rows.delete(keys[0] ?? '');
}
