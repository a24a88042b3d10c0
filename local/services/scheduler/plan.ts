import type { World } from '../../world/world.ts';
import { deliverRun } from './deliver.ts';
import { nextRun, parseSchedule } from './expression.ts';
import { type Schedule, schedules } from './tables.ts';

/** Plans the next run of a schedule, instead of whatever was planned for it. One that is gone, disabled or over plans nothing. */
export function plan(world: World, arn: string, after: number = world.clock.now()): void {
  const key = `scheduler/plan/${arn}`;
  void world.live.close(key);
  const schedule = world.store.in(schedules).get(arn);
  const next = schedule && nextOf(schedule, after);
  if (next === undefined) return;
  const timer = world.clock.after(next - world.clock.now(), () => run(world, arn, next));
  world.live.get(key, () => ({ close: () => timer.cancel() }));
}

function nextOf({ state, expression, createdAt, zone, from, until }: Schedule, after: number): number | undefined {
  if (state === 'DISABLED') return undefined;
  const looking = { after: Math.max(after, (from ?? 0) - 1), since: from ?? createdAt, zone };
  const next = nextRun(parseSchedule(expression, 'schedule'), looking);
  return next === undefined || next > (until ?? Number.POSITIVE_INFINITY) ? undefined : next;
}

function run(world: World, arn: string, at: number): void {
  const schedule = world.store.in(schedules).get(arn);
  if (schedule === undefined) return;
  if (schedule.windowMinutes === undefined) deliverRun(world, schedule, at);
  else world.clock.after(laterMilliseconds(world, schedule.windowMinutes), () => deliverRun(world, schedule, at));
  if (schedule.deleteAfterCompletion && nextOf(schedule, at) === undefined) world.store.in(schedules).delete(arn);
  plan(world, arn, at);
}

/** A run in a flexible window begins at a moment within it that is left to chance. */
const laterMilliseconds = (world: World, windowMinutes: number): number =>
  Math.floor(world.chance.fraction() * windowMinutes * 60_000);
