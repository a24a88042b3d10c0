import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { flag } from '../../world/properties.ts';
import { type Call, operation } from '../../world/service.ts';
import { encoded } from './documents.ts';
import { requireOwnPolicy, requirePolicy } from './find.ts';
import { managedDocument, policyAccess } from './managed-policies.ts';
import { paged, part } from './paging.ts';
import { defaultVersionOf, shownVersion, versionsOf } from './shown.ts';
import { type ManagedPolicy, managedPolicies, type PolicyVersion } from './tables.ts';

const input = z.object({ PolicyArn: z.string().min(20), VersionId: z.string().regex(/^v[1-9]\d*$/, 'must be as v1') });

function requireVersion(policy: ManagedPolicy, id: string): PolicyVersion {
  const version = versionsOf(policy).find((each) => each.id === id);
  if (version === undefined)
    throw new AwsError('NoSuchEntity', `Policy ${policy.arn} version ${id} does not exist or is not attachable.`, 404);
  return version;
}

/** A policy with one more version. Throws LimitExceeded when it has five. */
export function withVersion(
  policy: ManagedPolicy,
  written: { readonly document: unknown; readonly text?: string },
  at: string,
  isDefault: boolean,
): ManagedPolicy {
  const versions = versionsOf(policy);
  if (versions.length >= 5)
    throw new AwsError(
      'LimitExceeded',
      'A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.',
      409,
    );
  const lastVersion = (policy.lastVersion ?? versions.length) + 1;
  const version: PolicyVersion = { id: `v${lastVersion}`, ...written, createdAt: at };
  const added = { ...policy, versions: [...versions, version], lastVersion, updatedAt: at };
  return isDefault ? { ...added, defaultVersion: version.id, document: version.document } : added;
}

/** One version with its document. */
export const getPolicyVersion = operation({
  input,
  access: ({ PolicyArn }, call) => [policyAccess('GetPolicyVersion', call, PolicyArn)],
  run: ({ PolicyArn, VersionId }, call) => {
    const policy = requirePolicy(call, PolicyArn);
    const version = requireVersion(policy, VersionId);
    return { PolicyVersion: { Document: encoded(version), ...shownVersion(policy, version) } };
  },
});

/** The versions of a policy, newest first. */
export const listPolicyVersions = operation({
  input: z.object({ PolicyArn: z.string().min(20), ...paged }),
  access: ({ PolicyArn }, call) => [policyAccess('ListPolicyVersions', call, PolicyArn)],
  run: ({ PolicyArn, ...page }, call) => {
    const policy = requirePolicy(call, PolicyArn);
    const versions = versionsOf(policy).map((version) => shownVersion(policy, version));
    return part('Versions', versions.reverse(), page);
  },
});

const changed = (call: Call, policy: ManagedPolicy) => call.world.store.in(managedPolicies).put(policy.arn, policy);

/** A new version; it holds at once when it is made the default. */
export const createPolicyVersion = operation({
  input: z.object({
    PolicyArn: z.string().min(20),
    PolicyDocument: z.string().min(1),
    SetAsDefault: flag.default(false),
  }),
  access: ({ PolicyArn }, call) => [policyAccess('CreatePolicyVersion', call, PolicyArn)],
  run: ({ PolicyArn, PolicyDocument, SetAsDefault }, call) => {
    const at = call.world.clock.date().toISOString();
    const policy = withVersion(requireOwnPolicy(call, PolicyArn), managedDocument(PolicyDocument), at, SetAsDefault);
    changed(call, policy);
    return { PolicyVersion: shownVersion(policy, requireVersion(policy, `v${policy.lastVersion}`)) };
  },
});

/** Removes a version that is not the default. */
export const deletePolicyVersion = operation({
  input,
  access: ({ PolicyArn }, call) => [policyAccess('DeletePolicyVersion', call, PolicyArn)],
  run: ({ PolicyArn, VersionId }, call) => {
    const policy = requireOwnPolicy(call, PolicyArn);
    requireVersion(policy, VersionId);
    if (VersionId === defaultVersionOf(policy))
      throw new AwsError('DeleteConflict', 'Cannot delete the default version of a policy.', 409);
    const lastVersion = policy.lastVersion ?? versionsOf(policy).length;
    changed(call, { ...policy, lastVersion, versions: versionsOf(policy).filter(({ id }) => id !== VersionId) });
    return {};
  },
});

/** Makes another version the one that holds. */
export const setDefaultPolicyVersion = operation({
  input,
  access: ({ PolicyArn }, call) => [policyAccess('SetDefaultPolicyVersion', call, PolicyArn)],
  run: ({ PolicyArn, VersionId }, call) => {
    const policy = requireOwnPolicy(call, PolicyArn);
    const { document } = requireVersion(policy, VersionId);
    changed(call, { ...policy, document, defaultVersion: VersionId, updatedAt: call.world.clock.date().toISOString() });
    return {};
  },
});
