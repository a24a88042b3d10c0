import { z } from 'zod';
import { type Operation, operation } from '../../world/service.ts';
import { requireRule, ruleAccess } from './rules.ts';
import { planSchedule } from './schedule.ts';
import { rules } from './tables.ts';

function switching(action: 'EnableRule' | 'DisableRule', state: 'ENABLED' | 'DISABLED'): Operation {
  return operation({
    input: z.object({ Name: z.string(), EventBusName: z.string().optional() }),
    access: ({ Name, EventBusName }, call) => [ruleAccess(call.world, call, action, EventBusName, Name)],
    run: ({ Name, EventBusName }, call) => {
      const { arn } = requireRule(call.world, call, EventBusName, Name);
      call.world.store.in(rules).update(arn, (rule) => ({ ...rule, state }));
      planSchedule(call.world, arn);
      return {};
    },
  });
}

/** Lets a rule match again. */
export const enableRule = switching('EnableRule', 'ENABLED');
/** Keeps a rule from matching. */
export const disableRule = switching('DisableRule', 'DISABLED');
