import { z } from 'zod';
import { operation } from '../../world/service.ts';
import { deleteRuleByArn, ruleAccess, ruleArn } from './rules.ts';

/** Deletes a rule without targets; one that is not there is no error. */
export const deleteRule = operation({
  input: z.object({ Name: z.string(), EventBusName: z.string().optional(), Force: z.boolean().optional() }),
  access: ({ Name, EventBusName }, call) => [ruleAccess(call.world, call, 'DeleteRule', EventBusName, Name)],
  run: ({ Name, EventBusName }, call) => {
    deleteRuleByArn(call.world, ruleArn(call, EventBusName, Name));
    return {};
  },
});
