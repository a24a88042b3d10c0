import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { flag } from '../../world/properties.ts';
import { operation } from '../../world/service.ts';
import { pageOf } from '../page.ts';
import { existing } from './existing.ts';
import { stackAccess } from './stack-input.ts';
import type { Stack, StackEvent } from './tables.ts';

const pageSize = 100;

const shown = (stack: Stack, event: StackEvent) => ({
  StackId: stack.id,
  EventId: event.id,
  LogicalResourceId: event.logicalId,
  PhysicalResourceId: event.physicalId,
  ResourceType: event.type,
  Timestamp: new Date(event.at),
  ResourceStatus: event.status,
  ResourceStatusReason: event.reason,
  ClientRequestToken: event.clientToken,
});

/** A stack's history, newest first. */
export const describeStackEvents = operation({
  input: z.object({ StackName: z.string(), NextToken: z.string().optional() }),
  access: ({ StackName }, call) => stackAccess('DescribeStackEvents', StackName, call),
  run: ({ StackName, NextToken }, call) => {
    const stack = existing(call, StackName);
    const { items, next } = pageOf([...stack.events].reverse(), NextToken, pageSize, 'ValidationError');
    return {
      StackEvents: items.map((event) => ({ ...shown(stack, event), StackName: stack.name })),
      ...(next === undefined ? {} : { NextToken: next }),
    };
  },
});

/** The same in the newer form, of which failures can be asked for alone. */
export const describeEvents = operation({
  simplified: 'Events are those of stacks; they have no operation ids, and change sets have none.',
  input: z.object({
    StackName: z.string().optional(),
    ChangeSetName: z.string().optional(),
    OperationId: z.string().optional(),
    Filters: z.object({ FailedEvents: flag.optional() }).optional(),
    NextToken: z.string().optional(),
  }),
  access: ({ StackName = '*' }, call) => stackAccess('DescribeEvents', StackName, call),
  run: ({ StackName, ChangeSetName, OperationId, Filters, NextToken }, call) => {
    if (ChangeSetName !== undefined || OperationId !== undefined)
      throw new AwsError(
        'ValidationError',
        'events of change sets and of single operations are not played by the local cloud; ask by StackName',
      );
    if (StackName === undefined) throw new AwsError('ValidationError', 'StackName is required');
    const stack = existing(call, StackName);
    const wanted = stack.events.filter(({ status }) => Filters?.FailedEvents !== true || status.endsWith('FAILED'));
    const { items, next } = pageOf(wanted.reverse(), NextToken, pageSize, 'ValidationError');
    return {
      OperationEvents: items.map((event) => ({ ...shown(stack, event), EventType: 'STACK_EVENT' })),
      ...(next === undefined ? {} : { NextToken: next }),
    };
  },
});
