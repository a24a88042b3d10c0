import { AwsError } from '../../world/failure.ts';
import type { Access, Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { usageOf } from './key-specs.ts';
import { aliases, type Key, keys } from './tables.ts';

/** Finds a key in whatever state by its id, ARN, alias name or alias ARN, as KMS takes them. Throws NotFoundException. */
export function anyKey(world: World, keyId: string, at: Place): Key {
  const arn = keyId.startsWith('arn:')
    ? keyId
    : `arn:aws:kms:${at.region}:${at.account}:${keyId.startsWith('alias/') ? keyId : `key/${keyId}`}`;
  const key = world.store.in(keys).get(world.store.in(aliases).get(arn)?.keyArn ?? arn);
  if (key === undefined || isGone(world, key))
    throw new AwsError(
      'NotFoundException',
      arn.includes(':alias/') ? `Alias ${arn} is not found.` : `Key '${arn}' does not exist`,
    );
  return key;
}

/** A key whose waiting time is over is no more. */
export const isGone = (world: World, { deletedAt }: Key): boolean =>
  deletedAt !== undefined && deletedAt <= world.clock.now();

/** Finds a key that may be used. Throws NotFoundException, DisabledException and KMSInvalidStateException. */
export function findKey(world: World, keyId: string, at: Place): Key {
  return usable(anyKey(world, keyId, at));
}

/** The key, unless it is disabled or waits for its end. */
export function usable(key: Key): Key {
  if (key.deletedAt !== undefined) throw new AwsError('KMSInvalidStateException', `${key.arn} is pending deletion.`);
  if (!key.enabled) throw new AwsError('DisabledException', `${key.arn} is disabled.`);
  return key;
}

/** Refuses a key whose usage does not fit an operation. */
export function checkKeyUsage(key: Key, operation: string, usage: 'ENCRYPT_DECRYPT' | 'SIGN_VERIFY'): void {
  if (usageOf(key.spec) !== usage)
    throw new AwsError(
      'InvalidKeyUsageException',
      `${key.arn} key usage is ${usageOf(key.spec)} which is not valid for ${operation}.`,
    );
}

/**
 * The question whether the caller may use a key. `viaService` is the service that uses it for the caller, as `s3`.
 * `kms:ResourceAliases` holds all aliases of the key, however the call names it; `context` is what the operation adds.
 */
export function keyAccess(
  world: World,
  action: string,
  key: Key,
  viaService?: string,
  context: Access['context'] = {},
): Access {
  const names = world.store
    .in(aliases)
    .where((alias) => alias.keyArn === key.arn)
    .map((alias) => alias.name);
  return {
    action: `kms:${action}`,
    resource: key.arn,
    owner: key.account,
    policy: { name: `the key policy of ${names[0] ?? key.arn}`, document: key.policy, kind: 'key' },
    context: {
      'kms:KeyOrigin': 'AWS_KMS',
      'kms:KeySpec': key.spec,
      'kms:KeyUsage': usageOf(key.spec),
      ...Object.fromEntries(Object.entries(key.tags).map(([tag, value]) => [`aws:ResourceTag/${tag}`, value])),
      ...(names.length > 0 ? { 'kms:ResourceAliases': names } : {}),
      ...(viaService === undefined ? {} : { 'kms:ViaService': `${viaService}.${key.region}.amazonaws.com` }),
      ...context,
    },
  };
}

/** The condition keys of an encryption context. */
export const encryptionContext = (
  given: Readonly<Record<string, string>> | undefined,
): Record<string, string | string[]> =>
  given === undefined
    ? {}
    : {
        'kms:EncryptionContextKeys': Object.keys(given),
        ...Object.fromEntries(Object.entries(given).map(([key, value]) => [`kms:EncryptionContext:${key}`, value])),
      };
