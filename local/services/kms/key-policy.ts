import { z } from 'zod';
import { parsePolicy } from '../../../languages/iam-policy/parse.ts';
import { Fault } from '../../../shared/fault.ts';
import { AwsError } from '../../world/failure.ts';
import { type Call, operation } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { roles, users } from '../iam/tables.ts';
import { anyKey, keyAccess } from './access.ts';
import { paged, part } from './paging.ts';
import type { Key } from './tables.ts';

const malformed = (text: string) => new AwsError('MalformedPolicyDocumentException', text);

/** The policy KMS gives a key that is made without one: the account's IAM decides. */
export const accountPolicy = (account: string) => ({
  Version: '2012-10-17',
  Id: 'key-default-1',
  Statement: [
    {
      Sid: 'Enable IAM User Permissions',
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${account}:root` },
      Action: 'kms:*',
      Resource: '*',
    },
  ],
});

/** Reads a key policy that came as text. Throws MalformedPolicyDocumentException. */
export function readKeyPolicy(world: World, text: string): unknown {
  checkKeyPolicy(world, text);
  return JSON.parse(text);
}

/** Refuses a policy that is malformed, or names a role or user that does not exist (facts 4.5). */
export function checkKeyPolicy(world: World, document: unknown): void {
  const { statements } = parsed(document);
  for (const name of statements.flatMap(({ principals }) => principals?.aws ?? [])) {
    const exists =
      !/^arn:aws:iam::\d{12}:(user|role)\//.test(name) ||
      world.store.in(roles).has(name) ||
      world.store.in(users).has(name);
    if (!exists) throw malformed('Policy contains a statement with one or more invalid principals.');
  }
}

function parsed(document: unknown) {
  try {
    return parsePolicy(document, 'resource');
  } catch (error) {
    if (error instanceof Fault) throw malformed(error.message);
    throw error;
  }
}

/** Refuses a policy under which the caller could not change the policy again. Source: the KMS API's PutKeyPolicy. */
export function checkLockout(call: Call, key: Key): void {
  const { allowed } = call.world.judge(call.world, call.caller, keyAccess(call.world, 'PutKeyPolicy', key), call);
  if (!allowed) throw malformed('The new key policy will not allow you to update the key policy in the future.');
}

/** A key's policy, as it was put. */
export const getKeyPolicy = operation({
  input: z.object({ KeyId: z.string(), PolicyName: z.string().default('default') }),
  access: ({ KeyId }, call) => [keyAccess(call.world, 'GetKeyPolicy', anyKey(call.world, KeyId, call))],
  run: ({ KeyId, PolicyName }, call) => {
    const { policy, policyText } = anyKey(call.world, KeyId, call);
    if (PolicyName !== 'default') throw new AwsError('NotFoundException', 'No such policy exists');
    return { Policy: policyText ?? JSON.stringify(policy), PolicyName };
  },
});

/** Every key has one policy. */
export const listKeyPolicies = operation({
  input: z.object({ KeyId: z.string(), ...paged }),
  access: ({ KeyId }, call) => [keyAccess(call.world, 'ListKeyPolicies', anyKey(call.world, KeyId, call))],
  run: (page) => part('PolicyNames', ['default'], page),
});
