import { Stack } from 'aws-cdk-lib';
import type { Artifact, IAction } from 'aws-cdk-lib/aws-codepipeline';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Bucket, type CfnBucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledge, openEnds } from '../shared/constructs/acknowledge.ts';
import { narrowed } from '../shared/constructs/narrowed.ts';
import { artifactObjects } from '../shared/names.ts';
import type { Artifacts } from './artifacts.ts';

/**
 * The environment's store as one pipeline sees it. CodePipeline itself reads and writes the pipeline's artifacts; who acts in it reads
 * the artifacts that its action names as inputs, writes those it names as outputs, and can neither list nor delete. A key ends in
 * characters by chance, so a build cannot find, and not replace, what another execution built and nobody has approved yet. Decision 7.
 */
export class PipelineArtifacts extends Construct {
  /** For the pipeline itself. */
  readonly bucket: IBucket;
  readonly #store: Artifacts;
  readonly #pipeline: string;

  constructor(scope: Construct, id: string, store: Artifacts, pipeline: string) {
    super(scope, id);
    this.#store = store;
    this.#pipeline = pipeline;
    const objects = artifactObjects(pipeline);
    this.bucket = narrowed(this.#bucket('Bucket'), objects);
    this.#acknowledge(grantedActions, objects);
  }

  /** The action, which can grant only what it says of itself: reading its inputs and writing its outputs. */
  confined(action: IAction): IAction {
    const properties = action.actionProperties;
    const { actionName, inputs = [], outputs = [] } = properties;
    return {
      actionProperties: properties,
      bind: (scope, stage, options) => {
        const bucket = this.#bucket(`${stage.stageName}-${actionName}`);
        const read = (grantee: IGrantable) => this.grantRead(grantee, inputs);
        const write = (grantee: IGrantable) => this.#grantWrite(grantee, outputs);
        const nothing = (grantee: IGrantable) => Grant.drop(grantee, 'actions delete no artifacts');
        Object.assign(bucket, {
          grantRead: read,
          grantWrite: write,
          grantPut: write,
          grantPutAcl: nothing,
          grantDelete: nothing,
          grantReadWrite: (grantee: IGrantable) => read(grantee).combine(write(grantee)),
        });
        return action.bind(scope, stage, { ...options, bucket });
      },
      onStateChange: (name, target, options) => action.onStateChange(name, target, options),
    };
  }

  /** Lets somebody read these artifacts, of any execution, when it knows their keys. */
  grantRead(grantee: IGrantable, artifacts: readonly Artifact[]): Grant {
    return this.#grant(grantee, ['s3:GetObject', 's3:GetObjectVersion'], artifacts).combine(
      this.#store.key.grantDecrypt(grantee),
    );
  }

  #grantWrite(grantee: IGrantable, artifacts: readonly Artifact[]): Grant {
    return this.#grant(grantee, ['s3:PutObject', 's3:AbortMultipartUpload'], artifacts).combine(
      this.#store.key.grantEncrypt(grantee),
    );
  }

  #grant(grantee: IGrantable, actions: string[], artifacts: readonly Artifact[]): Grant {
    if (artifacts.length === 0) return Grant.drop(grantee, 'the action has no such artifacts');
    const objects = artifacts.map(({ artifactName = '*' }) => artifactObjects(this.#pipeline, artifactName));
    this.#acknowledge([], ...objects);
    const about = ['s3:GetBucketAcl', 's3:GetBucketLocation'];
    return Grant.addToPrincipal({
      grantee,
      actions,
      resourceArns: objects.map((pattern) => this.bucket.arnForObjects(pattern)),
    }).combine(Grant.addToPrincipal({ grantee, actions: about, resourceArns: [this.bucket.bucketArn] }));
  }

  /** Imported by name: policies of pipelines must not change the bucket's own, which names nobody that must exist first. */
  #bucket(id: string): IBucket {
    const { bucketName } = this.#store.bucket;
    return Bucket.fromBucketAttributes(this, id, { bucketName, encryptionKey: this.#store.key });
  }

  #acknowledge(actions: readonly string[], ...objects: readonly string[]): void {
    const bucket = Stack.of(this).getLogicalId(this.#store.bucket.node.defaultChild as CfnBucket);
    const open = openEnds(
      actions,
      objects.map((pattern) => `arn:aws:s3:::<${bucket}>/${pattern}`),
    );
    acknowledge(this.node.scope as Construct, "artifacts have names by chance, below the pipeline's own", open);
  }
}

/** Stars in the actions that CDK grants to pipelines, and on keys. */
const grantedActions = [
  ...['Abort*', 'DeleteObject*', 'GetBucket*', 'GetObject*', 'List*'].map((name) => `s3:${name}`),
  ...['kms:GenerateDataKey*', 'kms:ReEncrypt*'],
];
