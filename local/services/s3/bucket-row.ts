import { AwsError } from '../../world/failure.ts';
import type { Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { removeFiles } from './store-object.ts';
import { type Bucket, buckets, objects, uploads } from './tables.ts';

/** What every new bucket has since 2023: nothing of it is public, and everything in it is its owner's. */
const beginnings: Bucket['configurations'] = {
  publicAccessBlock: {
    BlockPublicAcls: 'true',
    IgnorePublicAcls: 'true',
    BlockPublicPolicy: 'true',
    RestrictPublicBuckets: 'true',
  },
  ownershipControls: { Rule: { ObjectOwnership: 'BucketOwnerEnforced' } },
};

/** A new bucket without settings. Throws InvalidBucketName, BucketAlreadyOwnedByYou and BucketAlreadyExists. */
export function newBucket(world: World, name: string, { account, region }: Place): Bucket {
  const bad = !/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) || /\.\.|^\d+\.\d+\.\d+\.\d+$|^xn--/.test(name);
  if (bad) throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.', 400, { BucketName: name });
  const known = world.store.in(buckets).get(name);
  if (known?.account === account)
    throw new AwsError(
      'BucketAlreadyOwnedByYou',
      'Your previous request to create the named bucket succeeded and you already own it.',
      409,
      { BucketName: name },
    );
  if (known !== undefined)
    throw new AwsError(
      'BucketAlreadyExists',
      'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.',
      409,
      { BucketName: name },
    );
  return {
    ...{ name, account, region, arn: `arn:aws:s3:::${name}`, versioned: false },
    configurations: beginnings,
    createdAt: world.clock.date().toISOString(),
  };
}

/** Deletes a bucket that holds nothing; uploads that are not completed go with it. Throws BucketNotEmpty. */
export async function deleteBucketRow(world: World, name: string): Promise<void> {
  const [full] = world.store.in(objects).where((versions, id) => versions.length > 0 && id.startsWith(`${name}/`));
  if (full !== undefined)
    throw new AwsError('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409, { BucketName: name });
  world.store.in(buckets).delete(name);
  for (const upload of world.store.in(uploads).where(({ bucket }) => bucket === name)) {
    world.store.in(uploads).delete(upload.id);
    await removeFiles([...upload.parts.values()]);
  }
}

/** Versioning turned on or off; what had versions keeps those it has. Throws InvalidBucketState for a bucket with Object Lock. */
export function withVersioning(bucket: Bucket, enabled: boolean): Bucket {
  if (!enabled && bucket.objectLock !== undefined)
    throw new AwsError(
      'InvalidBucketState',
      'An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.',
      409,
    );
  return { ...bucket, versioned: enabled, suspended: !enabled };
}
