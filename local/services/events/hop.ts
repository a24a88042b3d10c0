import type { Delivery } from './delivery.ts';
import { placeOf } from './delivery.ts';
import { DeliveryFailure } from './delivery-failure.ts';

/**
 * What a rule has forwarded to a bus, no rule forwards to a third one. AWS says so of three accounts and of three buses in one account;
 * where two accounts are mixed with three buses only its general sentence applies, and it is refused here too. Source: facts 2.5.
 */
export function refuseThirdBus({ rule, target, path }: Delivery): void {
  const from = path.at(-1);
  if (from === undefined) return;
  const regions = new Set([from, rule.busArn, target.Arn].map((arn) => placeOf(arn).region));
  throw new DeliveryFailure(
    regions.size > 2 ? 'THIRD_REGION_HOP_DETECTED' : 'THIRD_ACCOUNT_HOP_DETECTED',
    `The event reached ${rule.busArn} from ${from} by a rule, so no rule forwards it to a third bus: publish a new event with PutEvents instead`,
  );
}
