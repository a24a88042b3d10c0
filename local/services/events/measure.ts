import type { World } from '../../world/world.ts';
import { putMetric } from '../cloudwatch/metrics.ts';
import type { Rule } from './tables.ts';

/** Counts one in AWS/Events for a rule. A custom bus's rules carry the bus's name too. Source: the monitoring page of the guide. */
export function measureRule(world: World, rule: Rule, name: RuleMetric): void {
  putMetric(world, rule, {
    namespace: 'AWS/Events',
    name,
    dimensions: { RuleName: rule.name, ...(rule.busName === 'default' ? {} : { EventBusName: rule.busName }) },
    value: 1,
    unit: 'Count',
  });
}

type RuleMetric =
  | 'MatchedEvents'
  | 'TriggeredRules'
  | 'Invocations'
  | 'FailedInvocations'
  | 'InvocationAttempts'
  | 'RetryInvocationAttempts'
  | 'SuccessfulInvocationAttempts'
  | 'InvocationsSentToDlq'
  | 'InvocationsFailedToBeSentToDlq';
