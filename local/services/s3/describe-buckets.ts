import { z } from 'zod';
import { operation } from '../../world/service.ts';
import { bucketAccess, findBucket } from './find.ts';
import { buckets } from './tables.ts';

const named = z.object({ Bucket: z.string() });

/** The caller's buckets, by name. */
export const listBuckets = operation({
  input: z.object({}),
  access: () => [{ action: 's3:ListAllMyBuckets', resource: '*' }],
  run: (_input, { world, account }) => ({
    Buckets: world.store
      .in(buckets)
      .where((bucket) => bucket.account === account)
      .map(({ name, createdAt }) => ({ Name: name, CreationDate: new Date(createdAt) })),
    Owner: { ID: account, DisplayName: account },
  }),
});

/** Whether the bucket exists and may be listed. */
export const headBucket = operation({
  input: named,
  access: ({ Bucket }, { world }) => [bucketAccess(world, 'ListBucket', Bucket)],
  run: ({ Bucket }, { world }) => ({ BucketRegion: findBucket(world, Bucket).region }),
});

/** The bucket's region. */
export const getBucketLocation = operation({
  input: named,
  access: ({ Bucket }, { world }) => [bucketAccess(world, 'GetBucketLocation', Bucket)],
  run: ({ Bucket }, { world }) => ({ LocationConstraint: findBucket(world, Bucket).region }),
});

/** Whether the bucket keeps versions. */
export const getBucketVersioning = operation({
  input: named,
  access: ({ Bucket }, { world }) => [bucketAccess(world, 'GetBucketVersioning', Bucket)],
  run: ({ Bucket }, { world }) => (findBucket(world, Bucket).versioned ? { Status: 'Enabled' } : {}),
});
