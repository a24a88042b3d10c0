import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AccountPrincipal, AccountRootPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledge } from '../shared/constructs/acknowledge.ts';
import {
  artifactBucketName,
  artifactKeyAlias,
  artifactObjects,
  deployerRole,
  deploymentRole,
  type NamedEnvironment,
  pipelineName,
  sourceRole,
} from '../shared/names.ts';
import type { Environment, Organisation } from '../shared/organisation-schema.ts';

/** An account that a service's pipeline deploys to. */
export interface Target {
  readonly target: NamedEnvironment;
  readonly service: string;
}

/** Run's store: the environment's own bucket and key, which the DevOps account's source role may put commits into. */
export class Artifacts extends Construct {
  readonly bucket: Bucket;
  /** Imported by name: policies of pipelines must not change the key's own, which names nobody that must exist first. */
  readonly key: IKey;
  readonly #ownKey: Key;
  readonly #organisation: Organisation;
  readonly #environment: Environment;

  constructor(scope: Construct, id: string, organisation: Organisation, environment: Environment) {
    super(scope, id);
    this.#organisation = organisation;
    this.#environment = environment;
    const key = this.#makeKey();
    this.#ownKey = key;
    this.bucket = this.#makeBucket(key);
    this.key = Key.fromKeyArn(this, 'ImportedKey', key.keyArn);
  }

  /** Lets roles in other accounts read what the pipelines make that deploy there. The roles may come later. */
  admit(targets: readonly Target[]): void {
    targets.forEach(({ target, service }, index) => {
      const principals = [new AccountPrincipal(target.account)];
      const roles = [deployerRole(target, service).arn, deploymentRole(target, service).arn];
      const conditions = { ArnEquals: { 'aws:PrincipalArn': roles } };
      const objects = artifactObjects(pipelineName(service, this.#environment.name));
      this.bucket.addToResourcePolicy(
        new PolicyStatement({
          sid: `Target${index}`,
          principals,
          actions: ['s3:GetObject', 's3:GetObjectVersion'],
          resources: [this.bucket.arnForObjects(objects)],
          conditions,
        }),
      );
      this.#ownKey.addToResourcePolicy(
        new PolicyStatement({
          sid: `Target${index}`,
          principals,
          actions: ['kms:Decrypt'],
          resources: ['*'],
          conditions,
        }),
      );
    });
  }

  #makeKey(): Key {
    const admin = new PolicyStatement({
      sid: 'OwnAccount',
      principals: [new AccountRootPrincipal()],
      actions: ['kms:*'],
      resources: ['*'],
    });
    const source = this.#forSourceRole(
      'SourceRole',
      ['kms:DescribeKey', 'kms:GenerateDataKey*', 'kms:Encrypt', 'kms:ReEncrypt*', 'kms:Decrypt'],
      ['*'],
    );
    const key = new Key(this, 'Key', {
      description: `Artifacts of environment ${this.#environment.name}`,
      enableKeyRotation: true,
      policy: new PolicyDocument({ statements: [admin, source] }),
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    key.addAlias(artifactKeyAlias(this.#environment.name));
    return key;
  }

  #makeBucket(key: Key): Bucket {
    const name = artifactBucketName(this.#environment);
    const closed = {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    };
    const logs = new Bucket(this, 'AccessLogs', {
      ...closed,
      bucketName: `${name}-logs`,
      encryption: BucketEncryption.S3_MANAGED,
      versioned: true,
      lifecycleRules: [{ expiration: Duration.days(400), noncurrentVersionExpiration: Duration.days(30) }],
    });
    acknowledge(logs, 'it holds the access logs of the other bucket; logging its own accesses would not end', ['S1']);
    const bucket = new Bucket(this, 'Bucket', {
      ...closed,
      bucketName: name,
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      versioned: true,
      serverAccessLogsBucket: logs,
    });
    bucket.addToResourcePolicy(
      this.#forSourceRole(
        'SourceRoleObjects',
        ['s3:PutObject', 's3:PutObjectAcl', 's3:GetObject', 's3:GetObjectVersion', 's3:AbortMultipartUpload'],
        [bucket.arnForObjects('*')],
      ),
    );
    bucket.addToResourcePolicy(
      this.#forSourceRole(
        'SourceRoleBucket',
        ['s3:GetBucketLocation', 's3:GetBucketVersioning', 's3:ListBucket'],
        [bucket.bucketArn],
      ),
    );
    return bucket;
  }

  #forSourceRole(sid: string, actions: string[], resources: string[]): PolicyStatement {
    const { devops, organisationId } = this.#organisation;
    return new PolicyStatement({
      sid,
      principals: [new AccountPrincipal(devops.account)],
      actions,
      resources,
      conditions: {
        ArnEquals: { 'aws:PrincipalArn': sourceRole(devops, this.#environment.name).arn },
        ...(organisationId === undefined ? {} : { StringEquals: { 'aws:PrincipalOrgID': organisationId } }),
      },
    });
  }
}
