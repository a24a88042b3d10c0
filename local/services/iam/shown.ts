import { createHash } from 'node:crypto';
import type { World } from '../../world/world.ts';
import { encoded } from './documents.ts';
import {
  type AttachedPolicy,
  type ManagedPolicy,
  type PolicyVersion,
  type Role,
  roles,
  type User,
  users,
} from './tables.ts';

/** When AWS made its own AdministratorAccess: the date of everything that was there from the beginning. */
const theBeginning = '2015-02-06T18:39:46.000Z';

/** Tags as lists. */
export const tagList = (tags: Readonly<Record<string, string>> | undefined) =>
  Object.entries(tags ?? {}).map(([Key, Value]) => ({ Key, Value }));

/** The path in an ARN: `/` or `/delivery/`. */
export const pathOf = (arn: string): string => arn.slice(arn.indexOf('/'), arn.lastIndexOf('/') + 1);

const boundaryOf = (boundary: string | undefined) =>
  boundary === undefined
    ? {}
    : { PermissionsBoundary: { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: boundary } };

/** A role as lists show it: without tags and boundary. */
export const listedRole = (role: Role) => ({
  Path: role.path,
  RoleName: role.name,
  RoleId: role.id,
  Arn: role.arn,
  CreateDate: new Date(role.createdAt),
  AssumeRolePolicyDocument: encoded({ document: role.trust }),
  ...(role.description === undefined ? {} : { Description: role.description }),
  MaxSessionDuration: role.maxSessionSeconds,
});

/** A role as GetRole shows it. */
export const shownRole = (role: Role) => ({
  ...listedRole(role),
  ...boundaryOf(role.boundary),
  ...(Object.keys(role.tags).length === 0 ? {} : { Tags: tagList(role.tags) }),
  RoleLastUsed: {},
});

/** A user. */
export const shownUser = (user: User) => ({
  Path: pathOf(user.arn),
  UserName: user.name,
  UserId: user.id,
  Arn: user.arn,
  CreateDate: new Date(user.createdAt ?? theBeginning),
  ...boundaryOf(user.boundary),
});

/** The versions of a managed policy, newest last. */
export const versionsOf = (policy: ManagedPolicy): readonly PolicyVersion[] =>
  policy.versions ?? [{ id: 'v1', document: policy.document, createdAt: policy.createdAt ?? theBeginning }];

/** Which version holds. */
export const defaultVersionOf = ({ defaultVersion }: ManagedPolicy): string => defaultVersion ?? 'v1';

/** How many identities a policy is attached to, and bounds, in an account. */
function usage(world: World, { arn }: ManagedPolicy, account: string) {
  const holders = [...world.store.in(roles).rows(), ...world.store.in(users).rows()].filter(
    (holder) => holder.account === account,
  );
  return {
    AttachmentCount: holders.filter(({ managed }) => managed.includes(arn)).length,
    PermissionsBoundaryUsageCount: holders.filter(({ boundary }) => boundary === arn).length,
  };
}

/** A managed policy as lists show it. */
export const listedPolicy = (world: World, policy: ManagedPolicy, account: string) => ({
  PolicyName: policy.name.slice(policy.name.lastIndexOf('/') + 1),
  PolicyId: `ANPA${createHash('sha256').update(policy.arn).digest('hex').slice(0, 17).toUpperCase()}`,
  Arn: policy.arn,
  Path: pathOf(policy.arn),
  DefaultVersionId: defaultVersionOf(policy),
  ...usage(world, policy, account),
  IsAttachable: true,
  CreateDate: new Date(policy.createdAt ?? theBeginning),
  UpdateDate: new Date(policy.updatedAt ?? policy.createdAt ?? theBeginning),
});

/** A managed policy as GetPolicy shows it. */
export const shownPolicy = (world: World, policy: ManagedPolicy, account: string) => ({
  ...listedPolicy(world, policy, account),
  ...(policy.description === undefined ? {} : { Description: policy.description }),
  Tags: tagList(policy.tags),
});

/** One version; lists leave the document out. */
export const shownVersion = (policy: ManagedPolicy, version: PolicyVersion) => ({
  VersionId: version.id,
  IsDefaultVersion: version.id === defaultVersionOf(policy),
  CreateDate: new Date(version.createdAt),
});

/** Inline policies with their documents. */
export const inlineList = (inline: Readonly<Record<string, AttachedPolicy>>) =>
  Object.values(inline).map((policy) => ({ PolicyName: policy.name, PolicyDocument: encoded(policy) }));

/** Attached policies, by name and ARN. */
export const attachedList = (arns: readonly string[]) =>
  arns.map((arn) => ({ PolicyName: arn.slice(arn.lastIndexOf('/') + 1), PolicyArn: arn }));
