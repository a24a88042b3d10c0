import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { flag, numeric, policyDocument, tags } from '../../world/properties.ts';
import { resource } from '../../world/service.ts';
import { refuseIfThere } from '../already-there.ts';
import { accountPolicy, checkKeyPolicy } from './key-policy.ts';
import { checkUsage, newMaterial, specNames } from './key-specs.ts';
import { aliases, keys } from './tables.ts';
import { pending } from './write-keys.ts';

/** AWS::KMS::Key, symmetric or for signing. A removed key waits for its end like any other. */
export const key = resource({
  simplified: 'Rotation is remembered, and makes no new material.',
  properties: z.strictObject({
    KeyPolicy: policyDocument.optional(),
    Description: z.string().optional(),
    Enabled: flag.optional(),
    EnableKeyRotation: flag.optional(),
    PendingWindowInDays: numeric.pipe(z.number().int().min(7).max(30)).optional(),
    RotationPeriodInDays: numeric.pipe(z.number().int().min(90).max(2560)).optional(),
    KeySpec: z.enum(specNames).optional(),
    KeyUsage: z.enum(['ENCRYPT_DECRYPT', 'SIGN_VERIFY']).optional(),
    Tags: tags.optional(),
  }),
  access: (_properties, { account, region }, change) => [
    {
      action: { create: 'kms:CreateKey', update: 'kms:PutKeyPolicy', delete: 'kms:ScheduleKeyDeletion' }[change],
      resource: `arn:aws:kms:${region}:${account}:key/*`,
    },
  ],
  put: async (properties, { world, account, region, tags: stackTags }, previous) => {
    const id = previous?.physicalId ?? world.chance.uuid();
    const arn = `arn:aws:kms:${region}:${account}:key/${id}`;
    const known = world.store.in(keys).get(arn);
    const spec = properties.KeySpec ?? 'SYMMETRIC_DEFAULT';
    checkUsage(spec, properties.KeyUsage);
    if (known !== undefined && known.spec !== spec)
      throw new AwsError('ValidationException', `KeySpec of ${arn} cannot change from ${known.spec} to ${spec}`);
    if (spec !== 'SYMMETRIC_DEFAULT' && properties.EnableKeyRotation)
      throw new AwsError('UnsupportedOperationException', `${spec} keys are not rotated; leave EnableKeyRotation out`);
    if (properties.KeyPolicy !== undefined) checkKeyPolicy(world, properties.KeyPolicy);
    world.store.in(keys).put(arn, {
      id,
      arn,
      account,
      region,
      description: properties.Description ?? '',
      policy: properties.KeyPolicy ?? accountPolicy(account),
      enabled: properties.Enabled ?? true,
      spec,
      material: known?.material ?? (await newMaterial(world, spec)),
      tags: { ...stackTags, ...Object.fromEntries((properties.Tags ?? []).map(({ Key, Value }) => [Key, Value])) },
      ...(properties.EnableKeyRotation ? { rotationDays: properties.RotationPeriodInDays ?? 365 } : {}),
      createdAt: known?.createdAt ?? world.clock.date().toISOString(),
    });
    return { physicalId: id, attributes: { Arn: arn, KeyId: id } };
  },
  remove: ({ attributes, properties }, { world }) =>
    void world.store
      .in(keys)
      .update(String(attributes['Arn']), (found) =>
        found.deletedAt === undefined ? pending(found, world.clock.now(), properties.PendingWindowInDays ?? 30) : found,
      ),
});

/** AWS::KMS::Alias. */
export const alias = resource({
  properties: z.strictObject({ AliasName: z.string().startsWith('alias/'), TargetKeyId: z.string() }),
  access: (_properties, { account, region }, change) => [
    {
      action: { create: 'kms:CreateAlias', update: 'kms:UpdateAlias', delete: 'kms:DeleteAlias' }[change],
      resource: `arn:aws:kms:${region}:${account}:alias/*`,
    },
  ],
  put: ({ AliasName, TargetKeyId }, { world, account, region }, previous) => {
    const arn = `arn:aws:kms:${region}:${account}:${AliasName}`;
    if (previous?.physicalId !== AliasName)
      refuseIfThere('AWS::KMS::Alias', AliasName, world.store.in(aliases).has(arn));
    const keyArn = TargetKeyId.startsWith('arn:') ? TargetKeyId : `arn:aws:kms:${region}:${account}:key/${TargetKeyId}`;
    world.store.in(aliases).put(arn, { name: AliasName, arn, account, region, keyArn });
    return { physicalId: AliasName, attributes: {} };
  },
  remove: ({ physicalId }, { world, account, region }) =>
    void world.store.in(aliases).delete(`arn:aws:kms:${region}:${account}:${physicalId}`),
});
