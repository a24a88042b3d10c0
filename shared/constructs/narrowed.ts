import type { IBucket } from 'aws-cdk-lib/aws-s3';

/** All that CDK's own actions ask a bucket for. */
const grants = ['grantRead', 'grantWrite', 'grantReadWrite', 'grantPut', 'grantDelete'] as const;

/**
 * The bucket, on which from now on whatever is granted is granted on these objects alone: `orders-dev/*`. A grant that names objects of
 * its own is a mistake in the code that asks: Error.
 */
export function narrowed(bucket: IBucket, objects: string): IBucket {
  for (const grant of grants) {
    const onAll = bucket[grant].bind(bucket);
    bucket[grant] = (grantee, asked: unknown = objects) => {
      if (asked !== objects) throw new Error(`${grant} on ${String(asked)}: this bucket is narrowed to ${objects}`);
      return onAll(grantee, objects);
    };
  }
  return bucket;
}
