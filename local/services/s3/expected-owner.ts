import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import type { Operation } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { copySourceOf } from './copy-source.ts';
import { buckets } from './tables.ts';

const expectations = {
  ExpectedBucketOwner: z.string().optional(),
  ExpectedSourceBucketOwner: z.string().optional(),
};

interface Expecting {
  readonly Bucket?: string;
  readonly CopySource?: string;
  readonly ExpectedBucketOwner?: string;
  readonly ExpectedSourceBucketOwner?: string;
}

/** The operation, refused with AccessDenied when its bucket, or the one it copies from, is not of the account that the caller expects. */
export function withExpectedOwner(operation: Operation): Operation {
  return {
    ...operation,
    input: (operation.input as z.ZodObject).extend(expectations),
    access: (input, call) => {
      const { Bucket, CopySource, ExpectedBucketOwner, ExpectedSourceBucketOwner } = input as Expecting;
      check(call.world, Bucket, ExpectedBucketOwner);
      if (CopySource !== undefined) check(call.world, copySourceOf(CopySource).bucket, ExpectedSourceBucketOwner);
      return operation.access(input, call);
    },
  };
}

function check(world: World, name: string | undefined, expected: string | undefined): void {
  const owner = world.store.in(buckets).get(name ?? '')?.account;
  if (expected !== undefined && owner !== undefined && owner !== expected)
    throw new AwsError('AccessDenied', 'Access Denied', 403);
}
