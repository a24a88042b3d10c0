import { parsePolicy } from '../../../languages/iam-policy/parse.ts';
import { AwsError } from '../../world/failure.ts';
import type { World } from '../../world/world.ts';
import { roles, users } from './tables.ts';

/** Refuses a policy that is malformed or names a role or user that does not exist (facts 4.5). Account roots need not exist. */
export function checkTrust(world: World, document: unknown): void {
  const { statements } = parsePolicy(document, 'trust');
  for (const name of statements.flatMap((statement) => statement.principals?.aws ?? [])) {
    const exists =
      /^\d{12}$/.test(name) ||
      /:root$/.test(name) ||
      world.store.in(roles).has(name) ||
      world.store.in(users).has(name);
    if (!exists) throw new AwsError('MalformedPolicyDocument', `Invalid principal in policy: "AWS":"${name}"`);
  }
}
