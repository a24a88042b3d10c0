import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation, type Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { type Role, roles } from './tables.ts';

function find(world: World, { account }: Pick<Place, 'account'>, name: string): Role {
  const [role] = world.store.in(roles).where((row) => row.account === account && row.name === name);
  if (role === undefined) throw new AwsError('NoSuchEntity', `The role with name ${name} cannot be found.`, 404);
  return role;
}

const shown = (role: Role) => ({
  Path: role.path,
  RoleName: role.name,
  RoleId: role.id,
  Arn: role.arn,
  CreateDate: new Date(role.createdAt),
  AssumeRolePolicyDocument: encodeURIComponent(JSON.stringify(role.trust)),
  MaxSessionDuration: role.maxSessionSeconds,
});

/** One role with its trust policy. */
export const getRole = operation({
  input: z.object({ RoleName: z.string() }),
  access: ({ RoleName }, call) => [{ action: 'iam:GetRole', resource: find(call.world, call, RoleName).arn }],
  run: ({ RoleName }, call) => ({ Role: shown(find(call.world, call, RoleName)) }),
});

/** The roles of the caller's account, by path. */
export const listRoles = operation({
  input: z.object({ PathPrefix: z.string().default('/') }),
  access: (_input, { account }) => [{ action: 'iam:ListRoles', resource: `arn:aws:iam::${account}:role/` }],
  run: ({ PathPrefix }, { world, account }) => ({
    Roles: world.store
      .in(roles)
      .where((row) => row.account === account && row.path.startsWith(PathPrefix))
      .map(shown),
    IsTruncated: false,
  }),
});
