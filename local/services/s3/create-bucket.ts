import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { flag } from '../../world/properties.ts';
import { operation } from '../../world/service.ts';
import { bucketAccess } from './access.ts';
import { deleteBucketRow, newBucket, withVersioning } from './bucket-row.ts';
import { buckets } from './tables.ts';
import { readTags, tagging } from './tags.ts';
import { emptyElement } from './xml-input.ts';

const configuration = z.union([
  emptyElement.transform(() => ({ LocationConstraint: undefined, Tags: undefined })),
  z.strictObject({ LocationConstraint: z.string().optional(), Tags: z.unknown().optional() }),
]);

/** Makes a bucket in the region of the call. */
export const createBucket = operation({
  simplified: 'ACLs are accepted and have no effect; directory buckets are refused.',
  input: z.object({
    Bucket: z.string(),
    CreateBucketConfiguration: configuration.optional(),
    ObjectLockEnabledForBucket: flag.default(false),
    ObjectOwnership: z.enum(['BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter']).optional(),
  }),
  access: ({ Bucket, CreateBucketConfiguration: { LocationConstraint } = {}, ObjectLockEnabledForBucket }) => {
    const context: Record<string, string> =
      LocationConstraint === undefined ? {} : { 's3:LocationConstraint': LocationConstraint };
    const actions = [
      'CreateBucket',
      ...(ObjectLockEnabledForBucket ? ['PutBucketObjectLockConfiguration', 'PutBucketVersioning'] : []),
    ];
    return actions.map((action) => ({ action: `s3:${action}`, resource: `arn:aws:s3:::${Bucket}`, context }));
  },
  run: (wanted, { world, account, region }) => {
    checkLocation(wanted.CreateBucketConfiguration?.LocationConstraint, region);
    const tags = tagging.safeParse({ TagSet: wanted.CreateBucketConfiguration?.Tags ?? '' });
    const made = newBucket(world, wanted.Bucket, { account, region });
    const set = tags.success ? Object.entries(readTags(tags.data.TagSet, 50)) : [];
    const bucket = {
      ...made,
      configurations: {
        ...made.configurations,
        ...(wanted.ObjectOwnership === undefined
          ? {}
          : { ownershipControls: { Rule: { ObjectOwnership: wanted.ObjectOwnership } } }),
        ...(set.length === 0 ? {} : { tagging: { TagSet: { Tag: set.map(([Key, Value]) => ({ Key, Value })) } } }),
      },
    };
    world.store
      .in(buckets)
      .put(
        wanted.Bucket,
        wanted.ObjectLockEnabledForBucket ? { ...withVersioning(bucket, true), objectLock: {} } : bucket,
      );
    return { Location: `/${wanted.Bucket}` };
  },
});

/** Only us-east-1 goes without a name. */
function checkLocation(wanted: string | undefined, region: string): void {
  if (wanted === undefined ? region === 'us-east-1' : wanted === region && region !== 'us-east-1') return;
  if (wanted === 'us-east-1')
    throw new AwsError('InvalidLocationConstraint', 'The specified location-constraint is not valid', 400, {
      LocationConstraint: wanted,
    });
  throw new AwsError(
    'IllegalLocationConstraintException',
    `The ${wanted ?? 'unspecified'} location constraint is incompatible for the region specific endpoint this request was sent to.`,
  );
}

/** Deletes a bucket that holds nothing. */
export const deleteBucket = operation({
  input: z.object({ Bucket: z.string() }),
  access: ({ Bucket }, { world }) => [bucketAccess(world, 'DeleteBucket', Bucket)],
  run: async ({ Bucket }, { world }) => {
    await deleteBucketRow(world, Bucket);
    return {};
  },
});
