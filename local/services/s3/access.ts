import { AwsError } from '../../world/failure.ts';
import type { Access } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { encryptionContext, findKey, keyAccess } from '../kms/access.ts';
import type { Key } from '../kms/tables.ts';
import { findBucket, peekObject } from './find.ts';
import type { Bucket } from './tables.ts';

type Context = Readonly<Record<string, string | readonly string[]>>;

/** The question for an action on the bucket itself. Throws NoSuchBucket. */
export const bucketAccess = (world: World, action: string, name: string, context: Context = {}): Access => {
  const bucket = findBucket(world, name);
  return { action: `s3:${action}`, resource: bucket.arn, context, ...policyOf(bucket) };
};

/** The question for an action on an object. `context` is what the request says in S3's own condition keys. */
export function objectAccess(world: World, action: string, name: string, key: string, context: Context = {}): Access {
  const bucket = findBucket(world, name);
  return { action: `s3:${action}`, resource: `${bucket.arn}/${key}`, context, ...policyOf(bucket) };
}

/**
 * The questions for reading an object: the action, or its twin for versions, and the use of the key it is encrypted with. Who may not list
 * the bucket does not learn here whether an object exists: for one that does not, `s3:ListBucket` is asked as well.
 */
export function readAccess(
  world: World,
  name: string,
  key: string,
  versionId?: string,
  actions: readonly [string, string] = ['GetObject', 'GetObjectVersion'],
): Access[] {
  const object = peekObject(world, name, key, versionId);
  const tags = Object.entries(object?.tags ?? {}).map(([tag, value]) => [`s3:ExistingObjectTag/${tag}`, value]);
  const context = {
    ...(Object.fromEntries(tags) as Record<string, string>),
    ...(versionId === undefined ? {} : { 's3:VersionId': versionId }),
  };
  const asked = objectAccess(world, versionId === undefined ? actions[0] : actions[1], name, key, context);
  if (object === undefined)
    return [asked, bucketAccess(world, versionId === undefined ? 'ListBucket' : 'ListBucketVersions', name)];
  return [asked, ...keyUse(world, findBucket(world, name), key, 'Decrypt', object.keyArn)];
}

/** The question for the use of a KMS key through S3, if there is one. Throws KMS's refusals with S3's names. */
export function keyUse(world: World, bucket: Bucket, key: string, action: string, keyId?: string): Access[] {
  if (keyId === undefined) return [];
  const context = encryptionContext({ 'aws:s3:arn': `${bucket.arn}/${key}` });
  return [keyAccess(world, action, bucketKey(world, bucket, keyId), 's3', context)];
}

/** The key that a request or a bucket names, in the account of the bucket. Throws KMS.NotFoundException, KMS.DisabledException, KMS.KMSInvalidStateException. */
export function bucketKey(world: World, bucket: Bucket, keyId: string): Key {
  try {
    return findKey(world, keyId, bucket);
  } catch (error) {
    if (error instanceof AwsError) throw new AwsError(`KMS.${error.code}`, error.message, 400);
    throw error;
  }
}

const policyOf = (bucket: Bucket): Pick<Access, 'owner' | 'policy'> => ({
  owner: bucket.account,
  ...(bucket.policy === undefined
    ? {}
    : { policy: { name: `the policy of bucket ${bucket.name}`, document: bucket.policy } }),
});
