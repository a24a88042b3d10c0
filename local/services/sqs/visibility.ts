import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { numeric } from '../../world/properties.ts';
import { operation } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { messageOf } from './delete-message.ts';
import { changed } from './keep.ts';
import { queueAccess, requireQueue } from './queues.ts';
import { checkRange, invalidValue } from './refusal.ts';
import { batch, checkBatch } from './send-message.ts';
import type { Queue } from './tables.ts';

const mostSeconds = 43_200;

/** A message is hidden for at most twelve hours since it was received. */
function hide(world: World, queue: Queue, receipt: string, seconds: number): void {
  checkRange('VisibilityTimeout', seconds, [0, mostSeconds]);
  const now = world.clock.now();
  const message = messageOf(queue, receipt);
  if (message === undefined || message.visibleAt <= now)
    throw new AwsError('MessageNotInflight', 'The specified message is not in flight.');
  if (now + seconds * 1000 > (message.receivedAt ?? now) + mostSeconds * 1000)
    throw invalidValue(
      'VisibilityTimeout',
      seconds,
      `Total VisibilityTimeout for the message is beyond the limit [${mostSeconds} seconds]`,
    );
  message.visibleAt = now + seconds * 1000;
  changed(world, queue);
}

/** Hides a received message for longer, or with 0 shows it again. */
export const changeMessageVisibility = operation({
  input: z.object({ QueueUrl: z.string(), ReceiptHandle: z.string(), VisibilityTimeout: numeric }),
  access: ({ QueueUrl }, call) => [queueAccess(call.world, 'ChangeMessageVisibility', QueueUrl, call)],
  run: ({ QueueUrl, ReceiptHandle, VisibilityTimeout }, call) => {
    hide(call.world, requireQueue(call.world, QueueUrl, call), ReceiptHandle, VisibilityTimeout);
    return {};
  },
});

/** The same for up to ten; each fails for itself. */
export const changeMessageVisibilityBatch = operation({
  input: z.object({
    QueueUrl: z.string(),
    Entries: z.array(z.object({ Id: z.string(), ReceiptHandle: z.string(), VisibilityTimeout: numeric.default(0) })),
  }),
  access: ({ QueueUrl }, call) => [queueAccess(call.world, 'ChangeMessageVisibility', QueueUrl, call)],
  run: ({ QueueUrl, Entries }, call) => {
    const queue = requireQueue(call.world, QueueUrl, call);
    checkBatch(Entries);
    return batch(Entries, ({ ReceiptHandle, VisibilityTimeout }) => {
      hide(call.world, queue, ReceiptHandle, VisibilityTimeout);
      return {};
    });
  },
});
