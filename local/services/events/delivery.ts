import type { ServicePrincipal } from '../../world/principal.ts';
import type { BusEvent, Rule, Target } from './tables.ts';

/** One event on its way to one target of a rule that matched. */
export interface Delivery {
  readonly rule: Rule;
  readonly target: Target;
  readonly event: BusEvent;
  /** ARNs of the buses from which rules have forwarded the event. */
  readonly path: readonly string[];
  /** The journal entry of the match. */
  readonly cause: string;
}

/** EventBridge acting for a rule: what resource policies see. */
export const asRule = (rule: Rule): ServicePrincipal => ({
  type: 'service',
  service: 'events.amazonaws.com',
  sourceArn: rule.arn,
  sourceAccount: rule.account,
});

/** Account and region of an ARN that names them. */
export function placeOf(arn: string): { readonly account: string; readonly region: string } {
  const [, , , region = '', account = ''] = arn.split(':');
  return { account, region };
}
