import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { groupArn, makeGroup, removeGroup, requireGroup, scheduleName } from './schedules.ts';
import { type ScheduleGroup, scheduleGroups } from './tables.ts';

const tagList = z.array(z.object({ Key: z.string().min(1).max(128), Value: z.string().max(256) })).max(200);
const asMap = (tags: z.output<typeof tagList>) => Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));

/** Creates a group of schedules. Throws ConflictException. */
export const createScheduleGroup = operation({
  http: { method: 'POST', path: '/schedule-groups/{Name}' },
  input: z.object({ Name: scheduleName, Tags: tagList.default([]), ClientToken: z.string().optional() }),
  access: ({ Name }, call) => [{ action: 'scheduler:CreateScheduleGroup', resource: groupArn(call, Name) }],
  run: ({ Name, Tags }, call) => {
    if (Name === 'default' || call.world.store.in(scheduleGroups).has(groupArn(call, Name)))
      throw new AwsError('ConflictException', `Schedule group ${Name} already exists.`, 409);
    return { ScheduleGroupArn: makeGroup(call.world, call, Name, asMap(Tags)).arn };
  },
});

/** Deletes a group with its schedules. The group `default` stays. */
export const deleteScheduleGroup = operation({
  simplified: 'The schedules are gone at once, and not within some minutes while the group is DELETING.',
  http: { method: 'DELETE', path: '/schedule-groups/{Name}', query: { clientToken: 'ClientToken' } },
  input: z.object({ Name: scheduleName, ClientToken: z.string().optional() }),
  access: ({ Name }, call) => [{ action: 'scheduler:DeleteScheduleGroup', resource: groupArn(call, Name) }],
  run: ({ Name }, call) => {
    requireGroup(call.world, call, Name);
    if (Name === 'default') throw new AwsError('ValidationException', 'Default schedule group cannot be deleted.');
    removeGroup(call.world, call, Name);
    return {};
  },
});

/** The group of an ARN; schedules themselves have no tags. Throws ResourceNotFoundException. */
function requireTagged(world: World, arn: string): ScheduleGroup {
  const [, , service, region = '', account = '', path = ''] = arn.split(':');
  const name = /^schedule-group\/([\w.-]{1,64})$/.exec(path)?.[1];
  if (service !== 'scheduler' || name === undefined)
    throw new AwsError('ValidationException', `Resource ${arn} is not the ARN of a schedule group.`);
  return requireGroup(world, { account, region }, name);
}

const access = (action: string) => (input: { readonly ResourceArn: string }) => [
  { action: `scheduler:${action}`, resource: input.ResourceArn },
];

/** Adds tags to a group. */
export const tagResource = operation({
  http: { method: 'POST', path: '/tags/{ResourceArn}' },
  input: z.object({ ResourceArn: z.string(), Tags: tagList }),
  access: access('TagResource'),
  run: ({ ResourceArn, Tags }, { world }) => {
    const group = requireTagged(world, ResourceArn);
    world.store.in(scheduleGroups).put(group.arn, { ...group, tags: { ...group.tags, ...asMap(Tags) } });
    return {};
  },
});

/** Takes tags from a group. */
export const untagResource = operation({
  http: { method: 'DELETE', path: '/tags/{ResourceArn}', query: { TagKeys: 'TagKeys' } },
  input: z.object({
    ResourceArn: z.string(),
    TagKeys: z.union([z.array(z.string()), z.string().transform((key) => [key])]),
  }),
  access: access('UntagResource'),
  run: ({ ResourceArn, TagKeys }, { world }) => {
    const group = requireTagged(world, ResourceArn);
    const left = Object.entries(group.tags).filter(([key]) => !TagKeys.includes(key));
    world.store.in(scheduleGroups).put(group.arn, { ...group, tags: Object.fromEntries(left) });
    return {};
  },
});

/** The tags of a group. */
export const listTagsForResource = operation({
  http: { method: 'GET', path: '/tags/{ResourceArn}' },
  input: z.object({ ResourceArn: z.string() }),
  access: access('ListTagsForResource'),
  run: ({ ResourceArn }, { world }) => ({
    Tags: Object.entries(requireTagged(world, ResourceArn).tags).map(([Key, Value]) => ({ Key, Value })),
  }),
});
