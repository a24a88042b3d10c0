import { z } from 'zod';
import { operation } from '../../world/service.ts';
import { bucketAccess } from './access.ts';
import { findBucket } from './find.ts';
import { invalidArgument, malformedXml } from './refusals.ts';
import { buckets } from './tables.ts';
import { listOf } from './xml-input.ts';

const named = z.object({ Bucket: z.string() });

/** How a bucket encrypts: with its key, or with S3's own as every bucket does since 2023. */
export const getBucketEncryption = operation({
  input: named,
  access: ({ Bucket }, { world }) => [bucketAccess(world, 'GetEncryptionConfiguration', Bucket)],
  run: ({ Bucket }, { world }) => {
    const { keyArn } = findBucket(world, Bucket);
    const byDefault =
      keyArn === undefined ? { SSEAlgorithm: 'AES256' } : { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: keyArn };
    return { Rule: [{ ApplyServerSideEncryptionByDefault: byDefault, BucketKeyEnabled: false }] };
  },
});

const rule = z.object({
  ApplyServerSideEncryptionByDefault: z.strictObject({
    SSEAlgorithm: z.string(),
    KMSMasterKeyID: z.string().optional(),
  }),
  BucketKeyEnabled: z.string().optional(),
});

/** Sets the key that new objects are encrypted with when their request names none. */
export const putBucketEncryption = operation({
  simplified: 'Bucket keys have no effect; aws:kms without a key is AES256.',
  input: named.extend({ ServerSideEncryptionConfiguration: z.strictObject({ Rule: listOf(rule) }) }),
  access: ({ Bucket }, { world }) => [bucketAccess(world, 'PutEncryptionConfiguration', Bucket)],
  run: ({ Bucket, ServerSideEncryptionConfiguration }, { world }) => {
    const [first] = ServerSideEncryptionConfiguration.Rule;
    if (first === undefined) throw malformedXml();
    const { SSEAlgorithm, KMSMasterKeyID } = first.ApplyServerSideEncryptionByDefault;
    if (!['AES256', 'aws:kms'].includes(SSEAlgorithm))
      throw invalidArgument('The encryption method specified is not supported', 'SSEAlgorithm', SSEAlgorithm);
    if (KMSMasterKeyID !== undefined && SSEAlgorithm !== 'aws:kms')
      throw invalidArgument(
        'a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms',
        'KMSMasterKeyID',
        KMSMasterKeyID,
      );
    world.store.in(buckets).update(Bucket, ({ keyArn: _keyArn, ...row }) => ({
      ...row,
      ...(KMSMasterKeyID === undefined ? {} : { keyArn: KMSMasterKeyID }),
    }));
    return {};
  },
});

/** Back to S3's own key. */
export const deleteBucketEncryption = operation({
  input: named,
  access: ({ Bucket }, { world }) => [bucketAccess(world, 'PutEncryptionConfiguration', Bucket)],
  run: ({ Bucket }, { world }) => {
    world.store.in(buckets).update(Bucket, ({ keyArn: _keyArn, ...row }) => row);
    return {};
  },
});
