import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import { requireRule, ruleAccess } from './rules.ts';
import { passedRoles, targetShape, writeTargets } from './targets.ts';

/** Adds or replaces targets of a rule. Only the bus's own account may name targets elsewhere (facts 2.6). */
export const putTargets = operation({
  input: z.object({
    Rule: z.string(),
    EventBusName: z.string().optional(),
    Targets: z.array(targetShape).min(1).max(100),
  }),
  access: ({ Rule, EventBusName, Targets }, call) => [
    ruleAccess(call.world, call, 'PutTargets', EventBusName, Rule),
    ...passedRoles(Targets),
  ],
  run: ({ Rule, EventBusName, Targets }, call) => {
    const rule = requireRule(call.world, call, EventBusName, Rule);
    if (rule.account !== call.account && Targets.some(({ RoleArn }) => RoleArn !== undefined))
      throw new AwsError(
        'ValidationException',
        'Targets with a role can be set only from the account of the event bus.',
      );
    writeTargets(call.world, rule, Targets);
    return { FailedEntryCount: 0, FailedEntries: [] };
  },
});
