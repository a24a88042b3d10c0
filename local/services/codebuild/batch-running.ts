import type { Closable } from '../../world/live.ts';
import type { World } from '../../world/world.ts';
import { runBatch } from './batch-run.ts';
import { type BuildBatch, batches } from './batch-tables.ts';

/** A batch that runs; `halt` ends it early, with its builds. */
export interface RunningBatch extends Closable {
  readonly ended: Promise<void>;
  /** Answers whether all of its builds could be stopped. */
  halt(status: 'STOPPED' | 'TIMED_OUT'): Promise<boolean>;
}

const keyOf = (id: string): string => `codebuild/batch/${id}`;

/** Lets a recorded batch run in the background. */
export function launchBatch(world: World, id: string): void {
  const running = world.live.get(keyOf(id), () => runBatch(world, id));
  world.background(id, world.store.in(batches).get(id)?.template.cause, () =>
    running.ended.finally(() => world.live.close(keyOf(id))),
  );
}

/** The batch while it runs. */
export const findRunningBatch = (world: World, id: string): RunningBatch | undefined =>
  world.live.find<RunningBatch>(keyOf(id));

/** Waits for the end of a batch. Services use it instead of polling. */
export async function batchEnd(world: World, id: string): Promise<BuildBatch> {
  await findRunningBatch(world, id)?.ended;
  const batch = world.store.in(batches).get(id);
  if (batch === undefined || batch.status === 'IN_PROGRESS') throw new Error(`batch ${id} does not run`);
  return batch;
}
