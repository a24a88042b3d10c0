import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import { encoded, policySize, readPolicy, withInline } from './documents.ts';
import { requirePolicy, requireRole, roleAccess } from './find.ts';
import { paged, part } from './paging.ts';
import { attachedList } from './shown.ts';
import { type Role, roles } from './tables.ts';

const policyName = z.string().regex(/^[\w+=,.@-]{1,128}$/, 'must be 1 to 128 characters of [\\w+=,.@-]');
const named = z.object({ RoleName: z.string(), PolicyName: policyName });
const withPolicy = z.object({ RoleName: z.string(), PolicyArn: z.string().min(20) });
const listing = z.object({ RoleName: z.string(), ...paged });

/** How long all inline policies of a role may be together, without blanks. Source: the IAM quotas page. */
const inlineCharacters = 10_240;
/** Managed policies per role unless the quota was raised. Source: the same. */
const policiesPerRole = 10;

const noSuchPolicy = (name: string) =>
  new AwsError('NoSuchEntity', `The role policy with name ${name} cannot be found.`, 404);

/** The names of a role's inline policies. */
export const listRolePolicies = operation({
  input: listing,
  access: ({ RoleName }, call) => [roleAccess('ListRolePolicies', call, RoleName)],
  run: ({ RoleName, ...page }, call) => {
    const names = Object.values(requireRole(call, RoleName).inline).map(({ name }) => name);
    return part('PolicyNames', names.sort(), page);
  },
});

/** One inline policy of a role, as it was put. */
export const getRolePolicy = operation({
  input: named,
  access: ({ RoleName }, call) => [roleAccess('GetRolePolicy', call, RoleName)],
  run: ({ RoleName, PolicyName }, call) => {
    const found = Object.values(requireRole(call, RoleName).inline).find(({ name }) => name === PolicyName);
    if (found === undefined) throw noSuchPolicy(PolicyName);
    return { RoleName, PolicyName, PolicyDocument: encoded(found) };
  },
});

/** Puts an inline policy on a role; one of the same name gives way. */
export const putRolePolicy = operation({
  simplified: 'The policy holds at once, where AWS takes seconds.',
  input: named.extend({ PolicyDocument: z.string().min(1) }),
  access: ({ RoleName }, call) => [roleAccess('PutRolePolicy', call, RoleName)],
  run: ({ RoleName, PolicyName, PolicyDocument }, call) => {
    const role = requireRole(call, RoleName);
    const inline = withInline(role.inline, `api/${PolicyName}`, {
      name: PolicyName,
      ...readPolicy(PolicyDocument, 'identity'),
    });
    const size = Object.values(inline).reduce((sum, each) => sum + policySize(each), 0);
    if (size > inlineCharacters)
      throw new AwsError(
        'LimitExceeded',
        `Maximum policy size of ${inlineCharacters} bytes exceeded for role ${role.name}`,
        409,
      );
    call.world.store.in(roles).put(role.arn, { ...role, inline });
    return {};
  },
});

/** Takes an inline policy off a role, also one that a stack has put there. */
export const deleteRolePolicy = operation({
  input: named,
  access: ({ RoleName }, call) => [roleAccess('DeleteRolePolicy', call, RoleName)],
  run: ({ RoleName, PolicyName }, call) => {
    const role = requireRole(call, RoleName);
    const rest = Object.entries(role.inline).filter(([, { name }]) => name !== PolicyName);
    if (rest.length === Object.keys(role.inline).length) throw noSuchPolicy(PolicyName);
    call.world.store.in(roles).put(role.arn, { ...role, inline: Object.fromEntries(rest) });
    return {};
  },
});

/** The managed policies of a role. */
export const listAttachedRolePolicies = operation({
  input: listing.extend({ PathPrefix: z.string().default('/') }),
  access: ({ RoleName }, call) => [roleAccess('ListAttachedRolePolicies', call, RoleName)],
  run: ({ RoleName, PathPrefix, ...page }, call) => {
    const attached = attachedList(requireRole(call, RoleName).managed);
    const under = attached.filter(({ PolicyArn }) => PolicyArn.slice(PolicyArn.indexOf('/')).startsWith(PathPrefix));
    return part('AttachedPolicies', under, page);
  },
});

/** Attaches a managed policy; attaching it again changes nothing. */
export const attachRolePolicy = operation({
  simplified: 'The policy holds at once, where AWS takes seconds.',
  input: withPolicy,
  access: ({ RoleName, PolicyArn }, call) => [
    roleAccess('AttachRolePolicy', call, RoleName, { 'iam:PolicyARN': PolicyArn }),
  ],
  run: ({ RoleName, PolicyArn }, call) => {
    const role = requireRole(call, RoleName);
    requirePolicy(call, PolicyArn, `Policy ${PolicyArn} does not exist or is not attachable.`);
    const managed = [...new Set([...role.managed, PolicyArn])];
    if (managed.length > policiesPerRole)
      throw new AwsError('LimitExceeded', `Cannot exceed quota for PoliciesPerRole: ${policiesPerRole}`, 409);
    call.world.store.in(roles).put(role.arn, { ...role, managed });
    return {};
  },
});

/** Detaches a managed policy. */
export const detachRolePolicy = operation({
  input: withPolicy,
  access: ({ RoleName, PolicyArn }, call) => [
    roleAccess('DetachRolePolicy', call, RoleName, { 'iam:PolicyARN': PolicyArn }),
  ],
  run: ({ RoleName, PolicyArn }, call) => {
    const role = requireRole(call, RoleName);
    if (!role.managed.includes(PolicyArn))
      throw new AwsError('NoSuchEntity', `Policy ${PolicyArn} was not found.`, 404);
    const managed = role.managed.filter((arn) => arn !== PolicyArn);
    call.world.store.in(roles).put(role.arn, { ...role, managed });
    return {};
  },
});

/** Bounds a role: the new boundary is what the permission is judged by. */
export const putRolePermissionsBoundary = operation({
  input: z.object({ RoleName: z.string(), PermissionsBoundary: z.string().min(20) }),
  access: ({ RoleName, PermissionsBoundary }, call) => [
    roleAccess('PutRolePermissionsBoundary', call, RoleName, { 'iam:PermissionsBoundary': PermissionsBoundary }),
  ],
  run: ({ RoleName, PermissionsBoundary }, call) => {
    const role = requireRole(call, RoleName);
    requirePolicy(call, PermissionsBoundary, `Policy ${PermissionsBoundary} does not exist or is not attachable.`);
    call.world.store.in(roles).put(role.arn, { ...role, boundary: PermissionsBoundary });
    return {};
  },
});

/** Takes a role's boundary away. */
export const deleteRolePermissionsBoundary = operation({
  input: z.object({ RoleName: z.string() }),
  access: ({ RoleName }, call) => [roleAccess('DeleteRolePermissionsBoundary', call, RoleName)],
  run: ({ RoleName }, call) => {
    const { boundary, ...role }: Role = requireRole(call, RoleName);
    if (boundary === undefined)
      throw new AwsError('NoSuchEntity', `The role with name ${RoleName} has no permissions boundary.`, 404);
    call.world.store.in(roles).put(role.arn, role);
    return {};
  },
});
