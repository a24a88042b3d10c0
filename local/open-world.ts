import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { foundAccounts } from './accounts.ts';
import { judge } from './services/iam/judge.ts';
import { resources, services } from './services/index.ts';
import { listen } from './wire/server.ts';
import { chanceFrom } from './world/chance.ts';
import { RunningClock } from './world/clock.ts';
import { Journal } from './world/journal.ts';
import { Live } from './world/live.ts';
import { Store } from './world/store.ts';
import type { Interference, World } from './world/world.ts';

/** How a world is made; everything has a default. */
export interface WorldOptions {
  /** 0 takes a free one. */
  readonly port?: number;
  /** Where the world keeps its files; a temporary directory that ends with the world by default. */
  readonly directory?: string;
  readonly organisationId?: string;
  /** Where the directories of builds that fail are kept; they go with the build by default. */
  readonly failedBuilds?: string;
  /** Equal seeds give equal ids. */
  readonly seed?: string;
}

/** A world that listens, and how to end it. */
export interface OpenWorld {
  readonly world: World;
  readonly port: number;
  close(): Promise<void>;
}

/** Opens an empty world: no accounts but those that are used, no stacks. Throws PortInUse. */
export async function openWorld(options: WorldOptions = {}): Promise<OpenWorld> {
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'mergecast-')));
  const world = makeWorld(directory, options);
  foundAccounts(world);
  const discard = async () => {
    if (options.directory === undefined) await rm(directory, { recursive: true, force: true, maxRetries: 3 });
  };
  const wire = await listen(world, options.port ?? 0).catch(async (error: unknown) => {
    await discard();
    throw error;
  });
  world.endpoint = `http://127.0.0.1:${wire.port}`;
  return {
    world,
    port: wire.port,
    close: async () => {
      world.clock.stop();
      await wire.close();
      await world.live.closeAll();
      await discard();
    },
  };
}

function makeWorld(directory: string, { seed, organisationId, failedBuilds }: WorldOptions): World {
  const clock = new RunningClock();
  const journal = new Journal(clock);
  const running = new Set<Promise<void>>();
  const background: World['background'] = (subject, cause, work, lasting) => {
    const task = work()
      .catch((error: unknown) => {
        const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
        journal.write({
          kind: 'fault',
          account: '',
          region: '',
          subject,
          text,
          ...(cause === undefined ? {} : { cause }),
        });
      })
      .finally(() => running.delete(task));
    if (lasting === undefined) running.add(task);
  };
  return {
    clock,
    journal,
    directory,
    services,
    resources,
    judge,
    background,
    chance: chanceFrom(seed),
    store: new Store(),
    live: new Live(),
    endpoint: '',
    interference: new Set<Interference>(),
    settled: async () => {
      while (running.size > 0) await Promise.all(running);
    },
    ...(organisationId === undefined ? {} : { organisationId }),
    ...(failedBuilds === undefined ? {} : { failedBuilds }),
  };
}
