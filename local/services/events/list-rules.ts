import { z } from 'zod';
import { operation } from '../../world/service.ts';
import { pageLimit, pageOf } from '../page.ts';
import { rulesOf } from './arrive.ts';
import { requireBus } from './buses.ts';
import { shownRule } from './describe-rule.ts';
import { ruleAccess } from './rules.ts';

const paged = { EventBusName: z.string().optional(), NextToken: z.string().optional(), Limit: pageLimit };

/** The rules of a bus. */
export const listRules = operation({
  input: z.object({ NamePrefix: z.string().optional(), ...paged }),
  access: ({ EventBusName }, call) => [ruleAccess(call.world, call, 'ListRules', EventBusName, '*')],
  run: ({ NamePrefix = '', EventBusName, NextToken, Limit }, call) => {
    const rules = rulesOf(call.world, requireBus(call.world, call, EventBusName));
    const page = pageOf(
      rules.filter(({ name }) => name.startsWith(NamePrefix)),
      NextToken,
      Limit,
    );
    return { Rules: page.items.map(shownRule), NextToken: page.next };
  },
});

/** The names of the rules of a bus that have a certain target. */
export const listRuleNamesByTarget = operation({
  input: z.object({ TargetArn: z.string(), ...paged }),
  access: ({ EventBusName }, call) => [ruleAccess(call.world, call, 'ListRuleNamesByTarget', EventBusName, '*')],
  run: ({ TargetArn, EventBusName, NextToken, Limit }, call) => {
    const rules = rulesOf(call.world, requireBus(call.world, call, EventBusName));
    const concerned = rules.filter(({ targets }) => targets.some(({ Arn }) => Arn === TargetArn));
    const page = pageOf(concerned, NextToken, Limit);
    return { RuleNames: page.items.map(({ name }) => name), NextToken: page.next };
  },
});
