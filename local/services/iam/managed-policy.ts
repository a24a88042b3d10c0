import { z } from 'zod';
import { parsePolicy } from '../../../languages/iam-policy/parse.ts';
import { policyDocument } from '../../world/properties.ts';
import { type ResourceCall, resource } from '../../world/service.ts';
import { refuseIfThere } from '../already-there.ts';
import { requireRole } from './find.ts';
import { withVersion } from './policy-versions.ts';
import { defaultVersionOf, versionsOf } from './shown.ts';
import { type ManagedPolicy, managedPolicies, roles } from './tables.ts';

/** AWS::IAM::ManagedPolicy. A changed document becomes the new default version; the oldest gives way to a sixth. */
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
      action: { create: 'iam:CreatePolicy', update: 'iam:CreatePolicyVersion', delete: 'iam:DeletePolicy' }[change],
      resource: `arn:aws:iam::${account}:policy${Path ?? '/'}${ManagedPolicyName ?? '*'}`,
    },
  ],
  put: ({ ManagedPolicyName, Path, PolicyDocument, Roles = [], Description }, at, previous) => {
    const { world, account, stackName, logicalId } = at;
    parsePolicy(PolicyDocument, 'identity');
    const name = ManagedPolicyName ?? `${stackName}-${logicalId}`;
    const arn = `arn:aws:iam::${account}:policy${Path ?? '/'}${name}`;
    const table = world.store.in(managedPolicies);
    const known = table.get(arn);
    if (previous?.physicalId !== arn) refuseIfThere('AWS::IAM::ManagedPolicy', arn, known !== undefined);
    const now = world.clock.date().toISOString();
    const policy: ManagedPolicy =
      known === undefined
        ? {
            arn,
            name,
            account,
            document: PolicyDocument,
            createdAt: now,
            ...(Description === undefined ? {} : { description: Description }),
          }
        : changed(known, PolicyDocument, now);
    table.put(arn, policy);
    const wasAttachedTo = previous?.physicalId === arn ? (previous.properties.Roles ?? []) : [];
    attach(at, arn, Roles, wasAttachedTo);
    return { physicalId: arn, attributes: { PolicyArn: arn } };
  },
  remove: ({ physicalId, properties }, at) => {
    attach(at, physicalId, [], properties.Roles ?? []);
    at.world.store.in(managedPolicies).delete(physicalId);
  },
});

function changed(policy: ManagedPolicy, document: unknown, at: string): ManagedPolicy {
  if (JSON.stringify(policy.document) === JSON.stringify(document)) return policy;
  const versions = versionsOf(policy);
  const oldest = versions.find(({ id }) => id !== defaultVersionOf(policy));
  const room =
    versions.length < 5
      ? policy
      : {
          ...policy,
          lastVersion: policy.lastVersion ?? versions.length,
          versions: versions.filter((each) => each !== oldest),
        };
  return withVersion(room, { document }, at, true);
}

/** Attaches to the roles that are named now, and detaches from those that were named before. */
function attach(at: ResourceCall, arn: string, now: readonly string[], before: readonly string[]): void {
  const table = at.world.store.in(roles);
  for (const name of now) {
    const role = requireRole(at, name);
    table.put(role.arn, { ...role, managed: [...new Set([...role.managed, arn])] });
  }
  for (const row of table.where(
    ({ account, name }) => account === at.account && before.includes(name) && !now.includes(name),
  ))
    table.put(row.arn, { ...row, managed: row.managed.filter((each) => each !== arn) });
}
