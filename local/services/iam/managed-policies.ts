import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { flag } from '../../world/properties.ts';
import { type Access, operation, type Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { policySize, readPolicy, type WrittenPolicy } from './documents.ts';
import { requestTagContext, requireOwnPolicy, requirePolicy, tagContext } from './find.ts';
import { paged, part, pathPrefix } from './paging.ts';
import { listedPolicy, shownPolicy, versionsOf } from './shown.ts';
import { managedPolicies, roles, users } from './tables.ts';
import { mapOf, tagsInput } from './tags-input.ts';

/** A managed policy's longest document, without blanks. Source: the IAM quotas page. */
const policyCharacters = 6144;

/** Reads a document for a managed policy. Throws MalformedPolicyDocument and LimitExceeded. */
export function managedDocument(text: string): WrittenPolicy {
  const written = readPolicy(text, 'identity');
  if (policySize(written) > policyCharacters)
    throw new AwsError('LimitExceeded', `Cannot exceed quota for PolicySize: ${policyCharacters}`, 409);
  return written;
}

/** The question for an action on a managed policy. */
export const policyAccess = (action: string, { world }: { readonly world: World } & Place, arn: string): Access => ({
  action: `iam:${action}`,
  resource: arn,
  context: tagContext(world.store.in(managedPolicies).get(arn)?.tags ?? {}, 'aws:ResourceTag/'),
});

/** Makes a customer managed policy. */
export const createPolicy = operation({
  input: z.object({
    PolicyName: z.string().regex(/^[\w+=,.@-]{1,128}$/, 'must be 1 to 128 characters of [\\w+=,.@-]'),
    Path: z
      .string()
      .regex(/^\/$|^\/[!-~]+\/$/, 'must begin and end with a slash')
      .default('/'),
    PolicyDocument: z.string().min(1),
    Description: z.string().max(1000).optional(),
    Tags: tagsInput,
  }),
  access: ({ PolicyName, Path, Tags }, { account }) => {
    const resource = `arn:aws:iam::${account}:policy${Path}${PolicyName}`;
    const context = requestTagContext(mapOf(Tags));
    return [
      { action: 'iam:CreatePolicy', resource, context },
      ...(Tags.length === 0 ? [] : [{ action: 'iam:TagPolicy', resource, context }]),
    ];
  },
  run: ({ PolicyName: name, Path, PolicyDocument, Description: description, Tags }, { world, account }) => {
    const table = world.store.in(managedPolicies);
    if (table.where((row) => row.account === account && row.name === name).length > 0)
      throw new AwsError(
        'EntityAlreadyExists',
        `A policy called ${name} already exists. Duplicate names are not allowed.`,
        409,
      );
    const arn = `arn:aws:iam::${account}:policy${Path}${name}`;
    const createdAt = world.clock.date().toISOString();
    const written = managedDocument(PolicyDocument);
    const policy = {
      arn,
      name,
      account,
      createdAt,
      document: written.document,
      versions: [{ id: 'v1', ...written, createdAt }],
      tags: mapOf(Tags),
      ...(description === undefined ? {} : { description }),
    };
    table.put(arn, policy);
    return { Policy: { ...shownPolicy(world, policy, account), Description: undefined } };
  },
});

/** Removes a policy that nobody holds and that has one version. Throws DeleteConflict. */
export const deletePolicy = operation({
  input: z.object({ PolicyArn: z.string().min(20) }),
  access: ({ PolicyArn }, call) => [policyAccess('DeletePolicy', call, PolicyArn)],
  run: ({ PolicyArn }, call) => {
    const policy = requireOwnPolicy(call, PolicyArn);
    const { store } = call.world;
    const holders = [...store.in(roles).rows(), ...store.in(users).rows()].filter(
      ({ managed, boundary }) => managed.includes(policy.arn) || boundary === policy.arn,
    );
    if (holders.length > 0) throw new AwsError('DeleteConflict', 'Cannot delete a policy attached to entities.', 409);
    if (versionsOf(policy).length > 1)
      throw new AwsError(
        'DeleteConflict',
        "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
        409,
      );
    store.in(managedPolicies).delete(policy.arn);
    return {};
  },
});

/** One managed policy, without its document. */
export const getPolicy = operation({
  input: z.object({ PolicyArn: z.string().min(20) }),
  access: ({ PolicyArn }, call) => [policyAccess('GetPolicy', call, PolicyArn)],
  run: ({ PolicyArn }, call) => ({ Policy: shownPolicy(call.world, requirePolicy(call, PolicyArn), call.account) }),
});

/** The managed policies of AWS and of the account. */
export const listPolicies = operation({
  simplified: 'Of AWS’s own policies only those that the local cloud knows.',
  input: z.object({
    Scope: z.enum(['All', 'AWS', 'Local']).default('All'),
    OnlyAttached: flag.default(false),
    PathPrefix: pathPrefix,
    PolicyUsageFilter: z.enum(['PermissionsPolicy', 'PermissionsBoundary']).optional(),
    ...paged,
  }),
  access: () => [{ action: 'iam:ListPolicies', resource: '*' }],
  run: ({ Scope, OnlyAttached, PathPrefix, PolicyUsageFilter, ...page }, { world, account }) => {
    const owners = { All: [account, 'aws'], AWS: ['aws'], Local: [account] }[Scope];
    const shown = world.store
      .in(managedPolicies)
      .where((row) => owners.includes(row.account))
      .map((policy) => listedPolicy(world, policy, account))
      .filter(({ Path }) => Path.startsWith(PathPrefix))
      .filter(({ AttachmentCount: held, PermissionsBoundaryUsageCount: bounding }) => {
        if (PolicyUsageFilter === 'PermissionsBoundary') return bounding > 0;
        return PolicyUsageFilter === 'PermissionsPolicy' || OnlyAttached ? held > 0 : true;
      });
    return part('Policies', shown, page);
  },
});

/** Who holds a policy, or is bounded by it. */
export const listEntitiesForPolicy = operation({
  input: z.object({
    PolicyArn: z.string().min(20),
    EntityFilter: z.enum(['User', 'Role', 'Group', 'LocalManagedPolicy', 'AWSManagedPolicy']).optional(),
    PathPrefix: pathPrefix,
    PolicyUsageFilter: z.enum(['PermissionsPolicy', 'PermissionsBoundary']).optional(),
    ...paged,
  }),
  access: ({ PolicyArn }, call) => [policyAccess('ListEntitiesForPolicy', call, PolicyArn)],
  run: ({ PolicyArn, EntityFilter, PathPrefix, PolicyUsageFilter, ...page }, call) => {
    requirePolicy(call, PolicyArn);
    const { store } = call.world;
    const kinds = [
      ...store
        .in(roles)
        .rows()
        .map((row) => ({ kind: 'Role', row })),
      ...store
        .in(users)
        .rows()
        .map((row) => ({ kind: 'User', row })),
    ];
    const found = kinds.filter(
      ({ kind, row }) =>
        row.account === call.account &&
        (EntityFilter === undefined || EntityFilter === kind) &&
        row.arn.slice(row.arn.indexOf('/')).startsWith(PathPrefix) &&
        ((PolicyUsageFilter !== 'PermissionsBoundary' && row.managed.includes(PolicyArn)) ||
          (PolicyUsageFilter !== 'PermissionsPolicy' && row.boundary === PolicyArn)),
    );
    const { Entities, ...rest } = part('Entities', found, page) as { Entities: typeof found };
    const of = (wanted: string) =>
      Entities.filter(({ kind }) => kind === wanted).map(({ row }) => ({
        [`${wanted}Name`]: row.name,
        [`${wanted}Id`]: row.id,
      }));
    return { PolicyGroups: [], PolicyUsers: of('User'), PolicyRoles: of('Role'), ...rest };
  },
});
