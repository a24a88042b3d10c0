import { AwsError } from '../../world/failure.ts';
import type { Access, Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { type ManagedPolicy, managedPolicies, type Role, roles, type User, users } from './tables.ts';

/** Where a call looks: IAM knows accounts, not regions. */
type Asking = Pick<Place, 'account'> & { readonly world: World };

const noSuch = (text: string) => new AwsError('NoSuchEntity', text, 404);

/** A role of an account by its name, whatever its path. */
export const roleNamed = ({ world, account }: Asking, name: string): Role | undefined =>
  world.store.in(roles).where((row) => row.account === account && row.name === name)[0];

/** Throws NoSuchEntity. */
export function requireRole(asking: Asking, name: string): Role {
  const role = roleNamed(asking, name);
  if (role === undefined) throw noSuch(`The role with name ${name} cannot be found.`);
  return role;
}

/** A user of an account by its name. */
export const userNamed = ({ world, account }: Asking, name: string): User | undefined =>
  world.store.in(users).where((row) => row.account === account && row.name === name)[0];

/** Throws NoSuchEntity. */
export function requireUser(asking: Asking, name: string): User {
  const user = userNamed(asking, name);
  if (user === undefined) throw noSuch(`The user with name ${name} cannot be found.`);
  return user;
}

/** A managed policy that the account may use: its own, or one of AWS. Throws NoSuchEntity. */
export function requirePolicy(asking: Asking, arn: string, lack = `Policy ${arn} was not found.`): ManagedPolicy {
  const policy = asking.world.store.in(managedPolicies).get(arn);
  if (policy === undefined || (policy.account !== asking.account && policy.account !== 'aws')) throw noSuch(lack);
  return policy;
}

/** The same for policies that are to be changed. Throws AccessDenied for AWS's own. */
export function requireOwnPolicy(asking: Asking, arn: string): ManagedPolicy {
  const policy = requirePolicy(asking, arn);
  if (policy.account === 'aws') throw new AwsError('AccessDenied', 'Policy is outside your own account.', 403);
  return policy;
}

/** The ARN that permissions on a role are judged with; the role need not exist, so that a refusal tells nobody whether it does. */
export const roleArn = (asking: Asking, name: string): string =>
  roleNamed(asking, name)?.arn ?? `arn:aws:iam::${asking.account}:role/${name}`;

/** The question for an action on a role, with the keys that IAM sets from the role itself. */
export function roleAccess(action: string, asking: Asking, name: string, context: Access['context'] = {}): Access {
  const role = roleNamed(asking, name);
  return {
    action: `iam:${action}`,
    resource: roleArn(asking, name),
    context: {
      ...(role?.boundary === undefined ? {} : { 'iam:PermissionsBoundary': role.boundary }),
      ...tagContext(role?.tags ?? {}, 'aws:ResourceTag/', 'iam:ResourceTag/'),
      ...context,
    },
  };
}

/** The same for a user. */
export const userAccess = (action: string, asking: Asking, name: string): Access => ({
  action: `iam:${action}`,
  resource: userNamed(asking, name)?.arn ?? `arn:aws:iam::${asking.account}:user/${name}`,
});

/** Tags as condition keys. */
export const tagContext = (
  tags: Readonly<Record<string, string>>,
  ...prefixes: readonly string[]
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(tags).flatMap(([key, value]) => prefixes.map((prefix) => [`${prefix}${key}`, value])),
  );

/** The keys of a request that sets tags. */
export const requestTagContext = (
  tags: Readonly<Record<string, string>>,
): Record<string, string | readonly string[]> =>
  Object.keys(tags).length === 0 ? {} : { ...tagContext(tags, 'aws:RequestTag/'), 'aws:TagKeys': Object.keys(tags) };
