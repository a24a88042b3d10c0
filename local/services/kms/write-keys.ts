import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { type Call, operation } from '../../world/service.ts';
import { anyKey, keyAccess } from './access.ts';
import { accountPolicy, checkLockout, readKeyPolicy } from './key-policy.ts';
import { checkUsage, newMaterial, specNames } from './key-specs.ts';
import { shownKey } from './read-keys.ts';
import { type Key, keys } from './tables.ts';

/** Milliseconds of a day of waiting before deletion. */
const day = 86_400_000;

const keyTags = z.array(z.object({ TagKey: z.string().min(1).max(128), TagValue: z.string().max(256) })).max(50);

const tagMap = (tags: z.output<typeof keyTags>): Record<string, string> =>
  Object.fromEntries(tags.map(({ TagKey, TagValue }) => [TagKey, TagValue]));

const tagContext = (tags: z.output<typeof keyTags>): Record<string, string | string[]> =>
  tags.length === 0
    ? {}
    : {
        'aws:TagKeys': tags.map(({ TagKey }) => TagKey),
        ...Object.fromEntries(tags.map(({ TagKey, TagValue }) => [`aws:RequestTag/${TagKey}`, TagValue])),
      };

/** Makes a key. Without a policy, the account's IAM decides about it. */
export const createKey = operation({
  simplified: 'Keys are of one region, made by KMS, and for encryption (symmetric) or signing (RSA, P-256, P-384).',
  input: z.object({
    Policy: z.string().max(32_768).optional(),
    Description: z.string().max(8192).default(''),
    KeySpec: z.enum(specNames).optional(),
    CustomerMasterKeySpec: z.enum(specNames).optional(),
    KeyUsage: z.enum(['ENCRYPT_DECRYPT', 'SIGN_VERIFY']).optional(),
    Origin: z.literal('AWS_KMS').optional(),
    MultiRegion: z.literal(false).optional(),
    BypassPolicyLockoutSafetyCheck: z.boolean().default(false),
    Tags: keyTags.default([]),
  }),
  access: ({ Tags, KeySpec = 'SYMMETRIC_DEFAULT', KeyUsage = 'ENCRYPT_DECRYPT' }) => {
    const context = { ...tagContext(Tags), 'kms:KeySpec': KeySpec, 'kms:KeyUsage': KeyUsage };
    return [
      { action: 'kms:CreateKey', resource: '*', context },
      ...(Tags.length === 0 ? [] : [{ action: 'kms:TagResource', resource: '*', context }]),
    ];
  },
  run: async (wanted, call) => {
    const { world, account, region } = call;
    const spec = wanted.KeySpec ?? wanted.CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT';
    checkUsage(spec, wanted.KeyUsage);
    const policy = wanted.Policy === undefined ? accountPolicy(account) : readKeyPolicy(world, wanted.Policy);
    const id = world.chance.uuid();
    const key: Key = {
      id,
      arn: `arn:aws:kms:${region}:${account}:key/${id}`,
      account,
      region,
      description: wanted.Description,
      policy,
      ...(wanted.Policy === undefined ? {} : { policyText: wanted.Policy }),
      enabled: true,
      spec,
      material: await newMaterial(world, spec),
      tags: tagMap(wanted.Tags),
      createdAt: world.clock.date().toISOString(),
    };
    if (!wanted.BypassPolicyLockoutSafetyCheck) checkLockout(call, key);
    world.store.in(keys).put(key.arn, key);
    return { KeyMetadata: shownKey(key) };
  },
});

/** Changes a key that is not waiting for its end. Throws KMSInvalidStateException. */
function change(call: Call, keyId: string, changed: (key: Key) => Key): Key {
  const key = anyKey(call.world, keyId, call);
  if (key.deletedAt !== undefined) throw new AwsError('KMSInvalidStateException', `${key.arn} is pending deletion.`);
  const after = changed(key);
  call.world.store.in(keys).put(key.arn, after);
  return after;
}

const simpleChange = (action: string, changed: (key: Key) => Key) =>
  operation({
    input: z.object({ KeyId: z.string() }),
    access: ({ KeyId }, call) => [keyAccess(call.world, action, anyKey(call.world, KeyId, call))],
    run: ({ KeyId }, call) => {
      change(call, KeyId, changed);
      return {};
    },
  });

/** Lets a key be used again. */
export const enableKey = simpleChange('EnableKey', (key) => ({ ...key, enabled: true }));

/** Keeps a key from being used. */
export const disableKey = simpleChange('DisableKey', (key) => ({ ...key, enabled: false }));

/** Ends yearly rotation. */
export const disableKeyRotation = simpleChange('DisableKeyRotation', ({ rotationDays: _ended, ...key }) => key);

/** Has a symmetric key rotated. */
export const enableKeyRotation = operation({
  simplified: 'Rotation is remembered, and makes no new material.',
  input: z.object({ KeyId: z.string(), RotationPeriodInDays: z.number().int().min(90).max(2560).default(365) }),
  access: ({ KeyId }, call) => [keyAccess(call.world, 'EnableKeyRotation', anyKey(call.world, KeyId, call))],
  run: ({ KeyId, RotationPeriodInDays }, call) => {
    change(call, KeyId, (key) => {
      if (!key.enabled) throw new AwsError('DisabledException', `${key.arn} is disabled.`);
      if (key.spec !== 'SYMMETRIC_DEFAULT')
        throw new AwsError(
          'UnsupportedOperationException',
          `${key.arn} is asymmetric; only symmetric encryption keys are rotated.`,
        );
      return { ...key, rotationDays: RotationPeriodInDays };
    });
    return {};
  },
});

/** Ends a key after 7 to 30 days; until then it cannot be used, and the end can be called off. */
export const scheduleKeyDeletion = operation({
  input: z.object({ KeyId: z.string(), PendingWindowInDays: z.number().int().min(7).max(30).default(30) }),
  access: ({ KeyId, PendingWindowInDays }, call) => [
    keyAccess(call.world, 'ScheduleKeyDeletion', anyKey(call.world, KeyId, call), undefined, {
      'kms:ScheduleKeyDeletionPendingWindowInDays': String(PendingWindowInDays),
    }),
  ],
  run: ({ KeyId, PendingWindowInDays }, call) => {
    const key = change(call, KeyId, (each) => pending(each, call.world.clock.now(), PendingWindowInDays));
    return {
      KeyId: key.arn,
      DeletionDate: new Date(key.deletedAt ?? 0),
      KeyState: 'PendingDeletion',
      PendingWindowInDays,
    };
  },
});

/** A key that ends in so many days. */
export const pending = (key: Key, now: number, days: number): Key => ({
  ...key,
  deletedAt: now + days * day,
  waitingDays: days,
});

/** Calls a deletion off; the key is disabled then. */
export const cancelKeyDeletion = operation({
  input: z.object({ KeyId: z.string() }),
  access: ({ KeyId }, call) => [keyAccess(call.world, 'CancelKeyDeletion', anyKey(call.world, KeyId, call))],
  run: ({ KeyId }, call) => {
    const { deletedAt, waitingDays: _days, ...key } = anyKey(call.world, KeyId, call);
    if (deletedAt === undefined) throw new AwsError('KMSInvalidStateException', `${key.arn} is not pending deletion.`);
    call.world.store.in(keys).put(key.arn, { ...key, enabled: false });
    return { KeyId: key.arn };
  },
});

/** A new description. */
export const updateKeyDescription = operation({
  input: z.object({ KeyId: z.string(), Description: z.string().max(8192) }),
  access: ({ KeyId }, call) => [keyAccess(call.world, 'UpdateKeyDescription', anyKey(call.world, KeyId, call))],
  run: ({ KeyId, Description }, call) => {
    change(call, KeyId, (key) => ({ ...key, description: Description }));
    return {};
  },
});

/** Puts tags on a key; others stay. */
export const tagResource = operation({
  input: z.object({ KeyId: z.string(), Tags: keyTags }),
  access: ({ KeyId, Tags }, call) => [
    keyAccess(call.world, 'TagResource', anyKey(call.world, KeyId, call), undefined, tagContext(Tags)),
  ],
  run: ({ KeyId, Tags }, call) => {
    change(call, KeyId, (key) => ({ ...key, tags: { ...key.tags, ...tagMap(Tags) } }));
    return {};
  },
});

/** Takes tags off a key. */
export const untagResource = operation({
  input: z.object({ KeyId: z.string(), TagKeys: z.array(z.string()) }),
  access: ({ KeyId, TagKeys }, call) => [
    keyAccess(call.world, 'UntagResource', anyKey(call.world, KeyId, call), undefined, { 'aws:TagKeys': TagKeys }),
  ],
  run: ({ KeyId, TagKeys }, call) => {
    const kept = (tags: Key['tags']) => Object.entries(tags).filter(([key]) => !TagKeys.includes(key));
    change(call, KeyId, (key) => ({ ...key, tags: Object.fromEntries(kept(key.tags)) }));
    return {};
  },
});

/** Replaces a key's policy. */
export const putKeyPolicy = operation({
  input: z.object({
    KeyId: z.string(),
    PolicyName: z.literal('default').default('default'),
    Policy: z.string().min(1).max(32_768),
    BypassPolicyLockoutSafetyCheck: z.boolean().default(false),
  }),
  access: ({ KeyId, BypassPolicyLockoutSafetyCheck: bypass }, call) => [
    keyAccess(call.world, 'PutKeyPolicy', anyKey(call.world, KeyId, call), undefined, {
      'kms:BypassPolicyLockoutSafetyCheck': String(bypass),
    }),
  ],
  run: ({ KeyId, Policy, BypassPolicyLockoutSafetyCheck }, call) => {
    change(call, KeyId, (key) => {
      const after = { ...key, policy: readKeyPolicy(call.world, Policy), policyText: Policy };
      if (!BypassPolicyLockoutSafetyCheck) checkLockout(call, after);
      return after;
    });
    return {};
  },
});
