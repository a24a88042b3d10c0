import { z } from 'zod';
import { operation } from '../../world/service.ts';
import { bucketAccess, objectAccess } from './access.ts';
import { withVersioning } from './bucket-row.ts';
import { findBucket, findObject } from './find.ts';
import { byBytes } from './listing.ts';
import { count } from './listing-input.ts';
import { malformedXml } from './refusals.ts';
import { buckets } from './tables.ts';

const named = z.object({ Bucket: z.string() });

/** The caller's buckets, by name. */
export const listBuckets = operation({
  input: z.object({
    Prefix: z.string().default(''),
    MaxBuckets: count('max-buckets', 10_000),
    ContinuationToken: z.string().optional(),
    BucketRegion: z.string().optional(),
  }),
  access: () => [{ action: 's3:ListAllMyBuckets', resource: '*' }],
  run: ({ Prefix, MaxBuckets, ContinuationToken = '', BucketRegion }, { world, account }) => {
    const after = Buffer.from(ContinuationToken, 'base64').toString();
    const all = world.store
      .in(buckets)
      .where((bucket) => bucket.account === account && bucket.name.startsWith(Prefix) && bucket.name > after)
      .filter(({ region }) => BucketRegion === undefined || region === BucketRegion)
      .toSorted((a, b) => byBytes(a.name, b.name));
    const page = all.slice(0, MaxBuckets);
    return {
      Owner: { ID: account },
      Buckets: {
        Bucket: page.map(({ name, createdAt, region, arn }) => ({
          ...{ Name: name, CreationDate: new Date(createdAt), BucketRegion: region, BucketArn: arn },
        })),
      },
      ...(all.length > page.length && page.length > 0
        ? { ContinuationToken: Buffer.from(page.at(-1)?.name ?? '').toString('base64') }
        : {}),
      ...(Prefix === '' ? {} : { Prefix }),
    };
  },
});

/** Whether the bucket exists and may be listed. */
export const headBucket = operation({
  input: named,
  access: ({ Bucket }, { world }) => [bucketAccess(world, 'ListBucket', Bucket)],
  run: ({ Bucket }, { world }) => ({ BucketRegion: findBucket(world, Bucket).region, AccessPointAlias: false }),
});

/** The bucket's region; that of us-east-1 has no name here. */
export const getBucketLocation = operation({
  input: named,
  access: ({ Bucket }, { world }) => [bucketAccess(world, 'GetBucketLocation', Bucket)],
  run: ({ Bucket }, { world }) => {
    const { region } = findBucket(world, Bucket);
    return region === 'us-east-1' ? {} : { LocationConstraint: region };
  },
});

/** Whether the bucket keeps versions; nothing is said of one that never did. */
export const getBucketVersioning = operation({
  input: named,
  access: ({ Bucket }, { world }) => [bucketAccess(world, 'GetBucketVersioning', Bucket)],
  run: ({ Bucket }, { world }) => {
    const { versioned, suspended } = findBucket(world, Bucket);
    return versioned ? { Status: 'Enabled' } : suspended ? { Status: 'Suspended' } : {};
  },
});

/** Turns versions on, or off for what comes. */
export const putBucketVersioning = operation({
  simplified: 'MFA delete cannot be enabled.',
  input: named.extend({
    VersioningConfiguration: z.strictObject({
      Status: z.enum(['Enabled', 'Suspended']).optional(),
      MfaDelete: z.literal('Disabled').optional(),
    }),
  }),
  access: ({ Bucket }, { world }) => [bucketAccess(world, 'PutBucketVersioning', Bucket)],
  run: ({ Bucket, VersioningConfiguration: { Status } }, { world }) => {
    if (Status === undefined) throw malformedXml();
    const changed = withVersioning(findBucket(world, Bucket), Status === 'Enabled');
    world.store.in(buckets).put(Bucket, changed);
    return {};
  },
});

/** The owner's full control, which is all there is where the bucket's owner owns everything. */
export const getBucketAcl = operation({
  simplified: 'ACLs are those of a bucket that enforces its owner.',
  input: named,
  access: ({ Bucket }, { world }) => [bucketAccess(world, 'GetBucketAcl', Bucket)],
  run: ({ Bucket }, { world }) => acl(findBucket(world, Bucket).account),
});

/** The same of an object. */
export const getObjectAcl = operation({
  simplified: 'ACLs are those of a bucket that enforces its owner.',
  input: named.extend({ Key: z.string(), VersionId: z.string().optional() }),
  access: ({ Bucket, Key, VersionId }, { world }) => [
    objectAccess(world, VersionId === undefined ? 'GetObjectAcl' : 'GetObjectVersionAcl', Bucket, Key),
  ],
  run: ({ Bucket, Key, VersionId }, { world }) => {
    findObject(world, Bucket, Key, VersionId);
    return acl(findBucket(world, Bucket).account);
  },
});

const acl = (account: string) => ({
  Owner: { ID: account },
  AccessControlList: {
    Grant: [{ Grantee: { '@xsi:type': 'CanonicalUser', ID: account }, Permission: 'FULL_CONTROL' }],
  },
});
