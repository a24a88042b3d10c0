import { administrator } from '../../local/accounts.ts';
import { call } from '../../local/world/call.ts';
import { type Credentials, credentials } from '../../local/world/credentials.ts';
import type { Principal } from '../../local/world/principal.ts';
import { bareWorld } from './bare-world.ts';

/** The account and region of these tests. */
export const place = { account: '222222222222', region: 'eu-west-1' };

/** One statement as a policy text. */
export const allowing = (Action: string | readonly string[], Resource = '*', more: object = {}): string =>
  policyOf({ Effect: 'Allow', Action, Resource, ...more });

/** A policy text of these statements. */
export const policyOf = (...Statement: readonly object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement });

/** A trust policy for an account. */
export const trusting = (account: string = place.account, more: object = {}): string =>
  policyOf({
    Effect: 'Allow',
    Principal: { AWS: account },
    Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
    ...more,
  });

/** A bare world, with calls as anyone. The caller closes it. */
export async function identityWorld() {
  const open = await bareWorld();
  const { world } = open;
  const as =
    (caller: Principal, region = place.region) =>
    <Answer = Record<string, unknown>>(service: string, operation: string, input: object = {}): Promise<Answer> =>
      call<Answer>(world, {
        account: 'account' in caller ? caller.account : '',
        region,
        caller,
        service,
        operation,
        input,
      });
  const root = administrator(world, place.account);
  const ask = as(root);
  return {
    world,
    client: (account: string) => open.client(account),
    close: () => open.close(),
    as,
    ask,
    /** Makes a role that anyone of the account may take on, with one inline policy, and answers its ARN. */
    role: async (RoleName: string, policy: string, more: object = {}): Promise<string> => {
      const { Role } = await ask<{ Role: { Arn: string } }>('iam', 'CreateRole', {
        RoleName,
        AssumeRolePolicyDocument: trusting(),
        ...more,
      });
      await ask('iam', 'PutRolePolicy', { RoleName, PolicyName: 'own', PolicyDocument: policy });
      return Role.Arn;
    },
    /** A session of a role, as a principal. */
    session: async (RoleArn: string, more: object = {}, caller: Principal = root): Promise<Principal> => {
      const { Credentials } = await as(caller)<{ Credentials: { AccessKeyId: string } }>('sts', 'AssumeRole', {
        RoleArn,
        RoleSessionName: 'tests',
        ...more,
      });
      return (world.store.in(credentials).get(Credentials.AccessKeyId) as Credentials).principal;
    },
  };
}

/** A world for the tests of one file. */
export type IdentityWorld = Awaited<ReturnType<typeof identityWorld>>;
