import { z } from 'zod';
import { operation } from '../../world/service.ts';
import { pageLimit, pageOf } from '../page.ts';
import { requireRule, ruleAccess } from './rules.ts';

/** The targets of a rule. */
export const listTargetsByRule = operation({
  input: z.object({
    Rule: z.string(),
    EventBusName: z.string().optional(),
    NextToken: z.string().optional(),
    Limit: pageLimit,
  }),
  access: ({ Rule, EventBusName }, call) => [ruleAccess(call.world, call, 'ListTargetsByRule', EventBusName, Rule)],
  run: ({ Rule, EventBusName, NextToken, Limit }, call) => {
    const page = pageOf(requireRule(call.world, call, EventBusName, Rule).targets, NextToken, Limit);
    return { Targets: page.items, NextToken: page.next };
  },
});
