import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { type Alarm, alarms } from './tables.ts';

const mostTags = 50;

/** Tags as the API lists them. */
export const tagList = z.array(z.object({ Key: z.string().min(1).max(128), Value: z.string().max(256) }));

/** Listed tags as a map. */
export const tagMap = (tags: z.output<typeof tagList>): Record<string, string> =>
  Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));

function requireTagged(world: World, arn: string): Alarm {
  const alarm = world.store.in(alarms).get(arn);
  if (alarm === undefined)
    throw new AwsError('ResourceNotFoundException', `Resource ${arn} does not exist`, 404, {
      ResourceType: 'cloudwatch:alarm',
      ResourceId: arn,
    });
  return alarm;
}

const access = (action: string) => (input: { readonly ResourceARN: string }) => [
  { action: `cloudwatch:${action}`, resource: input.ResourceARN },
];

/** Adds tags to an alarm. */
export const tagResource = operation({
  input: z.object({ ResourceARN: z.string(), Tags: tagList }),
  access: access('TagResource'),
  run: ({ ResourceARN, Tags }, { world }) => {
    const alarm = requireTagged(world, ResourceARN);
    const tags = { ...alarm.tags, ...tagMap(Tags) };
    if (Object.keys(tags).length > mostTags)
      throw new AwsError('InvalidParameterValue', `A resource can have no more than ${mostTags} tags.`);
    world.store.in(alarms).put(alarm.arn, { ...alarm, tags });
    return {};
  },
});

/** Takes tags from an alarm. */
export const untagResource = operation({
  input: z.object({ ResourceARN: z.string(), TagKeys: z.array(z.string()) }),
  access: access('UntagResource'),
  run: ({ ResourceARN, TagKeys }, { world }) => {
    const alarm = requireTagged(world, ResourceARN);
    const left = Object.entries(alarm.tags).filter(([key]) => !TagKeys.includes(key));
    world.store.in(alarms).put(alarm.arn, { ...alarm, tags: Object.fromEntries(left) });
    return {};
  },
});

/** The tags of an alarm. */
export const listTagsForResource = operation({
  input: z.object({ ResourceARN: z.string() }),
  access: access('ListTagsForResource'),
  run: ({ ResourceARN }, { world }) => ({
    Tags: Object.entries(requireTagged(world, ResourceARN).tags).map(([Key, Value]) => ({ Key, Value })),
  }),
});
