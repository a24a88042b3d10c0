import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { forgetOld } from './keep.ts';
import { defaults, queueAccess, requireQueue } from './queues.ts';
import type { Queue } from './tables.ts';

/** Settings and counts of a queue. */
export const getQueueAttributes = operation({
  input: z.object({ QueueUrl: z.string(), AttributeNames: z.array(z.string()).optional() }),
  access: ({ QueueUrl }, call) => [queueAccess(call.world, 'GetQueueAttributes', QueueUrl, call)],
  run: ({ QueueUrl, AttributeNames = [] }, call) => {
    const queue = requireQueue(call.world, QueueUrl, call);
    const all = attributesOf(call.world, queue);
    const unknown = AttributeNames.find((name) => name !== 'All' && !known.has(name));
    if (unknown !== undefined) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
    const wanted = Object.entries(all).filter(
      ([name]) => AttributeNames.includes('All') || AttributeNames.includes(name),
    );
    return wanted.length === 0 ? {} : { Attributes: Object.fromEntries(wanted) };
  },
});

const known = new Set([
  ...Object.keys(defaults),
  ...['Policy', 'RedrivePolicy', 'RedriveAllowPolicy', 'KmsMasterKeyId', 'KmsDataKeyReusePeriodSeconds'],
  ...['SqsManagedSseEnabled', 'FifoQueue', 'ContentBasedDeduplication', 'DeduplicationScope', 'FifoThroughputLimit'],
  ...['QueueArn', 'CreatedTimestamp', 'LastModifiedTimestamp', 'ApproximateNumberOfMessages'],
  ...['ApproximateNumberOfMessagesNotVisible', 'ApproximateNumberOfMessagesDelayed'],
]);

function attributesOf(world: World, queue: Queue): Record<string, string> {
  forgetOld(world, queue);
  const now = world.clock.now();
  const hidden = queue.messages.filter(({ visibleAt }) => visibleAt > now);
  const delayed = hidden.filter(({ receiveCount }) => receiveCount === 0).length;
  return {
    ...defaults,
    ...(queue.settings['KmsMasterKeyId'] === undefined ? { SqsManagedSseEnabled: 'true' } : {}),
    ...queue.settings,
    QueueArn: queue.arn,
    CreatedTimestamp: String(Math.floor(queue.createdAt / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.modifiedAt / 1000)),
    ApproximateNumberOfMessages: String(queue.messages.length - hidden.length),
    ApproximateNumberOfMessagesNotVisible: String(hidden.length - delayed),
    ApproximateNumberOfMessagesDelayed: String(delayed),
  };
}
