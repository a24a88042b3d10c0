import { z } from 'zod';
import { numeric } from '../../world/properties.ts';
import { operation } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { attributesMd5, md5 } from './digest.ts';
import { changed, receivable } from './keep.ts';
import { keyAccesses, queueAccess, requireQueue, setting } from './queues.ts';
import { checkRange } from './refusal.ts';
import type { Message, Queue } from './tables.ts';
import { changeIn } from './waiting.ts';

const names = z.array(z.string()).optional();

const input = z.object({
  QueueUrl: z.string(),
  MaxNumberOfMessages: numeric.default(1),
  VisibilityTimeout: numeric.optional(),
  WaitTimeSeconds: numeric.optional(),
  AttributeNames: names,
  MessageSystemAttributeNames: names,
  MessageAttributeNames: names,
  ReceiveRequestAttemptId: z.string().optional(),
});
type Input = z.output<typeof input>;

/** Takes up to ten messages; waits for the first one for as long as the receiver or the queue says. */
export const receiveMessage = operation({
  input,
  access: ({ QueueUrl }, call) => [
    queueAccess(call.world, 'ReceiveMessage', QueueUrl, call),
    ...keyAccesses(call.world, ['Decrypt'], QueueUrl, call),
  ],
  run: async (wanted, call) => {
    const queue = requireQueue(call.world, wanted.QueueUrl, call);
    checkRange('MaxNumberOfMessages', wanted.MaxNumberOfMessages, [1, 10]);
    checkRange('VisibilityTimeout', wanted.VisibilityTimeout, [0, 43_200]);
    checkRange('WaitTimeSeconds', wanted.WaitTimeSeconds, [0, 20], 'Must be >= 0 and <= 20, if provided.');
    const wait = wanted.WaitTimeSeconds ?? setting(queue, 'ReceiveMessageWaitTimeSeconds');
    const taken = await take(call.world, queue, wanted, call.world.clock.now() + wait * 1000);
    return taken.length === 0 ? {} : { Messages: taken.map((message) => shown(message, wanted)) };
  },
});

async function take(world: World, queue: Queue, wanted: Input, until: number): Promise<readonly Message[]> {
  for (;;) {
    const found = receivable(world, queue, wanted.MaxNumberOfMessages);
    if (found.length > 0) return found.map((message) => receive(world, queue, message, wanted.VisibilityTimeout));
    if (world.clock.now() >= until) return [];
    const appears = queue.messages.map(({ visibleAt }) => visibleAt);
    await changeIn(world, queue.arn, Math.min(until, ...appears));
  }
}

function receive(world: World, queue: Queue, message: Message, visibilityTimeout: number | undefined): Message {
  const now = world.clock.now();
  message.visibleAt = now + (visibilityTimeout ?? setting(queue, 'VisibilityTimeout')) * 1000;
  message.receiveCount += 1;
  message.firstReceivedAt ??= now;
  message.receivedAt = now;
  message.receipt = Buffer.from(`${message.id} ${world.chance.uuid()}`).toString('base64');
  changed(world, queue);
  return { ...message };
}

function shown(message: Message, wanted: Input) {
  const attributes = chosen(message.attributes, wanted.MessageAttributeNames ?? []);
  const system = chosen(systemAttributes(message), [
    ...(wanted.AttributeNames ?? []),
    ...(wanted.MessageSystemAttributeNames ?? []),
  ]);
  return {
    MessageId: message.id,
    ReceiptHandle: message.receipt,
    MD5OfBody: md5(message.body),
    Body: message.body,
    ...(Object.keys(system).length === 0 ? {} : { Attributes: system }),
    ...(Object.keys(attributes).length === 0
      ? {}
      : {
          MessageAttributes: attributes,
          MD5OfMessageAttributes: attributesMd5(attributes),
        }),
  };
}

/** `All`, `.*`, `prefix.*` or names. */
const chosen = <Value>(all: Readonly<Record<string, Value>>, names: readonly string[]): Record<string, Value> =>
  Object.fromEntries(
    Object.entries(all).filter(([name]) =>
      names.some(
        (wanted) =>
          wanted === 'All' ||
          wanted === '.*' ||
          wanted === name ||
          (wanted.endsWith('.*') && name.startsWith(wanted.slice(0, -2))),
      ),
    ),
  );

function systemAttributes(message: Message): Record<string, string> {
  const optional = {
    MessageGroupId: message.groupId,
    MessageDeduplicationId: message.deduplicationId,
    SequenceNumber: message.sequence,
    AWSTraceHeader: message.traceHeader,
    DeadLetterQueueSourceArn: message.movedFrom,
  };
  return {
    SenderId: message.senderId,
    SentTimestamp: String(Math.floor(message.sentAt)),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(Math.floor(message.firstReceivedAt ?? message.sentAt)),
    ...(Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)) as Record<
      string,
      string
    >),
  };
}
