import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation, type Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { pageLimit, pageOf } from '../page.ts';
import { runReplay } from './run-replay.ts';
import { archives, type Replay, replays } from './tables.ts';

const mostRunning = 10;

const replayArn = ({ account, region }: Place, name: string): string =>
  `arn:aws:events:${region}:${account}:replay/${name}`;

function requireReplay(world: World, place: Place, name: string): Replay {
  const replay = world.store.in(replays).get(replayArn(place, name));
  if (replay === undefined) throw new AwsError('ResourceNotFoundException', `Replay ${name} does not exist.`);
  return replay;
}

/** Starts to replay an archive, to its own bus only; to all rules or the ones named. */
export const startReplay = operation({
  input: z.object({
    ReplayName: z.string().regex(/^[\w.-]{1,64}$/),
    Description: z.string().max(512).optional(),
    EventSourceArn: z.string(),
    EventStartTime: z.number(),
    EventEndTime: z.number(),
    Destination: z.object({ Arn: z.string(), FilterArns: z.array(z.string()).optional() }),
  }),
  access: ({ ReplayName }, call) => [{ action: 'events:StartReplay', resource: replayArn(call, ReplayName) }],
  run: (input, { world, account, region, cause }) => {
    const arn = replayArn({ account, region }, input.ReplayName);
    check(world, arn, input);
    const replay: Replay = {
      arn,
      account,
      region,
      name: input.ReplayName,
      archiveArn: input.EventSourceArn,
      busArn: input.Destination.Arn,
      ruleArns: input.Destination.FilterArns ?? [],
      state: 'STARTING',
      from: input.EventStartTime * 1000,
      until: input.EventEndTime * 1000,
      startedAt: world.clock.now(),
      ...(input.Description === undefined ? {} : { description: input.Description }),
    };
    world.store.in(replays).put(arn, replay);
    world.background(arn, cause, () => runReplay(world, arn, cause));
    return { ReplayArn: arn, State: 'STARTING', ReplayStartTime: new Date(replay.startedAt) };
  },
});

interface Wanted {
  readonly ReplayName: string;
  readonly EventSourceArn: string;
  readonly EventStartTime: number;
  readonly EventEndTime: number;
  readonly Destination: { readonly Arn: string };
}

function check(world: World, arn: string, wanted: Wanted): void {
  const rows = world.store.in(replays);
  if (rows.has(arn))
    throw new AwsError('ResourceAlreadyExistsException', `Replay ${wanted.ReplayName} already exists.`);
  const archive = world.store.in(archives).get(wanted.EventSourceArn);
  if (archive === undefined)
    throw new AwsError(
      'ValidationException',
      `Parameter EventSourceArn is not valid. Reason: Archive ${wanted.EventSourceArn} does not exist.`,
    );
  if (archive.busArn !== wanted.Destination.Arn)
    throw new AwsError(
      'ValidationException',
      'Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not permitted.',
    );
  if (wanted.EventEndTime <= wanted.EventStartTime)
    throw new AwsError(
      'ValidationException',
      'Parameter EventEndTime is not valid. Reason: EventStartTime must be before EventEndTime.',
    );
  const { account, region } = archive;
  const running = rows.where((row) => row.account === account && row.region === region && row.endedAt === undefined);
  if (running.length >= mostRunning)
    throw new AwsError('LimitExceededException', 'The requested resource exceeds the maximum number allowed.');
}

const time = (at: number | undefined) => (at === undefined ? undefined : new Date(at));

const shown = (replay: Replay) => ({
  ReplayName: replay.name,
  EventSourceArn: replay.archiveArn,
  State: replay.state,
  EventStartTime: time(replay.from),
  EventEndTime: time(replay.until),
  EventLastReplayedTime: time(replay.lastReplayed),
  ReplayStartTime: time(replay.startedAt),
  ReplayEndTime: time(replay.endedAt),
});

/** One replay. */
export const describeReplay = operation({
  input: z.object({ ReplayName: z.string() }),
  access: ({ ReplayName }, call) => [{ action: 'events:DescribeReplay', resource: replayArn(call, ReplayName) }],
  run: ({ ReplayName }, call) => {
    const replay = requireReplay(call.world, call, ReplayName);
    const destination = {
      Arn: replay.busArn,
      ...(replay.ruleArns.length === 0 ? {} : { FilterArns: replay.ruleArns }),
    };
    return { ...shown(replay), ReplayArn: replay.arn, Description: replay.description, Destination: destination };
  },
});

/** The replays of an account and region. */
export const listReplays = operation({
  input: z.object({
    NamePrefix: z.string().optional(),
    State: z.string().optional(),
    EventSourceArn: z.string().optional(),
    NextToken: z.string().optional(),
    Limit: pageLimit,
  }),
  access: () => [{ action: 'events:ListReplays', resource: '*' }],
  run: ({ NamePrefix = '', State, EventSourceArn, NextToken, Limit }, { world, account, region }) => {
    const found = world.store
      .in(replays)
      .where((replay) => replay.account === account && replay.region === region)
      .filter(({ name, state }) => name.startsWith(NamePrefix) && (State ?? state) === state)
      .filter(({ archiveArn }) => (EventSourceArn ?? archiveArn) === archiveArn);
    const page = pageOf(found, NextToken, Limit);
    return { Replays: page.items.map(shown), NextToken: page.next };
  },
});

/** Ends a replay early. */
export const cancelReplay = operation({
  input: z.object({ ReplayName: z.string() }),
  access: ({ ReplayName }, call) => [{ action: 'events:CancelReplay', resource: replayArn(call, ReplayName) }],
  run: ({ ReplayName }, call) => {
    const replay = requireReplay(call.world, call, ReplayName);
    if (replay.state !== 'STARTING' && replay.state !== 'RUNNING')
      throw new AwsError('IllegalStatusException', `Replay ${ReplayName} is not in a valid state for this operation.`);
    call.world.store.in(replays).update(replay.arn, (row) => ({ ...row, state: 'CANCELLING' }));
    return { ReplayArn: replay.arn, State: 'CANCELLING' };
  },
});
