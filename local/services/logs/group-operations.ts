import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { numeric } from '../../world/properties.ts';
import { operation, type Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { pageOf } from '../page.ts';
import { logAccess, requireGroup } from './access.ts';
import { ensureGroup, forgetExpired, groupKey, streamsOf } from './keep.ts';
import { filtersOf, removeFilter } from './metric-filters.ts';
import { type LogGroup, logGroups, logStreams } from './tables.ts';

/** The names that AWS takes for groups. */
export const groupNameShape = z
  .string()
  .regex(/^[\w./#-]{1,512}$/, 'must be 1 to 512 characters of [\\.\\-_/#A-Za-z0-9]');

/** The retention times that AWS knows, in days. */
const retentions = new Set([
  ...[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
]);

/** A retention as AWS takes it. */
export const retention = numeric.refine(
  (days) => retentions.has(days),
  `must be one of ${[...retentions].join(', ')} days`,
);

/** Deletes a group with its streams. */
export function removeGroup(world: World, place: Place, name: string): void {
  for (const stream of streamsOf(world, place, name))
    world.store.in(logStreams).delete(`${groupKey(place, name)}\n${stream.name}`);
  for (const filter of filtersOf(world, place, name)) removeFilter(world, place, name, filter.name);
  world.store.in(logGroups).delete(groupKey(place, name));
}

/** Creates a group. */
export const createLogGroup = operation({
  input: z.object({
    logGroupName: groupNameShape,
    kmsKeyId: z.string().optional(),
    logGroupClass: z.enum(['STANDARD', 'INFREQUENT_ACCESS', 'DELIVERY']).default('STANDARD'),
    tags: z.record(z.string(), z.string()).default({}),
  }),
  access: ({ logGroupName }, call) => [logAccess(call.world, 'CreateLogGroup', call, logGroupName)],
  run: ({ logGroupName, kmsKeyId, logGroupClass, tags }, call) => {
    if (call.world.store.in(logGroups).has(groupKey(call, logGroupName)))
      throw new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists');
    const group = ensureGroup(call.world, call, logGroupName);
    const wanted = { ...group, groupClass: logGroupClass, tags, ...(kmsKeyId === undefined ? {} : { kmsKeyId }) };
    call.world.store.in(logGroups).put(groupKey(call, logGroupName), wanted);
    return {};
  },
});

/** Deletes a group. */
export const deleteLogGroup = operation({
  input: z.object({ logGroupName: groupNameShape }),
  access: ({ logGroupName }, call) => [logAccess(call.world, 'DeleteLogGroup', call, logGroupName)],
  run: ({ logGroupName }, call) => {
    requireGroup(call.world, call, logGroupName);
    removeGroup(call.world, call, logGroupName);
    return {};
  },
});

/** Sets how long a group keeps its lines. */
export const putRetentionPolicy = operation({
  input: z.object({ logGroupName: groupNameShape, retentionInDays: retention }),
  access: ({ logGroupName }, call) => [logAccess(call.world, 'PutRetentionPolicy', call, logGroupName)],
  run: ({ logGroupName, retentionInDays }, call) => {
    const group = requireGroup(call.world, call, logGroupName);
    const changed = { ...group, retentionDays: retentionInDays };
    call.world.store.in(logGroups).put(groupKey(call, logGroupName), changed);
    return {};
  },
});

/** Lets a group keep its lines forever. */
export const deleteRetentionPolicy = operation({
  input: z.object({ logGroupName: groupNameShape }),
  access: ({ logGroupName }, call) => [logAccess(call.world, 'DeleteRetentionPolicy', call, logGroupName)],
  run: ({ logGroupName }, call) => {
    const group = requireGroup(call.world, call, logGroupName);
    call.world.store.in(logGroups).put(groupKey(call, logGroupName), { ...group, retentionDays: undefined });
    return {};
  },
});

function shownGroup(world: World, group: LogGroup) {
  forgetExpired(world, group, group.name);
  return {
    logGroupName: group.name,
    arn: group.arn,
    logGroupArn: group.arn.replace(/:\*$/, ''),
    creationTime: Math.floor(group.createdAt),
    retentionInDays: group.retentionDays,
    kmsKeyId: group.kmsKeyId,
    metricFilterCount: filtersOf(world, group, group.name).length,
    logGroupClass: group.groupClass,
    storedBytes: streamsOf(world, group, group.name).reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/** The groups of an account and region. */
export const describeLogGroups = operation({
  input: z.object({
    logGroupNamePrefix: z.string().optional(),
    logGroupNamePattern: z.string().optional(),
    nextToken: z.string().optional(),
    limit: numeric.pipe(z.number().int().min(1).max(50)).default(50),
  }),
  access: (_input, call) => [logAccess(call.world, 'DescribeLogGroups', call, '')],
  run: ({ logGroupNamePrefix = '', logGroupNamePattern = '', nextToken, limit }, { world, account, region }) => {
    const found = world.store
      .in(logGroups)
      .where((group) => group.account === account && group.region === region)
      .filter(({ name }) => name.startsWith(logGroupNamePrefix) && name.includes(logGroupNamePattern))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const page = pageOf(found, nextToken, limit, 'InvalidParameterException');
    return { logGroups: page.items.map((group) => shownGroup(world, group)), nextToken: page.next };
  },
});
