import { z } from 'zod';
import { operation } from '../../world/service.ts';
import { passRole } from '../iam/pass-role.ts';
import { resolveBusArn } from './buses.ts';
import { ruleAccess, writeRule } from './rules.ts';

/** The names that AWS takes for rules. */
export const ruleName = z.string().regex(/^[\w.-]{1,64}$/, 'must be 1 to 64 characters of [\\.\\-_A-Za-z0-9]');

/** The states of a rule. */
export const ruleState = z.enum(['ENABLED', 'DISABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS']);

/** Creates or replaces a rule; what is left out is gone. */
export const putRule = operation({
  input: z.object({
    Name: ruleName,
    EventBusName: z.string().optional(),
    EventPattern: z.string().max(4096).optional(),
    ScheduleExpression: z.string().max(256).optional(),
    Description: z.string().max(512).optional(),
    State: ruleState.optional(),
    RoleArn: z.string().optional(),
    Tags: z.array(z.object({ Key: z.string(), Value: z.string() })).optional(),
  }),
  access: ({ Name, EventBusName, RoleArn }, call) => [
    ruleAccess(call.world, call, 'PutRule', EventBusName, Name),
    ...(RoleArn === undefined ? [] : [passRole(RoleArn, 'events.amazonaws.com')]),
  ],
  run: (input, call) => ({
    RuleArn: writeRule(call.world, call, {
      name: input.Name,
      createdBy: call.account,
      bus: resolveBusArn(call, input.EventBusName),
      tags: Object.fromEntries((input.Tags ?? []).map(({ Key, Value }) => [Key, Value])),
      ...(input.EventPattern === undefined ? {} : { pattern: input.EventPattern }),
      ...(input.ScheduleExpression === undefined ? {} : { scheduleExpression: input.ScheduleExpression }),
      ...(input.Description === undefined ? {} : { description: input.Description }),
      ...(input.State === undefined ? {} : { state: input.State }),
      ...(input.RoleArn === undefined ? {} : { roleArn: input.RoleArn }),
    }).arn,
  }),
});
