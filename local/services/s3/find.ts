import { AwsError } from '../../world/failure.ts';
import type { Access } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { findKey, keyAccess } from '../kms/access.ts';
import { type Bucket, buckets, type ObjectVersion, objects } from './tables.ts';

/** The bucket of that name. Throws NoSuchBucket. */
export function findBucket(world: World, name: string): Bucket {
  const bucket = world.store.in(buckets).get(name);
  if (bucket === undefined) {
    throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: name });
  }
  return bucket;
}

/** The newest version, or the one named. Throws NoSuchKey, NoSuchVersion. */
export function findObject(world: World, bucket: string, key: string, versionId?: string): ObjectVersion {
  const versions = world.store.in(objects).get(`${bucket}/${key}`) ?? [];
  const found = versionId === undefined ? versions[0] : versions.find((version) => version.versionId === versionId);
  if (found === undefined || (found.deleteMarker && versionId === undefined)) {
    throw versionId === undefined || versions.length === 0
      ? new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { Key: key })
      : new AwsError('NoSuchVersion', 'The specified version does not exist.', 404, { Key: key, VersionId: versionId });
  }
  return found;
}

/** The question for an action on the bucket itself. */
export const bucketAccess = (
  world: World,
  action: string,
  name: string,
  context: Record<string, string> = {},
): Access => {
  const bucket = findBucket(world, name);
  return { action: `s3:${action}`, resource: bucket.arn, context, ...policyOf(bucket) };
};

/** The questions for an action on an object, with the use of its key where it has one. */
export function objectAccess(
  world: World,
  action: string,
  name: string,
  key: string,
  use?: { kmsAction: string; keyArn?: string },
): Access[] {
  const bucket = findBucket(world, name);
  const access: Access = { action: `s3:${action}`, resource: `${bucket.arn}/${key}`, ...policyOf(bucket) };
  if (use?.keyArn === undefined) return [access];
  return [access, keyAccess(world, use.kmsAction, findKey(world, use.keyArn, bucket), 's3')];
}

const policyOf = (bucket: Bucket): Pick<Access, 'owner' | 'policy'> => ({
  owner: bucket.account,
  ...(bucket.policy === undefined
    ? {}
    : { policy: { name: `the policy of bucket ${bucket.name}`, document: bucket.policy } }),
});
