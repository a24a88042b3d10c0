import { z } from 'zod';
import { operation } from '../../world/service.ts';
import { queueAccess, requireQueue } from './queues.ts';
import { invalidParameter } from './refusal.ts';
import { queues } from './tables.ts';

const mostTags = 50;

/** The tags of a queue. */
export const listQueueTags = operation({
  input: z.object({ QueueUrl: z.string() }),
  access: ({ QueueUrl }, call) => [queueAccess(call.world, 'ListQueueTags', QueueUrl, call)],
  run: ({ QueueUrl }, call) => {
    const { tags } = requireQueue(call.world, QueueUrl, call);
    return Object.keys(tags).length === 0 ? {} : { Tags: tags };
  },
});

/** Adds tags, up to 50. */
export const tagQueue = operation({
  input: z.object({ QueueUrl: z.string(), Tags: z.record(z.string(), z.string()) }),
  access: ({ QueueUrl }, call) => [queueAccess(call.world, 'TagQueue', QueueUrl, call)],
  run: ({ QueueUrl, Tags }, call) => {
    const queue = requireQueue(call.world, QueueUrl, call);
    const tags = { ...queue.tags, ...Tags };
    if (Object.keys(tags).length > mostTags)
      throw invalidParameter(`Too many tags added for queue ${queue.name}. Maximum number of tags is ${mostTags}.`);
    call.world.store.in(queues).put(queue.arn, { ...queue, tags });
    return {};
  },
});

/** Takes tags away; those that are not there are no error. */
export const untagQueue = operation({
  input: z.object({ QueueUrl: z.string(), TagKeys: z.array(z.string()) }),
  access: ({ QueueUrl }, call) => [queueAccess(call.world, 'UntagQueue', QueueUrl, call)],
  run: ({ QueueUrl, TagKeys }, call) => {
    const { arn } = requireQueue(call.world, QueueUrl, call);
    call.world.store.in(queues).update(arn, (queue) => ({
      ...queue,
      tags: Object.fromEntries(Object.entries(queue.tags).filter(([key]) => !TagKeys.includes(key))),
    }));
    return {};
  },
});
