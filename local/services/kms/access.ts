import { AwsError } from '../../world/failure.ts';
import type { Access, Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { aliases, type Key, keys } from './tables.ts';

/** Finds a key by its id, ARN, alias name or alias ARN, as KMS takes them. Throws NotFoundException. */
export function findKey(world: World, keyId: string, at: Place): Key {
  const arn = keyId.startsWith('arn:')
    ? keyId
    : `arn:aws:kms:${at.region}:${at.account}:${keyId.startsWith('alias/') ? keyId : `key/${keyId}`}`;
  const key = world.store.in(keys).get(world.store.in(aliases).get(arn)?.keyArn ?? arn);
  if (key === undefined) throw new AwsError('NotFoundException', `Key '${arn}' does not exist`);
  if (!key.enabled) throw new AwsError('DisabledException', `${key.arn} is disabled.`);
  return key;
}

/**
 * The question whether the caller may use a key. `viaService` is the service that uses it for the caller, as `s3`.
 * `kms:ResourceAliases` holds all aliases of the key, however the call names it.
 */
export function keyAccess(world: World, action: string, key: Key, viaService?: string): Access {
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
      'kms:CallerAccount': key.account,
      ...(names.length > 0 ? { 'kms:ResourceAliases': names } : {}),
      ...(viaService === undefined ? {} : { 'kms:ViaService': `${viaService}.${key.region}.amazonaws.com` }),
    },
  };
}
