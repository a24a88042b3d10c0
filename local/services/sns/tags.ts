import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { type Access, operation } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { type Topic, topics } from './tables.ts';
import { topicAccess } from './topics.ts';

const mostTags = 50;

function requireTagged(world: World, arn: string): Topic {
  const topic = world.store.in(topics).get(arn);
  if (topic === undefined) throw new AwsError('ResourceNotFound', 'Resource does not exist', 404);
  return topic;
}

const access = (action: string, world: World, arn: string): readonly Access[] => [
  topicAccess(world, action, requireTagged(world, arn).arn),
];

/** Adds tags to a topic. Throws TagLimitExceeded. */
export const tagResource = operation({
  input: z.object({ ResourceArn: z.string(), Tags: z.array(z.object({ Key: z.string(), Value: z.string() })) }),
  access: ({ ResourceArn }, { world }) => access('TagResource', world, ResourceArn),
  run: ({ ResourceArn, Tags }, { world }) => {
    const topic = requireTagged(world, ResourceArn);
    const tags = { ...topic.tags, ...Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])) };
    if (new Set(Tags.map(({ Key }) => Key)).size < Tags.length)
      throw new AwsError('InvalidParameter', 'Invalid parameter: Duplicated keys are not allowed.');
    if (Object.keys(tags).length > mostTags)
      throw new AwsError('TagLimitExceeded', 'Could not complete request: tag quota of per resource exceeded');
    world.store.in(topics).put(topic.arn, { ...topic, tags });
    return {};
  },
});

/** Takes tags from a topic. */
export const untagResource = operation({
  input: z.object({ ResourceArn: z.string(), TagKeys: z.array(z.string()) }),
  access: ({ ResourceArn }, { world }) => access('UntagResource', world, ResourceArn),
  run: ({ ResourceArn, TagKeys }, { world }) => {
    const topic = requireTagged(world, ResourceArn);
    const left = Object.entries(topic.tags).filter(([key]) => !TagKeys.includes(key));
    world.store.in(topics).put(topic.arn, { ...topic, tags: Object.fromEntries(left) });
    return {};
  },
});

/** The tags of a topic. */
export const listTagsForResource = operation({
  input: z.object({ ResourceArn: z.string() }),
  access: ({ ResourceArn }, { world }) => access('ListTagsForResource', world, ResourceArn),
  run: ({ ResourceArn }, { world }) => ({
    Tags: Object.entries(requireTagged(world, ResourceArn).tags).map(([Key, Value]) => ({ Key, Value })),
  }),
});
