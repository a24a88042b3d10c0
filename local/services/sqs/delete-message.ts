import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { numeric } from '../../world/properties.ts';
import { operation } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { changed } from './keep.ts';
import { queueAccess, requireQueue } from './queues.ts';
import { batch, checkBatch } from './send-message.ts';
import type { Message, Queue } from './tables.ts';

/** The message of a receipt; undefined when it is gone. Only the newest receipt of a message holds. Throws ReceiptHandleIsInvalid. */
function messageOf(queue: Queue, receipt: string): Message | undefined {
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

/** Hides a received message for longer, or with 0 shows it again. */
export const changeMessageVisibility = operation({
  input: z.object({
    QueueUrl: z.string(),
    ReceiptHandle: z.string(),
    VisibilityTimeout: numeric.pipe(z.number().int().min(0).max(43_200)),
  }),
  access: ({ QueueUrl }, call) => [queueAccess(call.world, 'ChangeMessageVisibility', QueueUrl, call)],
  run: ({ QueueUrl, ReceiptHandle, VisibilityTimeout }, call) => {
    const queue = requireQueue(call.world, QueueUrl, call);
    const message = messageOf(queue, ReceiptHandle);
    if (message === undefined || message.visibleAt <= call.world.clock.now())
      throw new AwsError('MessageNotInflight', 'The specified message is not in flight.');
    message.visibleAt = call.world.clock.now() + VisibilityTimeout * 1000;
    changed(call.world, queue);
    return {};
  },
});

/** Empties a queue. */
export const purgeQueue = operation({
  input: z.object({ QueueUrl: z.string() }),
  access: ({ QueueUrl }, call) => [queueAccess(call.world, 'PurgeQueue', QueueUrl, call)],
  run: ({ QueueUrl }, call) => {
    const queue = requireQueue(call.world, QueueUrl, call);
    queue.messages.splice(0);
    changed(call.world, queue);
    return {};
  },
});
