import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { changed } from './keep.ts';
import { queueAccess, requireQueue } from './queues.ts';
import { batch, checkBatch } from './send-message.ts';
import { lastPurges, type Message, type Queue } from './tables.ts';

/** The message of a receipt; undefined when it is gone. Only the newest receipt of a message holds. Throws ReceiptHandleIsInvalid. */
export function messageOf(queue: Queue, receipt: string): Message | undefined {
  const [id = '', rest] = Buffer.from(receipt, 'base64').toString('utf8').split(' ');
  if (rest === undefined)
    throw new AwsError(
      'ReceiptHandleIsInvalid',
      `The input receipt handle "${receipt.slice(0, 200)}" is not a valid receipt handle.`,
    );
  return queue.messages.find((message) => message.id === id && message.receipt === receipt);
}

function drop(world: World, queue: Queue, receipt: string): void {
  const message = messageOf(queue, receipt);
  if (message === undefined) return;
  queue.messages.splice(queue.messages.indexOf(message), 1);
  changed(world, queue);
}

/** Takes a received message out of the queue; one that is gone is no error. */
export const deleteMessage = operation({
  input: z.object({ QueueUrl: z.string(), ReceiptHandle: z.string() }),
  access: ({ QueueUrl }, call) => [queueAccess(call.world, 'DeleteMessage', QueueUrl, call)],
  run: ({ QueueUrl, ReceiptHandle }, call) => {
    drop(call.world, requireQueue(call.world, QueueUrl, call), ReceiptHandle);
    return {};
  },
});

/** The same for up to ten. */
export const deleteMessageBatch = operation({
  input: z.object({ QueueUrl: z.string(), Entries: z.array(z.object({ Id: z.string(), ReceiptHandle: z.string() })) }),
  access: ({ QueueUrl }, call) => [queueAccess(call.world, 'DeleteMessage', QueueUrl, call)],
  run: ({ QueueUrl, Entries }, call) => {
    const queue = requireQueue(call.world, QueueUrl, call);
    checkBatch(Entries);
    return batch(Entries, ({ ReceiptHandle }) => {
      drop(call.world, queue, ReceiptHandle);
      return {};
    });
  },
});

const purgeMilliseconds = 60_000;

/** Empties a queue, once a minute at most. */
export const purgeQueue = operation({
  input: z.object({ QueueUrl: z.string() }),
  access: ({ QueueUrl }, call) => [queueAccess(call.world, 'PurgeQueue', QueueUrl, call)],
  run: ({ QueueUrl }, call) => {
    const queue = requireQueue(call.world, QueueUrl, call);
    const last = call.world.store.in(lastPurges).get(queue.arn);
    if (last !== undefined && call.world.clock.now() - last < purgeMilliseconds)
      throw new AwsError(
        'PurgeQueueInProgress',
        `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`,
        403,
      );
    call.world.store.in(lastPurges).put(queue.arn, call.world.clock.now());
    queue.messages.splice(0);
    changed(call.world, queue);
    return {};
  },
});
