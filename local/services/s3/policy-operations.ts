import { z } from 'zod';
import { parsePolicy } from '../../../languages/iam-policy/parse.ts';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import { bucketAccess } from './access.ts';
import { findBucket } from './find.ts';
import { buckets } from './tables.ts';

const named = z.object({ Bucket: z.string() });

/** A bucket's policy, as JSON text. */
export const getBucketPolicy = operation({
  input: named,
  access: ({ Bucket }, { world }) => [bucketAccess(world, 'GetBucketPolicy', Bucket)],
  run: ({ Bucket }, { world }) => {
    const { policy } = findBucket(world, Bucket);
    if (policy === undefined)
      throw new AwsError('NoSuchBucketPolicy', 'The bucket policy does not exist', 404, { BucketName: Bucket });
    return { Policy: JSON.stringify(policy) };
  },
});

/** Replaces a bucket's policy. */
export const putBucketPolicy = operation({
  simplified:
    'Principals and resources that do not exist are accepted, and so is a public policy under a public access block.',
  input: named.extend({ Policy: z.string() }),
  access: ({ Bucket }, { world }) => [bucketAccess(world, 'PutBucketPolicy', Bucket)],
  run: ({ Bucket, Policy }, { world }) => {
    const policy = readPolicy(Policy);
    world.store.in(buckets).update(Bucket, (row) => ({ ...row, policy }));
    return {};
  },
});

/** Takes a bucket's policy away; none is no mistake. */
export const deleteBucketPolicy = operation({
  input: named,
  access: ({ Bucket }, { world }) => [bucketAccess(world, 'DeleteBucketPolicy', Bucket)],
  run: ({ Bucket }, { world }) => {
    world.store.in(buckets).update(Bucket, ({ policy: _policy, ...row }) => row);
    return {};
  },
});

const largestPolicyBytes = 20_480;

function readPolicy(text: string): unknown {
  if (Buffer.byteLength(text) > largestPolicyBytes)
    throw new AwsError(
      'PolicyTooLarge',
      `Policy exceeds the maximum allowed document size of ${largestPolicyBytes} bytes`,
    );
  let policy: unknown;
  try {
    policy = text.startsWith('{') ? JSON.parse(text) : undefined;
  } catch {
    policy = undefined;
  }
  if (policy === undefined)
    throw new AwsError('MalformedPolicy', "Policies must be valid JSON and the first byte must be '{'");
  try {
    parsePolicy(policy);
  } catch (error) {
    throw new AwsError('MalformedPolicy', error instanceof Error ? error.message : 'The policy is not valid.');
  }
  return policy;
}
