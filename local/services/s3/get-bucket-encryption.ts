import { z } from 'zod';
import { operation } from '../../world/service.ts';
import { bucketAccess, findBucket } from './find.ts';

/** How a bucket encrypts: with its key, or with S3's own as every bucket does since 2023. */
export const getBucketEncryption = operation({
  input: z.object({ Bucket: z.string() }),
  access: ({ Bucket }, { world }) => [bucketAccess(world, 'GetEncryptionConfiguration', Bucket)],
  run: ({ Bucket }, { world }) => {
    const { keyArn } = findBucket(world, Bucket);
    const byDefault =
      keyArn === undefined ? { SSEAlgorithm: 'AES256' } : { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: keyArn };
    return { Rule: [{ ApplyServerSideEncryptionByDefault: byDefault, BucketKeyEnabled: false }] };
  },
});
