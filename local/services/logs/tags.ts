import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { type Operation, operation, type Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { groupName, logAccess, requireGroup } from './access.ts';
import { groupKey } from './keep.ts';
import { logGroups } from './tables.ts';

const mostTags = 50;
const tagMap = z.record(z.string().min(1).max(128), z.string().max(256));

function addTags(world: World, place: Place, name: string, tags: Readonly<Record<string, string>>): void {
  const group = requireGroup(world, place, name);
  const all = { ...group.tags, ...tags };
  if (Object.keys(all).length > mostTags)
    throw new AwsError('TooManyTagsException', `The resource can have no more than ${mostTags} tags.`, 400, {
      resourceName: group.arn,
    });
  world.store.in(logGroups).put(groupKey(place, name), { ...group, tags: all });
}

function dropTags(world: World, place: Place, name: string, keys: readonly string[]): void {
  const group = requireGroup(world, place, name);
  const left = Object.entries(group.tags).filter(([key]) => !keys.includes(key));
  world.store.in(logGroups).put(groupKey(place, name), { ...group, tags: Object.fromEntries(left) });
}

/** Tagging by ARN, and by group name as older clients do. */
export const tagOperations: Readonly<Record<string, Operation>> = {
  ListTagsForResource: operation({
    input: z.object({ resourceArn: z.string() }),
    access: ({ resourceArn }, call) => [logAccess(call.world, 'ListTagsForResource', call, groupName(resourceArn))],
    run: ({ resourceArn }, call) => ({ tags: requireGroup(call.world, call, groupName(resourceArn)).tags }),
  }),
  ListTagsLogGroup: operation({
    input: z.object({ logGroupName: z.string() }),
    access: ({ logGroupName }, call) => [logAccess(call.world, 'ListTagsLogGroup', call, logGroupName)],
    run: ({ logGroupName }, call) => ({ tags: requireGroup(call.world, call, logGroupName).tags }),
  }),
  TagLogGroup: operation({
    input: z.object({ logGroupName: z.string(), tags: tagMap }),
    access: ({ logGroupName }, call) => [logAccess(call.world, 'TagLogGroup', call, logGroupName)],
    run: ({ logGroupName, tags }, call) => addTags(call.world, call, logGroupName, tags),
  }),
  TagResource: operation({
    input: z.object({ resourceArn: z.string(), tags: tagMap }),
    access: ({ resourceArn }, call) => [logAccess(call.world, 'TagResource', call, groupName(resourceArn))],
    run: ({ resourceArn, tags }, call) => addTags(call.world, call, groupName(resourceArn), tags),
  }),
  UntagLogGroup: operation({
    input: z.object({ logGroupName: z.string(), tags: z.array(z.string()) }),
    access: ({ logGroupName }, call) => [logAccess(call.world, 'UntagLogGroup', call, logGroupName)],
    run: ({ logGroupName, tags }, call) => dropTags(call.world, call, logGroupName, tags),
  }),
  UntagResource: operation({
    input: z.object({ resourceArn: z.string(), tagKeys: z.array(z.string()) }),
    access: ({ resourceArn }, call) => [logAccess(call.world, 'UntagResource', call, groupName(resourceArn))],
    run: ({ resourceArn, tagKeys }, call) => dropTags(call.world, call, groupName(resourceArn), tagKeys),
  }),
};
