import { z } from 'zod';
import { operation } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { encoded } from './documents.ts';
import { paged, part } from './paging.ts';
import { queryList } from './query-list.ts';
import {
  attachedList,
  inlineList,
  listedPolicy,
  listedRole,
  shownRole,
  shownUser,
  shownVersion,
  tagList,
  versionsOf,
} from './shown.ts';
import { type ManagedPolicy, managedPolicies, type Role, roles, type User, users } from './tables.ts';

const kinds = ['User', 'Role', 'Group', 'LocalManagedPolicy', 'AWSManagedPolicy'] as const;

function roleDetail(role: Role) {
  const { MaxSessionDuration: _seconds, Description: _text, ...listed } = listedRole(role);
  const { PermissionsBoundary } = shownRole(role) as { PermissionsBoundary?: unknown };
  return {
    ...listed,
    InstanceProfileList: [],
    RolePolicyList: inlineList(role.inline),
    AttachedManagedPolicies: attachedList(role.managed),
    ...(PermissionsBoundary === undefined ? {} : { PermissionsBoundary }),
    Tags: tagList(role.tags),
    RoleLastUsed: {},
  };
}

const userDetail = (user: User) => ({
  ...shownUser(user),
  UserPolicyList: inlineList(user.inline),
  GroupList: [],
  AttachedManagedPolicies: attachedList(user.managed),
  Tags: [],
});

const policyDetail = (world: World, policy: ManagedPolicy, account: string) => ({
  ...listedPolicy(world, policy, account),
  ...(policy.description === undefined ? {} : { Description: policy.description }),
  PolicyVersionList: [...versionsOf(policy)]
    .reverse()
    .map((version) => ({ Document: encoded(version), ...shownVersion(policy, version) })),
});

/** Everything IAM holds of the account in one list: what an auditor begins with. */
export const getAccountAuthorizationDetails = operation({
  simplified: 'There are no groups and no instance profiles.',
  input: z.object({ Filter: queryList(z.enum(kinds)), ...paged }),
  access: () => [{ action: 'iam:GetAccountAuthorizationDetails', resource: '*' }],
  run: ({ Filter, ...page }, { world, account }) => {
    const wanted = new Set<string>(Filter.length === 0 ? kinds : Filter);
    const policies = world.store.in(managedPolicies).rows();
    const own = policies.filter((policy) => policy.account === account);
    const used = policies.filter((policy) => policy.account === 'aws');
    const all = [
      ...world.store
        .in(users)
        .where((row) => row.account === account)
        .map((row) => ['User', userDetail(row)] as const),
      ...world.store
        .in(roles)
        .where((row) => row.account === account)
        .map((row) => ['Role', roleDetail(row)] as const),
      ...own.map((row) => ['LocalManagedPolicy', policyDetail(world, row, account)] as const),
      ...used
        .map((row) => ['AWSManagedPolicy', policyDetail(world, row, account)] as const)
        .filter(([, shown]) => shown.AttachmentCount + shown.PermissionsBoundaryUsageCount > 0),
    ].filter(([kind]) => wanted.has(kind));
    const { Details, ...rest } = part('Details', all, page) as { Details: typeof all };
    const of = (suffix: string) => Details.filter(([kind]) => kind.endsWith(suffix)).map(([, shown]) => shown);
    return {
      UserDetailList: of('User'),
      GroupDetailList: [],
      RoleDetailList: of('Role'),
      Policies: of('ManagedPolicy'),
      ...rest,
    };
  },
});
