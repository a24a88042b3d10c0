import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { numeric } from '../../world/properties.ts';
import { type Access, operation } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { sourcesOf } from './dead-letter-sources.ts';
import { moveSome } from './move-messages.ts';
import { queueAccess } from './queues.ts';
import { checkRange, invalidParameter } from './refusal.ts';
import { type MoveTask, moveTasks, type Queue, queues } from './tables.ts';

/** The queue that a move task names by its ARN. Throws ResourceNotFoundException. */
function queueOf(world: World, arn: string, parameter: string): Queue {
  if (!/^arn:aws[\w-]*:sqs:[\w-]+:\d{12}:[\w.-]{1,80}$/.test(arn))
    throw invalidParameter(
      `You must use this format to specify the ${parameter}: arn:<partition>:<service>:<region>:<account-id>:<resource-id>`,
    );
  const queue = world.store.in(queues).get(arn);
  if (queue !== undefined) return queue;
  throw new AwsError(
    'ResourceNotFoundException',
    `The resource that you specified for the ${parameter} parameter doesn't exist.`,
    404,
  );
}

const access = (world: World, action: string, queue: Queue): Access =>
  queueAccess(world, action, `/${queue.account}/${queue.name}`, queue);

/** Moves the messages of a dead-letter queue back to where they came from, or to another queue. One task a queue at a time. */
export const startMessageMoveTask = operation({
  input: z.object({
    SourceArn: z.string(),
    DestinationArn: z.string().optional(),
    MaxNumberOfMessagesPerSecond: numeric.optional(),
  }),
  access: ({ SourceArn, DestinationArn }, { world }) => {
    const source = queueOf(world, SourceArn, 'SourceArn');
    const to =
      DestinationArn === undefined ? sourcesOf(world, SourceArn) : [queueOf(world, DestinationArn, 'DestinationArn')];
    const takes = ['StartMessageMoveTask', 'ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'];
    return [
      ...takes.map((action) => access(world, action, source)),
      ...to.map((queue) => access(world, 'SendMessage', queue)),
    ];
  },
  run: ({ SourceArn, DestinationArn, MaxNumberOfMessagesPerSecond: perSecond }, { world }) => {
    checkRange('MaxNumberOfMessagesPerSecond', perSecond, [1, 500]);
    const source = queueOf(world, SourceArn, 'SourceArn');
    if (sourcesOf(world, SourceArn).length === 0)
      throw invalidParameter('Source queue must be configured as a Dead Letter Queue.');
    if (DestinationArn === SourceArn)
      throw invalidParameter('Source queue arn and destination queue arn cannot be the same.');
    if (running(world, SourceArn))
      throw invalidParameter(
        'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
      );
    const id = world.chance.uuid();
    const handle = Buffer.from(JSON.stringify({ taskId: id, sourceArn: SourceArn })).toString('base64');
    const task: MoveTask = {
      id,
      handle,
      sourceArn: SourceArn,
      destinationArn: DestinationArn,
      perSecond,
      startedAt: world.clock.now(),
      toMove: source.messages.length,
      status: 'RUNNING',
      moved: 0,
    };
    world.store.in(moveTasks).put(id, task);
    world.clock.after(0, () => moveSome(world, id));
    return { TaskHandle: handle };
  },
});

const running = (world: World, arn: string): boolean =>
  world.store.in(moveTasks).where(({ sourceArn, status }) => sourceArn === arn && status === 'RUNNING').length > 0;

/** Up to ten tasks of a queue, the newest first. */
export const listMessageMoveTasks = operation({
  input: z.object({ SourceArn: z.string(), MaxResults: numeric.optional() }),
  access: ({ SourceArn }, { world }) => [access(world, 'ListMessageMoveTasks', queueOf(world, SourceArn, 'SourceArn'))],
  run: ({ SourceArn, MaxResults }, { world }) => {
    checkRange('MaxResults', MaxResults, [1, 10]);
    const found = world.store.in(moveTasks).where(({ sourceArn }) => sourceArn === SourceArn);
    return {
      Results: [...found]
        .reverse()
        .slice(0, MaxResults ?? 1)
        .map(shown),
    };
  },
});

const shown = (task: MoveTask) => ({
  ...(task.status === 'RUNNING' ? { TaskHandle: task.handle } : {}),
  Status: task.status,
  SourceArn: task.sourceArn,
  DestinationArn: task.destinationArn,
  MaxNumberOfMessagesPerSecond: task.perSecond,
  ApproximateNumberOfMessagesMoved: task.moved,
  ApproximateNumberOfMessagesToMove: task.toMove,
  FailureReason: task.failure,
  StartedTimestamp: Math.floor(task.startedAt),
});

/** Stops a running task; what it moved stays moved. */
export const cancelMessageMoveTask = operation({
  input: z.object({ TaskHandle: z.string() }),
  access: ({ TaskHandle }, { world }) => [
    access(world, 'CancelMessageMoveTask', queueOf(world, taskOf(world, TaskHandle).sourceArn, 'SourceArn')),
  ],
  run: ({ TaskHandle }, { world }) => {
    const task = taskOf(world, TaskHandle);
    world.store.in(moveTasks).put(task.id, { ...task, status: 'CANCELLED' });
    return { ApproximateNumberOfMessagesMoved: task.moved };
  },
});

/** The running task of a handle. Throws ResourceNotFoundException. */
function taskOf(world: World, handle: string): MoveTask {
  const [task] = world.store.in(moveTasks).where((each) => each.handle === handle && each.status === 'RUNNING');
  if (task === undefined) throw new AwsError('ResourceNotFoundException', 'Task does not exist.', 404);
  return task;
}
