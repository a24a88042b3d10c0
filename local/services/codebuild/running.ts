import type { Closable } from '../../world/live.ts';
import type { World } from '../../world/world.ts';
import { runBuild } from './run-build.ts';
import { builds } from './tables.ts';

/** How a build ended. */
export interface BuildOutcome {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'FAULT' | 'TIMED_OUT' | 'STOPPED';
  /** One sentence: phase, command, exit status. */
  readonly reason?: string;
  readonly exportedVariables: Readonly<Record<string, string>>;
  readonly logGroup: string;
  readonly logStream: string;
}

/** A build that runs; `halt` ends it early. */
export interface RunningBuild extends Closable {
  readonly ended: Promise<void>;
  halt(status: 'STOPPED' | 'TIMED_OUT'): void;
}

const keyOf = (id: string): string => `codebuild/${id}`;

/** Lets a recorded build run in the background. */
export function launch(world: World, id: string): void {
  const running = world.live.get(keyOf(id), () => runBuild(world, id));
  world.background(id, world.store.in(builds).get(id)?.cause, () =>
    running.ended.finally(() => world.live.close(keyOf(id))),
  );
}

/** The build while it runs. */
export const findRunning = (world: World, id: string): RunningBuild | undefined =>
  world.live.find<RunningBuild>(keyOf(id));

/** Waits for the end of a build. Services use it instead of polling. */
export async function buildEnd(world: World, id: string): Promise<BuildOutcome> {
  await findRunning(world, id)?.ended;
  const build = world.store.in(builds).get(id);
  if (build === undefined || build.status === 'IN_PROGRESS') throw new Error(`build ${id} does not run`);
  return {
    status: build.status,
    exportedVariables: build.exported,
    logGroup: build.project.logGroup,
    logStream: build.logStream,
    ...(build.reason === undefined ? {} : { reason: build.reason }),
  };
}
