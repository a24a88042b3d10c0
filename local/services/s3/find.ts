import { AwsError } from '../../world/failure.ts';
import type { World } from '../../world/world.ts';
import { headersOf } from './refusals.ts';
import { type Bucket, buckets, type ObjectVersion, objects } from './tables.ts';

/** The bucket of that name. Throws NoSuchBucket. */
export function findBucket(world: World, name: string): Bucket {
  const bucket = world.store.in(buckets).get(name);
  if (bucket === undefined) {
    throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: name });
  }
  return bucket;
}

/** All versions of a key, newest first, delete markers among them. */
export const versionsOf = (world: World, bucket: string, key: string): readonly ObjectVersion[] =>
  world.store.in(objects).get(`${bucket}/${key}`) ?? [];

/** The version asked for, or the newest one; undefined when there is none or it is a delete marker. */
export function peekObject(world: World, bucket: string, key: string, versionId?: string): ObjectVersion | undefined {
  const versions = versionsOf(world, bucket, key);
  const found = versionId === undefined ? versions[0] : versions.find((version) => version.versionId === versionId);
  return found?.deleteMarker ? undefined : found;
}

/**
 * The newest version, or the one named. Throws NoSuchBucket, NoSuchKey, NoSuchVersion, and MethodNotAllowed for a delete marker that is
 * asked by its id.
 */
export function findObject(world: World, bucket: string, key: string, versionId?: string): ObjectVersion {
  findBucket(world, bucket);
  const versions = versionsOf(world, bucket, key);
  const found = versionId === undefined ? versions[0] : versions.find((version) => version.versionId === versionId);
  if (found !== undefined && !found.deleteMarker) return found;
  if (found === undefined && versionId !== undefined) throw noSuchVersion(key, versionId);
  const marker = found === undefined ? {} : { DeleteMarker: true, VersionId: found.versionId };
  if (found !== undefined && versionId !== undefined)
    throw new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', 405, {
      Method: 'GET',
      ResourceType: 'DeleteMarker',
      ...headersOf({ ...marker, Allow: 'DELETE', LastModified: new Date(found.modifiedAt) }),
    });
  throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { Key: key, ...headersOf(marker) });
}

function noSuchVersion(key: string, versionId: string): AwsError {
  if (!/^(null|[0-9a-f]{32})$/.test(versionId))
    return new AwsError('InvalidArgument', 'Invalid version id specified', 400, {
      ArgumentName: 'versionId',
      ArgumentValue: versionId,
    });
  const text = 'The specified version does not exist.';
  return new AwsError('NoSuchVersion', text, 404, { Key: key, VersionId: versionId });
}
