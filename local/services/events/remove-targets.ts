import { z } from 'zod';
import { operation } from '../../world/service.ts';
import { requireRule, ruleAccess } from './rules.ts';
import { rules } from './tables.ts';

/** Takes targets off a rule. */
export const removeTargets = operation({
  input: z.object({
    Rule: z.string(),
    EventBusName: z.string().optional(),
    Ids: z.array(z.string()).min(1).max(100),
    Force: z.boolean().optional(),
  }),
  access: ({ Rule, EventBusName }, call) => [ruleAccess(call.world, call, 'RemoveTargets', EventBusName, Rule)],
  run: ({ Rule, EventBusName, Ids }, call) => {
    const { arn, targets } = requireRule(call.world, call, EventBusName, Rule);
    const missing = Ids.filter((id) => !targets.some((target) => target.Id === id));
    call.world.store
      .in(rules)
      .update(arn, (rule) => ({ ...rule, targets: rule.targets.filter(({ Id }) => !Ids.includes(Id)) }));
    return {
      FailedEntryCount: missing.length,
      FailedEntries: missing.map((TargetId) => ({
        TargetId,
        ErrorCode: 'ResourceNotFoundException',
        ErrorMessage: `Rule ${Rule} does not have target(s) with Id(s) ${TargetId}.`,
      })),
    };
  },
});
