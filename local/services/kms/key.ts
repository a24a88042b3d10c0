import { z } from 'zod';
import { flag, numeric, policyDocument, tags } from '../../world/properties.ts';
import { resource } from '../../world/service.ts';
import { aliases, keys } from './tables.ts';

/** AWS::KMS::Key, symmetric. Rotation is accepted and has no effect locally. */
export const key = resource({
  simplified: 'Rotation and the waiting time before deletion have no effect.',
  properties: z.strictObject({
    KeyPolicy: policyDocument.optional(),
    Description: z.string().optional(),
    Enabled: flag.optional(),
    EnableKeyRotation: flag.optional(),
    PendingWindowInDays: numeric.optional(),
    RotationPeriodInDays: numeric.optional(),
    KeySpec: z.literal('SYMMETRIC_DEFAULT').optional(),
    KeyUsage: z.literal('ENCRYPT_DECRYPT').optional(),
    Tags: tags.optional(),
  }),
  access: (_properties, { account, region }, change) => [
    {
      action: { create: 'kms:CreateKey', update: 'kms:PutKeyPolicy', delete: 'kms:ScheduleKeyDeletion' }[change],
      resource: `arn:aws:kms:${region}:${account}:key/*`,
    },
  ],
  put: (properties, { world, account, region }, previous) => {
    const id = previous?.physicalId ?? world.chance.uuid();
    const arn = `arn:aws:kms:${region}:${account}:key/${id}`;
    const known = world.store.in(keys).get(arn);
    world.store.in(keys).put(arn, {
      id,
      arn,
      account,
      region,
      description: properties.Description ?? '',
      policy: properties.KeyPolicy ?? accountPolicy(account),
      enabled: properties.Enabled ?? true,
      material: known?.material ?? world.chance.hex(64),
      createdAt: known?.createdAt ?? world.clock.date().toISOString(),
    });
    return { physicalId: id, attributes: { Arn: arn, KeyId: id } };
  },
  remove: ({ attributes }, { world }) => void world.store.in(keys).delete(String(attributes['Arn'])),
});

/** The policy KMS gives a key that is made without one: the account's IAM decides. */
const accountPolicy = (account: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'kms:*', Resource: '*' }],
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
  put: ({ AliasName, TargetKeyId }, { world, account, region }) => {
    const arn = `arn:aws:kms:${region}:${account}:${AliasName}`;
    const keyArn = TargetKeyId.startsWith('arn:') ? TargetKeyId : `arn:aws:kms:${region}:${account}:key/${TargetKeyId}`;
    world.store.in(aliases).put(arn, { name: AliasName, arn, account, region, keyArn });
    return { physicalId: AliasName, attributes: {} };
  },
  remove: ({ physicalId }, { world, account, region }) =>
    void world.store.in(aliases).delete(`arn:aws:kms:${region}:${account}:${physicalId}`),
});
