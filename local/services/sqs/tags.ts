import { z } from 'zod';
import { operation } from '../../world/service.ts';
import { queueAccess, requireQueue } from './queues.ts';
import { queues } from './tables.ts';

/** The tags of a queue. */
export const listQueueTags = operation({
  input: z.object({ QueueUrl: z.string() }),
  access: ({ QueueUrl }, call) => [queueAccess(call.world, 'ListQueueTags', QueueUrl, call)],
  run: ({ QueueUrl }, call) => ({ Tags: requireQueue(call.world, QueueUrl, call).tags }),
});

/** Adds tags. */
export const tagQueue = operation({
  input: z.object({ QueueUrl: z.string(), Tags: z.record(z.string(), z.string()) }),
  access: ({ QueueUrl }, call) => [queueAccess(call.world, 'TagQueue', QueueUrl, call)],
  run: ({ QueueUrl, Tags }, call) => {
    const { arn } = requireQueue(call.world, QueueUrl, call);
    call.world.store.in(queues).update(arn, (queue) => ({ ...queue, tags: { ...queue.tags, ...Tags } }));
    return {};
  },
});
