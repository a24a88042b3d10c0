import { z } from 'zod';
import { operation } from '../../world/service.ts';
import { existing } from './change-stack.ts';
import { stackAccess } from './stack-input.ts';
import { type Stack, stacks } from './tables.ts';

const named = z.object({ StackName: z.string() });

const shown = (stack: Stack) => ({
  StackId: stack.id,
  StackName: stack.name,
  CreationTime: new Date(stack.createdAt),
  ...(stack.updatedAt === undefined ? {} : { LastUpdatedTime: new Date(stack.updatedAt) }),
  StackStatus: stack.status,
  ...(stack.statusReason === undefined ? {} : { StackStatusReason: stack.statusReason }),
  ...(stack.roleArn === undefined ? {} : { RoleARN: stack.roleArn }),
  DisableRollback: false,
  Parameters: Object.entries(stack.shownParameters).map(([ParameterKey, ParameterValue]) => ({
    ParameterKey,
    ParameterValue,
  })),
  Tags: Object.entries(stack.tags).map(([Key, Value]) => ({ Key, Value })),
  Outputs: Object.entries(stack.outputs).map(([OutputKey, { value, description, exportName }]) => ({
    OutputKey,
    OutputValue: value,
    Description: description,
    ExportName: exportName,
  })),
});

/** One stack, or all of the account and region. */
export const describeStacks = operation({
  input: z.object({ StackName: z.string().optional() }),
  access: ({ StackName = '*' }, call) => stackAccess('DescribeStacks', StackName, call),
  run: ({ StackName }, call) => ({
    Stacks:
      StackName === undefined
        ? call.world.store
            .in(stacks)
            .where(
              ({ account, region, status }) =>
                account === call.account && region === call.region && status !== 'DELETE_COMPLETE',
            )
            .map(shown)
        : [shown(existing(call, StackName))],
  }),
});

/** The stacks of the account and region, deleted ones included. */
export const listStacks = operation({
  input: z.object({ StackStatusFilter: z.array(z.string()).optional() }),
  access: (_input, call) => stackAccess('ListStacks', '*', call),
  run: ({ StackStatusFilter }, call) => ({
    StackSummaries: call.world.store
      .in(stacks)
      .where(
        ({ account, region, status }) =>
          account === call.account && region === call.region && (StackStatusFilter?.includes(status) ?? true),
      )
      .map((stack) => ({
        StackId: stack.id,
        StackName: stack.name,
        CreationTime: new Date(stack.createdAt),
        StackStatus: stack.status,
      })),
  }),
});

/** A stack's history, newest first. */
export const describeStackEvents = operation({
  input: named,
  access: ({ StackName }, call) => stackAccess('DescribeStackEvents', StackName, call),
  run: ({ StackName }, call) => {
    const stack = existing(call, StackName);
    return {
      StackEvents: [...stack.events].reverse().map((event) => ({
        StackId: stack.id,
        StackName: stack.name,
        EventId: event.id,
        LogicalResourceId: event.logicalId,
        PhysicalResourceId: event.physicalId,
        ResourceType: event.type,
        Timestamp: new Date(event.at),
        ResourceStatus: event.status,
        ResourceStatusReason: event.reason,
      })),
    };
  },
});

/** What a stack holds. */
export const describeStackResources = operation({
  input: named,
  access: ({ StackName }, call) => stackAccess('DescribeStackResources', StackName, call),
  run: ({ StackName }, call) => {
    const stack = existing(call, StackName);
    return {
      StackResources: stack.resources.map(({ logicalId, physicalId, type }) => ({
        StackId: stack.id,
        StackName: stack.name,
        LogicalResourceId: logicalId,
        PhysicalResourceId: physicalId,
        ResourceType: type,
        Timestamp: new Date(stack.updatedAt ?? stack.createdAt),
        ResourceStatus: 'CREATE_COMPLETE',
      })),
    };
  },
});

/** A stack's template as it was deployed. */
export const getTemplate = operation({
  input: named,
  access: ({ StackName }, call) => stackAccess('GetTemplate', StackName, call),
  run: ({ StackName }, call) => ({
    TemplateBody: JSON.stringify(existing(call, StackName).template.source, null, 2),
    StagesAvailable: ['Original', 'Processed'],
  }),
});
