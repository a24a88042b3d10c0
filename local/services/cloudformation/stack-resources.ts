import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { type Call, operation } from '../../world/service.ts';
import { pageOf } from '../page.ts';
import { existing } from './existing.ts';
import { stackAccess } from './stack-input.ts';
import { type Stack, type StackResource, stacks } from './tables.ts';

const pageSize = 100;

/** Members that all three operations show. */
function shown(stack: Stack, { logicalId, physicalId, type }: StackResource) {
  const last = stack.events.findLast((event) => event.logicalId === logicalId && event.type === type);
  return {
    LogicalResourceId: logicalId,
    PhysicalResourceId: physicalId,
    ResourceType: type,
    ResourceStatus: last?.status ?? 'CREATE_COMPLETE',
    ResourceStatusReason: last?.reason,
    at: new Date(last?.at ?? stack.updatedAt ?? stack.createdAt),
    DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' },
  };
}

/** What a stack holds, at most 100 resources; or the resource of one logical id. A physical id finds the stack that holds it. */
export const describeStackResources = operation({
  input: z.object({
    StackName: z.string().optional(),
    LogicalResourceId: z.string().optional(),
    PhysicalResourceId: z.string().optional(),
  }),
  access: ({ StackName = '*' }, call) => stackAccess('DescribeStackResources', StackName, call),
  run: ({ StackName, LogicalResourceId, PhysicalResourceId }, call) => {
    const stack =
      PhysicalResourceId === undefined ? existing(call, StackName ?? '') : holding(call, PhysicalResourceId);
    const wanted = stack.resources.filter(({ logicalId }) => logicalId === (LogicalResourceId ?? logicalId));
    return {
      StackResources: wanted.slice(0, pageSize).map((resource) => {
        const { at, ...members } = shown(stack, resource);
        return { StackId: stack.id, StackName: stack.name, ...members, Timestamp: at };
      }),
    };
  },
});

function holding({ world, account, region }: Call, id: string): Stack {
  const mine = world.store.in(stacks).where((stack) => stack.account === account && stack.region === region);
  const found = mine.find(({ resources }) => resources.some(({ physicalId }) => physicalId === id));
  if (found === undefined) throw new AwsError('ValidationError', `Stack for ${id} does not exist`);
  return found;
}

/** One resource of a stack. Throws ValidationError when there is none of that logical id. */
export const describeStackResource = operation({
  input: z.object({ StackName: z.string(), LogicalResourceId: z.string() }),
  access: ({ StackName }, call) => stackAccess('DescribeStackResource', StackName, call),
  run: ({ StackName, LogicalResourceId }, call) => {
    const stack = existing(call, StackName);
    const found = stack.resources.find(({ logicalId }) => logicalId === LogicalResourceId);
    if (found === undefined)
      throw new AwsError('ValidationError', `Resource ${LogicalResourceId} does not exist for stack ${stack.name}`);
    const { at, ...members } = shown(stack, found);
    const detail = { StackId: stack.id, StackName: stack.name, ...members, LastUpdatedTimestamp: at };
    return { StackResourceDetail: detail };
  },
});

/** What a stack holds, a page at a time. */
export const listStackResources = operation({
  input: z.object({ StackName: z.string(), NextToken: z.string().optional() }),
  access: ({ StackName }, call) => stackAccess('ListStackResources', StackName, call),
  run: ({ StackName, NextToken }, call) => {
    const stack = existing(call, StackName);
    const { items, next } = pageOf(stack.resources, NextToken, pageSize, 'ValidationError');
    return {
      StackResourceSummaries: items.map((resource) => {
        const { at, ...members } = shown(stack, resource);
        return { ...members, LastUpdatedTimestamp: at };
      }),
      ...(next === undefined ? {} : { NextToken: next }),
    };
  },
});
