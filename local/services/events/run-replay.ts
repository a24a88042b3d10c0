import type { World } from '../../world/world.ts';
import { keptBetween } from './archive-keeping.ts';
import { arrive } from './arrive.ts';
import { requireBus } from './buses.ts';
import { archives, type BusEvent, type Replay, replays } from './tables.ts';

/** Plays an archive's events on its bus again, oldest first, with the replay's name in each envelope. */
export async function runReplay(world: World, arn: string, cause: string): Promise<void> {
  const replay = become(world, arn, 'RUNNING', cause);
  const archive = replay && world.store.in(archives).get(replay.archiveArn);
  if (replay === undefined || archive === undefined) return;
  for (const event of keptBetween(archive, replay.from, replay.until, world.clock.now())) {
    if (world.store.in(replays).get(arn)?.state !== 'RUNNING') break;
    replayEvent(world, replay, event, cause);
    await Promise.resolve();
  }
  const cancelled = world.store.in(replays).get(arn)?.state === 'CANCELLING';
  become(world, arn, cancelled ? 'CANCELLED' : 'COMPLETED', cause);
}

function replayEvent(world: World, replay: Replay, event: BusEvent, cause: string): void {
  const bus = requireBus(world, replay, replay.busArn);
  const onlyRules = replay.ruleArns.length === 0 ? {} : { onlyRules: replay.ruleArns };
  arrive(world, { bus, event: { ...event, 'replay-name': replay.name }, path: [], cause, ...onlyRules });
  world.store.in(replays).update(replay.arn, (row) => ({ ...row, lastReplayed: Date.parse(event.time) }));
}

function become(world: World, arn: string, state: Replay['state'], cause: string): Replay | undefined {
  const ended = state === 'COMPLETED' || state === 'CANCELLED' ? { endedAt: world.clock.now() } : {};
  const replay = world.store.in(replays).update(arn, (row) => ({ ...row, state, ...ended }));
  if (replay === undefined) return undefined;
  const { account, region, name } = replay;
  const text = `replay ${name} is ${state}`;
  world.journal.write({ kind: 'state', cause, account, region, subject: arn, text, detail: { state } });
  return replay;
}
