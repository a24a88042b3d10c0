import { z } from 'zod';
import { operation } from '../../world/service.ts';
import { requireRule, ruleAccess } from './rules.ts';
import type { Rule } from './tables.ts';

/** A rule as ListRules shows it. */
export const shownRule = (rule: Rule) => ({
  Name: rule.name,
  Arn: rule.arn,
  EventPattern: rule.patternText,
  ScheduleExpression: rule.scheduleExpression,
  State: rule.state,
  Description: rule.description,
  RoleArn: rule.roleArn,
  EventBusName: rule.busName,
});

/** One rule. */
export const describeRule = operation({
  input: z.object({ Name: z.string(), EventBusName: z.string().optional() }),
  access: ({ Name, EventBusName }, call) => [ruleAccess(call.world, call, 'DescribeRule', EventBusName, Name)],
  run: ({ Name, EventBusName }, call) => {
    const rule = requireRule(call.world, call, EventBusName, Name);
    return { ...shownRule(rule), CreatedBy: rule.createdBy };
  },
});
