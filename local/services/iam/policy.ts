import { z } from 'zod';
import { parsePolicy } from '../../../languages/iam-policy/parse.ts';
import { policyDocument } from '../../world/properties.ts';
import { resource } from '../../world/service.ts';
import type { Table } from '../../world/store.ts';
import type { World } from '../../world/world.ts';
import { withInline } from './documents.ts';
import { requireRole, requireUser, roleArn, roleNamed, userAccess } from './find.ts';
import { type Role, roles, type User, users } from './tables.ts';

/** AWS::IAM::Policy: an inline policy on roles and users. */
export const policy = resource({
  properties: z.strictObject({
    PolicyName: z.string(),
    PolicyDocument: policyDocument,
    Roles: z.array(z.string()).optional(),
    Users: z.array(z.string()).optional(),
  }),
  access: ({ Roles = [], Users = [] }, { world, account }, change) => [
    ...Roles.map((name) => {
      const role = roleNamed({ world, account }, name);
      return {
        action: change === 'delete' ? 'iam:DeleteRolePolicy' : 'iam:PutRolePolicy',
        resource: roleArn({ world, account }, name),
        ...(role?.boundary === undefined ? {} : { context: { 'iam:PermissionsBoundary': role.boundary } }),
      };
    }),
    ...Users.map((name) =>
      userAccess(change === 'delete' ? 'DeleteUserPolicy' : 'PutUserPolicy', { world, account }, name),
    ),
  ],
  put: ({ PolicyName, PolicyDocument, Roles = [], Users = [] }, { world, account, stackName, logicalId }) => {
    parsePolicy(PolicyDocument, 'identity');
    const maker = `${stackName}/${logicalId}`;
    detach(world, maker);
    const policy = { name: PolicyName, document: PolicyDocument };
    for (const role of Roles.map((name) => requireRole({ world, account }, name)))
      world.store.in(roles).put(role.arn, { ...role, inline: withInline(role.inline, maker, policy) });
    for (const user of Users.map((name) => requireUser({ world, account }, name)))
      world.store.in(users).put(user.arn, { ...user, inline: withInline(user.inline, maker, policy) });
    return { physicalId: PolicyName, attributes: {} };
  },
  remove: (_existing, { world, stackName, logicalId }) => detach(world, `${stackName}/${logicalId}`),
});

function detach(world: World, maker: string): void {
  const without = <Holder extends Role | User>(table: Table<Holder>) => {
    for (const row of table.where(({ inline }) => maker in inline)) {
      const { [maker]: _gone, ...inline } = row.inline;
      table.put(row.arn, { ...row, inline });
    }
  };
  without(world.store.in(roles));
  without(world.store.in(users));
}
