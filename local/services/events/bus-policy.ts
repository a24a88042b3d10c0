import { parsePolicy } from '../../../languages/iam-policy/parse.ts';
import { Fault } from '../../../shared/fault.ts';
import { AwsError } from '../../world/failure.ts';
import type { World } from '../../world/world.ts';
import { type Bus, buses } from './tables.ts';

/** Quota. Source: facts 2.4. */
const longestPolicy = 10_240;

type Policy = NonNullable<Bus['policy']>;
type Statement = Policy['Statement'][number];

/** Puts a whole policy on a bus, or takes it off. Throws AWS's InvalidStateException or PolicyLengthExceededException. */
export function writeBusPolicy(world: World, arn: string, policy: Policy | undefined): void {
  if (policy !== undefined) checkPolicy(policy);
  world.store.in(buses).update(arn, (bus) => ({
    ...bus,
    modifiedAt: world.clock.now(),
    policy: policy?.Statement.length === 0 ? undefined : policy,
  }));
}

/** Puts one statement on a bus in place of the one with the same Sid. */
export function writeBusStatement(world: World, bus: Bus, statement: Statement): void {
  const others = (bus.policy?.Statement ?? []).filter(({ Sid }) => Sid !== statement['Sid']);
  writeBusPolicy(world, bus.arn, { Version: '2012-10-17', Statement: [...others, statement] });
}

/** Takes the statement with that Sid off a bus; answers whether there was one. */
export function removeBusStatement(world: World, bus: Bus, sid: string): boolean {
  const all = bus.policy?.Statement ?? [];
  const others = all.filter(({ Sid }) => Sid !== sid);
  writeBusPolicy(world, bus.arn, { Version: '2012-10-17', Statement: others });
  return others.length < all.length;
}

/** A document with one statement or a list of them, as a policy with a list. */
export function asPolicy(document: Readonly<Record<string, unknown>>): Policy {
  const statement = document['Statement'];
  const list = (Array.isArray(statement) ? statement : [statement]) as Statement[];
  return { Version: '2012-10-17', ...document, Statement: list };
}

function checkPolicy(policy: Policy): void {
  if (JSON.stringify(policy).length > longestPolicy)
    throw new AwsError(
      'PolicyLengthExceededException',
      `The policy of a bus must be at most ${longestPolicy} characters long; this one has ${JSON.stringify(policy).length}.`,
    );
  try {
    parsePolicy(policy);
  } catch (error) {
    if (error instanceof Fault) throw new AwsError('ValidationException', error.subject);
    throw error;
  }
}
