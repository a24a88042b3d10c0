import { z } from 'zod';
import { operation } from '../../world/service.ts';
import { anyKey, isGone, keyAccess } from './access.ts';
import { keySpecs, usageOf } from './key-specs.ts';
import { paged, part } from './paging.ts';
import { aliases, type Key, keys } from './tables.ts';

/** What state a key is in. */
const stateOf = ({ enabled, deletedAt }: Key): string => {
  if (deletedAt !== undefined) return 'PendingDeletion';
  return enabled ? 'Enabled' : 'Disabled';
};

/** A key as DescribeKey shows it. */
export const shownKey = (key: Key) => ({
  AWSAccountId: key.account,
  KeyId: key.id,
  Arn: key.arn,
  CreationDate: new Date(key.createdAt),
  Enabled: stateOf(key) === 'Enabled',
  Description: key.description,
  KeyUsage: usageOf(key.spec),
  KeyState: stateOf(key),
  ...(key.deletedAt === undefined ? {} : { DeletionDate: new Date(key.deletedAt) }),
  Origin: 'AWS_KMS',
  KeyManager: 'CUSTOMER',
  CustomerMasterKeySpec: key.spec,
  KeySpec: key.spec,
  ...(key.spec === 'SYMMETRIC_DEFAULT'
    ? { EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'] }
    : { SigningAlgorithms: keySpecs[key.spec] }),
  MultiRegion: false,
});

/** A key's metadata. */
export const describeKey = operation({
  input: z.object({ KeyId: z.string() }),
  access: ({ KeyId }, call) => [keyAccess(call.world, 'DescribeKey', anyKey(call.world, KeyId, call))],
  run: ({ KeyId }, call) => ({ KeyMetadata: shownKey(anyKey(call.world, KeyId, call)) }),
});

/** The keys of the caller's account and region. */
export const listKeys = operation({
  input: z.object({ ...paged, Limit: paged.Limit.default(100) }),
  access: () => [{ action: 'kms:ListKeys', resource: '*' }],
  run: (page, { world, account, region }) => {
    const found = world.store
      .in(keys)
      .where((key) => key.account === account && key.region === region && !isGone(world, key));
    return part(
      'Keys',
      found.map(({ id, arn }) => ({ KeyId: id, KeyArn: arn })),
      page,
    );
  },
});

/** The aliases of the caller's account and region, or of one key. */
export const listAliases = operation({
  input: z.object({ KeyId: z.string().optional(), ...paged }),
  access: () => [{ action: 'kms:ListAliases', resource: '*' }],
  run: ({ KeyId, ...page }, { world, account, region }) => {
    const only = KeyId === undefined ? undefined : anyKey(world, KeyId, { account, region }).arn;
    const found = world.store
      .in(aliases)
      .where((row) => row.account === account && row.region === region && (only === undefined || row.keyArn === only))
      .map((row) => ({ AliasName: row.name, AliasArn: row.arn, TargetKeyId: row.keyArn.split('/').pop() }));
    return part('Aliases', found, page);
  },
});

/** A key's tags. */
export const listResourceTags = operation({
  input: z.object({ KeyId: z.string(), ...paged }),
  access: ({ KeyId }, call) => [keyAccess(call.world, 'ListResourceTags', anyKey(call.world, KeyId, call))],
  run: ({ KeyId, ...page }, call) => {
    const { tags } = anyKey(call.world, KeyId, call);
    return part(
      'Tags',
      Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
      page,
    );
  },
});

/** Keys have no grants here: CreateGrant is refused by name. */
export const listGrants = operation({
  input: z.object({ KeyId: z.string(), ...paged }),
  access: ({ KeyId }, call) => [keyAccess(call.world, 'ListGrants', anyKey(call.world, KeyId, call))],
  run: (page) => part('Grants', [], page),
});

/** Whether a key is rotated each year or as often as its owner said. */
export const getKeyRotationStatus = operation({
  simplified: 'Rotation is remembered, and makes no new material.',
  input: z.object({ KeyId: z.string() }),
  access: ({ KeyId }, call) => [keyAccess(call.world, 'GetKeyRotationStatus', anyKey(call.world, KeyId, call))],
  run: ({ KeyId }, call) => {
    const { rotationDays, arn } = anyKey(call.world, KeyId, call);
    return rotationDays === undefined
      ? { KeyRotationEnabled: false, KeyId: arn }
      : { KeyRotationEnabled: true, KeyId: arn, RotationPeriodInDays: rotationDays };
  },
});
