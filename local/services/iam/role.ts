import { z } from 'zod';
import { upperAlphanumeric } from '../../world/chance.ts';
import { AwsError } from '../../world/failure.ts';
import { numeric, policyDocument, tags } from '../../world/properties.ts';
import { resource } from '../../world/service.ts';
import { checkTrust } from './check-trust.ts';
import { type AttachedPolicy, managedPolicies, type Role, roles } from './tables.ts';
import { mapOf } from './tags-input.ts';

const properties = z.strictObject({
  RoleName: z
    .string()
    .regex(/^[\w+=,.@-]{1,64}$/)
    .optional(),
  Path: z
    .string()
    .regex(/^\/(.*\/)?$/)
    .optional(),
  AssumeRolePolicyDocument: policyDocument,
  Policies: z.array(z.strictObject({ PolicyName: z.string(), PolicyDocument: policyDocument })).optional(),
  ManagedPolicyArns: z.array(z.string()).optional(),
  PermissionsBoundary: z.string().optional(),
  MaxSessionDuration: numeric.optional(),
  Description: z.string().optional(),
  Tags: tags.optional(),
});

type Written = z.infer<typeof properties>;

/** What CloudFormation calls for a role, apart from the reads. A boundary comes first, so that the policies after it are bounded. */
function* actionsOf(
  { Policies, ManagedPolicyArns, PermissionsBoundary }: Written,
  change: 'create' | 'update' | 'delete',
) {
  const gone = change === 'delete';
  yield { create: 'CreateRole', update: 'UpdateAssumeRolePolicy', delete: 'DeleteRole' }[change];
  if (change === 'update' && PermissionsBoundary !== undefined) yield 'PutRolePermissionsBoundary';
  if (Policies?.length) yield gone ? 'DeleteRolePolicy' : 'PutRolePolicy';
  if (ManagedPolicyArns?.length) yield gone ? 'DetachRolePolicy' : 'AttachRolePolicy';
}

/** AWS::IAM::Role. A trust policy that names a role or user that does not exist is refused, as IAM refuses it. */
export const role = resource({
  simplified: 'A new role and a changed policy hold at once, where AWS takes seconds.',
  properties,
  access: (properties, { account, stackName }, change) => {
    const { RoleName, Path, PermissionsBoundary: boundary } = properties;
    const resource = `arn:aws:iam::${account}:role${Path ?? '/'}${RoleName ?? `${stackName}-*`}`;
    const context: Record<string, string> = boundary === undefined ? {} : { 'iam:PermissionsBoundary': boundary };
    return [...actionsOf(properties, change)].map((action) => ({ action: `iam:${action}`, resource, context }));
  },
  put: (properties, { world, account, stackName, logicalId, tags: stackTags }, previous) => {
    const generated = `${stackName.slice(0, 24)}-${logicalId.slice(0, 24)}-${world.chance.text(12, upperAlphanumeric)}`;
    const name = properties.RoleName ?? previous?.physicalId ?? generated;
    const arn = `arn:aws:iam::${account}:role${properties.Path ?? '/'}${name}`;
    const table = world.store.in(roles);
    const known = table.where((row) => row.account === account && row.name === name)[0];
    if (known !== undefined && previous?.physicalId !== name)
      throw new AwsError('EntityAlreadyExists', `Role with name ${name} already exists.`, 409);
    const missing = properties.ManagedPolicyArns?.find((managed) => !world.store.in(managedPolicies).has(managed));
    if (missing !== undefined)
      throw new AwsError('NoSuchEntity', `Policy ${missing} does not exist or is not attachable.`, 404);
    checkTrust(world, properties.AssumeRolePolicyDocument);
    const kept = Object.entries(known?.inline ?? {}).filter(
      ([maker]) => maker !== logicalId && !maker.startsWith(`${logicalId}/`),
    );
    const own = (properties.Policies ?? []).map(
      (policy) =>
        [`${logicalId}/${policy.PolicyName}`, { name: policy.PolicyName, document: policy.PolicyDocument }] as const,
    );
    if (known !== undefined && known.arn !== arn) table.delete(known.arn);
    const id = known?.id ?? `AROA${world.chance.text(17, upperAlphanumeric)}`;
    table.put(arn, {
      arn,
      name,
      account,
      id,
      path: properties.Path ?? '/',
      trust: properties.AssumeRolePolicyDocument,
      inline: Object.fromEntries<AttachedPolicy>([...kept, ...own]),
      managed: attachedNow(known, properties.ManagedPolicyArns, previous?.properties.ManagedPolicyArns),
      maxSessionSeconds: properties.MaxSessionDuration ?? 3600,
      tags: { ...stackTags, ...mapOf(properties.Tags ?? []) },
      createdAt: known?.createdAt ?? world.clock.date().toISOString(),
      ...(properties.Description === undefined ? {} : { description: properties.Description }),
      ...(properties.PermissionsBoundary === undefined ? {} : { boundary: properties.PermissionsBoundary }),
    });
    return { physicalId: name, attributes: { Arn: arn, RoleId: id } };
  },
  remove: ({ attributes }, { world }) => void world.store.in(roles).delete(String(attributes['Arn'])),
});

/** What a role has attached once a stack has changed it: what others attached stays. */
function attachedNow(
  known: Role | undefined,
  wanted: readonly string[] = [],
  before: readonly string[] = [],
): readonly string[] {
  const others = (known?.managed ?? []).filter((arn) => !before.includes(arn));
  return [...new Set([...wanted, ...others])];
}
