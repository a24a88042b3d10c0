import { Stack } from 'aws-cdk-lib';
import { Bucket, type CfnBucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { openEnds } from '../shared/constructs/acknowledge.ts';
import { narrowed } from '../shared/constructs/narrowed.ts';
import { artifactObjects } from '../shared/names.ts';
import type { Artifacts } from './artifacts.ts';

/**
 * The environment's store as one pipeline sees it: whatever a CDK action is granted here, it is granted on this pipeline's artifacts, so
 * the build of one repository cannot replace what another deploys. Pipelines whose names agree in their first 20 characters share a
 * beginning of their keys, and this bound with it.
 */
export class PipelineArtifacts extends Construct {
  readonly bucket: IBucket;
  /** What CDK's grants leave open, for those who are granted something. */
  readonly openEnds: readonly string[];

  constructor(scope: Construct, id: string, artifacts: Artifacts, pipeline: string) {
    super(scope, id);
    const { bucketName, node } = artifacts.bucket;
    const objects = artifactObjects(pipeline);
    // Imported by name: policies of pipelines must not change the bucket's own, which names nobody that must exist first.
    const bucket = Bucket.fromBucketAttributes(this, 'Bucket', { bucketName, encryptionKey: artifacts.key });
    this.bucket = narrowed(bucket, objects);
    const bucketId = Stack.of(this).getLogicalId(node.defaultChild as CfnBucket);
    this.openEnds = openEnds(grantedActions, [`arn:aws:s3:::<${bucketId}>/${objects}`]);
  }
}

/** Stars in the actions that CDK grants. */
const grantedActions = [
  ...['Abort*', 'DeleteObject*', 'GetBucket*', 'GetObject*', 'List*'].map((name) => `s3:${name}`),
  ...['kms:GenerateDataKey*', 'kms:ReEncrypt*'],
];
