import { z } from 'zod';
import { type Call, operation } from '../../world/service.ts';
import { pageOf } from '../page.ts';
import { existing } from './existing.ts';
import { listOf, stackAccess } from './stack-input.ts';
import { type Stack, stacks } from './tables.ts';

const pageSize = 100;

const shown = (stack: Stack) => ({
  StackId: stack.id,
  StackName: stack.name,
  CreationTime: new Date(stack.createdAt),
  ...(stack.updatedAt === undefined ? {} : { LastUpdatedTime: new Date(stack.updatedAt) }),
  StackStatus: stack.status,
  ...(stack.statusReason === undefined ? {} : { StackStatusReason: stack.statusReason }),
  ...(stack.roleArn === undefined ? {} : { RoleARN: stack.roleArn }),
  DisableRollback: false,
  EnableTerminationProtection: stack.terminationProtected ?? false,
  ...(stack.template.description === undefined ? {} : { Description: stack.template.description }),
  NotificationARNs: [],
  RollbackConfiguration: {},
  DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
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
  input: z.object({ StackName: z.string().optional(), NextToken: z.string().optional() }),
  access: ({ StackName = '*' }, call) => stackAccess('DescribeStacks', StackName, call),
  run: ({ StackName, NextToken }, call) => {
    if (StackName !== undefined) return { Stacks: [shown(existing(call, StackName))] };
    const living = stacksOf(call).filter(({ status }) => status !== 'DELETE_COMPLETE');
    const { items, next } = pageOf(living, NextToken, pageSize, 'ValidationError');
    return { Stacks: items.map(shown), ...(next === undefined ? {} : { NextToken: next }) };
  },
});

const stacksOf = ({ world, account, region }: Call): readonly Stack[] =>
  world.store.in(stacks).where((stack) => stack.account === account && stack.region === region);

/** The stacks of the account and region, deleted ones included. */
export const listStacks = operation({
  input: z.object({ StackStatusFilter: listOf(z.string()).optional(), NextToken: z.string().optional() }),
  access: (_input, call) => stackAccess('ListStacks', '*', call),
  run: ({ StackStatusFilter, NextToken }, call) => {
    const wanted = stacksOf(call).filter(({ status }) => StackStatusFilter?.includes(status) ?? true);
    const { items, next } = pageOf(wanted, NextToken, pageSize, 'ValidationError');
    return {
      StackSummaries: items.map((stack) => ({
        StackId: stack.id,
        StackName: stack.name,
        TemplateDescription: stack.template.description,
        CreationTime: new Date(stack.createdAt),
        ...(stack.updatedAt === undefined ? {} : { LastUpdatedTime: new Date(stack.updatedAt) }),
        ...(stack.deletedAt === undefined ? {} : { DeletionTime: new Date(stack.deletedAt) }),
        StackStatus: stack.status,
        StackStatusReason: stack.statusReason,
      })),
      ...(next === undefined ? {} : { NextToken: next }),
    };
  },
});
