import { z } from 'zod';
import { numeric } from '../../world/properties.ts';
import { operation } from '../../world/service.ts';
import { pageOf } from '../page.ts';
import { requireRule, ruleAccess } from './rules.ts';

/** The targets of a rule. */
export const listTargetsByRule = operation({
  input: z.object({
    Rule: z.string(),
    EventBusName: z.string().optional(),
    NextToken: z.string().optional(),
    Limit: numeric.optional(),
  }),
  access: ({ Rule, EventBusName }, call) => [ruleAccess(call.world, call, 'ListTargetsByRule', EventBusName, Rule)],
  run: ({ Rule, EventBusName, NextToken, Limit = 100 }, call) => {
    const page = pageOf(requireRule(call.world, call, EventBusName, Rule).targets, NextToken, Limit);
    return { Targets: page.items, NextToken: page.next };
  },
});
