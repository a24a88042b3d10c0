import { z } from 'zod';
import { upperAlphanumeric } from '../../world/chance.ts';
import { AwsError } from '../../world/failure.ts';
import { numeric } from '../../world/properties.ts';
import { type Call, operation } from '../../world/service.ts';
import { checkTrust } from './check-trust.ts';
import { policySize, readPolicy } from './documents.ts';
import { requestTagContext, requirePolicy, requireRole, roleAccess, roleNamed } from './find.ts';
import { queryList } from './query-list.ts';
import { shownRole } from './shown.ts';
import { type Role, roles } from './tables.ts';
import { mapOf, tagsInput } from './tags-input.ts';

const seconds = numeric.pipe(z.number().int().min(3600).max(43_200));
const roleName = z.string().regex(/^[\w+=,.@-]{1,64}$/, 'must be 1 to 64 characters of [\\w+=,.@-]');

/** A path begins and ends with a slash. */
const path = z
  .string()
  .max(512)
  .regex(/^\/$|^\/[!-~]+\/$/, 'must begin and end with a slash')
  .default('/');

/** Reads a trust policy. Throws MalformedPolicyDocument; LimitExceeded above 2,048 characters. */
function trustOf(call: Call, text: string): unknown {
  const trust = readPolicy(text, 'trust');
  checkTrust(call.world, trust.document);
  if (policySize(trust) > 2048)
    throw new AwsError('LimitExceeded', 'Cannot exceed quota for ACLSizePerRole: 2048', 409);
  return trust.document;
}

/** Makes a role. */
export const createRole = operation({
  simplified: 'The role may be used at once, where AWS takes seconds.',
  input: z.object({
    RoleName: roleName,
    Path: path,
    AssumeRolePolicyDocument: z.string().min(1),
    Description: z.string().max(1000).optional(),
    MaxSessionDuration: seconds.default(3600),
    PermissionsBoundary: z.string().optional(),
    Tags: tagsInput,
  }),
  access: ({ RoleName, Path, PermissionsBoundary, Tags }, { account }) => {
    const context = {
      ...(PermissionsBoundary === undefined ? {} : { 'iam:PermissionsBoundary': PermissionsBoundary }),
      ...requestTagContext(mapOf(Tags)),
    };
    const resource = `arn:aws:iam::${account}:role${Path}${RoleName}`;
    return [
      { action: 'iam:CreateRole', resource, context },
      ...(Tags.length === 0 ? [] : [{ action: 'iam:TagRole', resource, context }]),
    ];
  },
  run: (wanted, call) => {
    const { RoleName: name, Path, PermissionsBoundary: boundary, Description: description } = wanted;
    if (roleNamed(call, name) !== undefined)
      throw new AwsError('EntityAlreadyExists', `Role with name ${name} already exists.`, 409);
    if (boundary !== undefined)
      requirePolicy(call, boundary, `Scope ARN: ${boundary} does not exist or is not attachable.`);
    const role: Role = {
      arn: `arn:aws:iam::${call.account}:role${Path}${name}`,
      name,
      path: Path,
      account: call.account,
      id: `AROA${call.world.chance.text(17, upperAlphanumeric)}`,
      trust: trustOf(call, wanted.AssumeRolePolicyDocument),
      inline: {},
      managed: [],
      maxSessionSeconds: wanted.MaxSessionDuration,
      tags: mapOf(wanted.Tags),
      createdAt: call.world.clock.date().toISOString(),
      ...(description === undefined ? {} : { description }),
      ...(boundary === undefined ? {} : { boundary }),
    };
    call.world.store.in(roles).put(role.arn, role);
    return { Role: shownRole(role) };
  },
});

/** Removes a role that holds no policies any more. Throws DeleteConflict. */
export const deleteRole = operation({
  input: z.object({ RoleName: z.string() }),
  access: ({ RoleName }, call) => [roleAccess('DeleteRole', call, RoleName)],
  run: ({ RoleName }, call) => {
    const role = requireRole(call, RoleName);
    const conflict = (text: string) => new AwsError('DeleteConflict', text, 409);
    if (role.managed.length > 0) throw conflict('Cannot delete entity, must detach all policies first.');
    if (Object.keys(role.inline).length > 0) throw conflict('Cannot delete entity, must delete policies first.');
    call.world.store.in(roles).delete(role.arn);
    return {};
  },
});

/** A new description or longest session. */
export const updateRole = operation({
  input: z.object({
    RoleName: z.string(),
    Description: z.string().max(1000).optional(),
    MaxSessionDuration: seconds.optional(),
  }),
  access: ({ RoleName }, call) => [roleAccess('UpdateRole', call, RoleName)],
  run: ({ RoleName, Description, MaxSessionDuration }, call) => {
    const role = requireRole(call, RoleName);
    call.world.store.in(roles).put(role.arn, {
      ...role,
      ...(Description === undefined ? {} : { description: Description }),
      ...(MaxSessionDuration === undefined ? {} : { maxSessionSeconds: MaxSessionDuration }),
    });
    return {};
  },
});

/** Replaces who may take on the role. */
export const updateAssumeRolePolicy = operation({
  simplified: 'The new policy holds at once, where AWS takes seconds.',
  input: z.object({ RoleName: z.string(), PolicyDocument: z.string().min(1) }),
  access: ({ RoleName }, call) => [roleAccess('UpdateAssumeRolePolicy', call, RoleName)],
  run: ({ RoleName, PolicyDocument }, call) => {
    const role = requireRole(call, RoleName);
    call.world.store.in(roles).put(role.arn, { ...role, trust: trustOf(call, PolicyDocument) });
    return {};
  },
});

/** Puts tags on a role; others stay. At most 50. */
export const tagRole = operation({
  input: z.object({ RoleName: z.string(), Tags: tagsInput }),
  access: ({ RoleName, Tags }, call) => [roleAccess('TagRole', call, RoleName, requestTagContext(mapOf(Tags)))],
  run: ({ RoleName, Tags }, call) => {
    const role = requireRole(call, RoleName);
    const tags = { ...role.tags, ...mapOf(Tags) };
    if (Object.keys(tags).length > 50)
      throw new AwsError('LimitExceeded', 'The number of tags has reached the maximum limit.', 409);
    call.world.store.in(roles).put(role.arn, { ...role, tags });
    return {};
  },
});

/** Takes tags off a role; a tag that is not there is no error. */
export const untagRole = operation({
  input: z.object({ RoleName: z.string(), TagKeys: queryList(z.string(), 50) }),
  access: ({ RoleName, TagKeys }, call) => [roleAccess('UntagRole', call, RoleName, { 'aws:TagKeys': TagKeys })],
  run: ({ RoleName, TagKeys }, call) => {
    const role = requireRole(call, RoleName);
    const tags = Object.fromEntries(Object.entries(role.tags).filter(([key]) => !TagKeys.includes(key)));
    call.world.store.in(roles).put(role.arn, { ...role, tags });
    return {};
  },
});
