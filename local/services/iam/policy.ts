import { z } from 'zod';
import { parsePolicy } from '../../../languages/iam-policy/parse.ts';
import { AwsError } from '../../world/failure.ts';
import { policyDocument } from '../../world/properties.ts';
import { resource } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { managedPolicies, roles, users } from './tables.ts';

/** AWS::IAM::Policy: an inline policy on roles and users. */
export const policy = resource({
  properties: z.strictObject({
    PolicyName: z.string(),
    PolicyDocument: policyDocument,
    Roles: z.array(z.string()).optional(),
    Users: z.array(z.string()).optional(),
  }),
  access: ({ Roles = [] }, { world, account }, change) =>
    Roles.map((name) => {
      const [role] = world.store.in(roles).where((row) => row.account === account && row.name === name);
      return {
        action: change === 'delete' ? 'iam:DeleteRolePolicy' : 'iam:PutRolePolicy',
        resource: role?.arn ?? `arn:aws:iam::${account}:role/${name}`,
        ...(role?.boundary === undefined ? {} : { context: { 'iam:PermissionsBoundary': role.boundary } }),
      };
    }),
  put: ({ PolicyName, PolicyDocument, Roles = [], Users = [] }, { world, account, stackName, logicalId }) => {
    parsePolicy(PolicyDocument);
    const maker = `${stackName}/${logicalId}`;
    detach(world, maker);
    for (const name of Roles) {
      const [found] = world.store.in(roles).where((row) => row.account === account && row.name === name);
      if (found === undefined) throw new AwsError('NoSuchEntity', `The role with name ${name} cannot be found.`, 404);
      const inline = { ...found.inline, [maker]: { name: PolicyName, document: PolicyDocument } };
      world.store.in(roles).put(found.arn, { ...found, inline });
    }
    for (const name of Users) {
      const [found] = world.store.in(users).where((row) => row.account === account && row.name === name);
      if (found === undefined) throw new AwsError('NoSuchEntity', `The user with name ${name} cannot be found.`, 404);
      const inline = { ...found.inline, [maker]: { name: PolicyName, document: PolicyDocument } };
      world.store.in(users).put(found.arn, { ...found, inline });
    }
    return { physicalId: PolicyName, attributes: {} };
  },
  remove: (_existing, { world, stackName, logicalId }) => detach(world, `${stackName}/${logicalId}`),
});

function detach(world: World, maker: string): void {
  for (const row of world.store.in(roles).where(({ inline }) => maker in inline)) {
    const { [maker]: _gone, ...inline } = row.inline;
    world.store.in(roles).put(row.arn, { ...row, inline });
  }
}

/** AWS::IAM::ManagedPolicy. */
export const managedPolicy = resource({
  properties: z.strictObject({
    ManagedPolicyName: z.string().optional(),
    Path: z.string().optional(),
    Description: z.string().optional(),
    PolicyDocument: policyDocument,
    Roles: z.array(z.string()).optional(),
  }),
  access: ({ ManagedPolicyName, Path }, { account }, change) => [
    {
      action: change === 'delete' ? 'iam:DeletePolicy' : 'iam:CreatePolicy',
      resource: `arn:aws:iam::${account}:policy${Path ?? '/'}${ManagedPolicyName ?? '*'}`,
    },
  ],
  put: ({ ManagedPolicyName, Path, PolicyDocument, Roles = [] }, { world, account, stackName, logicalId }) => {
    parsePolicy(PolicyDocument);
    const name = ManagedPolicyName ?? `${stackName}-${logicalId}`;
    const arn = `arn:aws:iam::${account}:policy${Path ?? '/'}${name}`;
    world.store.in(managedPolicies).put(arn, { arn, name, account, document: PolicyDocument });
    for (const row of world.store.in(roles).where((each) => each.account === account && Roles.includes(each.name))) {
      world.store.in(roles).put(row.arn, { ...row, managed: [...new Set([...row.managed, arn])] });
    }
    return { physicalId: arn, attributes: { PolicyArn: arn } };
  },
  remove: ({ physicalId }, { world }) => void world.store.in(managedPolicies).delete(physicalId),
});
