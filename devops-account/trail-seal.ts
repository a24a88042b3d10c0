import { join } from 'node:path';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AccountRootPrincipal, AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  ObjectLockRetention,
  ObjectOwnership,
  StorageClass,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { headPrefix, segmentPrefix } from '../events/trail-seal.ts';
import { acknowledge } from '../shared/constructs/acknowledge.ts';
import type { Alarms } from '../shared/constructs/alarms.ts';
import { deadLetters } from '../shared/constructs/dead-letters.ts';
import { HandlerFunction } from '../shared/constructs/handler-function.ts';
import {
  type Home,
  sealedTrailBucketName,
  sealerFunctionName,
  sealerRole,
  sealingKeyAlias,
  trailLogGroupName,
} from '../shared/names.ts';
import { SealSchedule } from './trail-seal-schedule.ts';

/** How long a sealed object can be neither deleted nor overwritten, by nobody: as long as the log group keeps its records, and an audit year. */
const locked = Duration.days(400);

/** Seal: every hour the trail's records are copied, chained and signed, where nobody can change them. */
export class TrailSeal extends Construct {
  /** ARN of the key that signs. */
  readonly keyArn: string;
  readonly #home: Home;

  constructor(scope: Construct, id: string, home: Home, alarms: Alarms) {
    super(scope, id);
    this.#home = home;
    const bucket = this.#makeBucket();
    const key = this.#makeKey();
    this.keyArn = key.keyArn;
    const sealer = this.#makeSealer(bucket, key, alarms);
    new SealSchedule(this, 'Hourly', home, sealer.fn, alarms);
  }

  /** Root of the account may administer the key, and yet not sign: the sealer's role alone does. */
  #makeKey(): Key {
    const own = new PolicyStatement({
      sid: 'OwnAccount',
      principals: [new AccountRootPrincipal()],
      actions: ['kms:*'],
      resources: ['*'],
    });
    const others = new PolicyStatement({
      sid: 'NobodyElseSigns',
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ['kms:Sign'],
      resources: ['*'],
      conditions: { ArnNotEquals: { 'aws:PrincipalArn': sealerRole(this.#home).arn } },
    });
    const key = new Key(this, 'Key', {
      description: 'Signs the heads of the sealed trail',
      keySpec: KeySpec.ECC_NIST_P256,
      keyUsage: KeyUsage.SIGN_VERIFY,
      policy: new PolicyDocument({ statements: [own, others] }),
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    key.addAlias(sealingKeyAlias);
    return key;
  }

  #makeBucket(): Bucket {
    const bucket = new Bucket(this, 'Bucket', {
      bucketName: sealedTrailBucketName(this.#home),
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      versioned: true,
      objectLockEnabled: true,
      objectLockDefaultRetention: ObjectLockRetention.compliance(locked),
      lifecycleRules: [
        { transitions: [{ storageClass: StorageClass.INFREQUENT_ACCESS, transitionAfter: Duration.days(60) }] },
      ],
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    acknowledge(bucket, 'every version is signed, chained and under lock: accesses that matter leave another version', [
      'S1',
    ]);
    bucket.addToResourcePolicy(this.#onlyNew(bucket));
    return bucket;
  }

  /** A write must say that nothing may be there yet. */
  #onlyNew(bucket: Bucket): PolicyStatement {
    return new PolicyStatement({
      sid: 'NothingIsOverwritten',
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ['s3:PutObject'],
      resources: [bucket.arnForObjects('*')],
      conditions: { Null: { 's3:if-none-match': 'true' } },
    });
  }

  #makeSealer(bucket: Bucket, key: Key, alarms: Alarms): HandlerFunction {
    const failed = deadLetters(this, 'Failed', `${sealerFunctionName}-failed`);
    const sealer = new HandlerFunction(this, 'Sealer', {
      account: this.#home.account,
      functionName: sealerFunctionName,
      service: 'seal-trail',
      role: sealerRole(this.#home),
      entry: join(import.meta.dirname, 'handlers', 'seal-trail.ts'),
      timeout: Duration.minutes(5),
      environment: {
        TRAIL_LOG_GROUP: trailLogGroupName,
        SEALED_BUCKET: bucket.bucketName,
        SIGNING_KEY: key.keyArn,
      },
      failed,
    });
    const { account, region } = this.#home;
    const group = `arn:aws:logs:${region}:${account}:log-group:${trailLogGroupName}`;
    const objects = `arn:aws:s3:::${sealedTrailBucketName(this.#home)}`;
    const [heads, segments] = [`${objects}/${headPrefix}*`, `${objects}/${segmentPrefix}*`];
    const openBecause = 'every hour has a head and a segment of its own';
    sealer.allow('ReadTrail', ['logs:FilterLogEvents'], [group, `${group}:*`], {
      openBecause:
        'a log group has an ARN with and one without a star at its end, and services differ in which they ask for',
    });
    sealer.allow('ListHeads', ['s3:ListBucket'], [bucket.bucketArn], {
      conditions: { StringLike: { 's3:prefix': `${headPrefix}*` } },
    });
    sealer.allow('ReadHeads', ['s3:GetObject'], [heads], { openBecause });
    sealer.allow('Seal', ['s3:PutObject'], [heads, segments], { openBecause });
    sealer.allow('Sign', ['kms:Sign'], [key.keyArn], {
      conditions: { StringEquals: { 'kms:SigningAlgorithm': 'ECDSA_SHA_256' } },
    });
    alarms.onDeadLetters(failed, `${sealerFunctionName}-failed`);
    alarms.onErrors(sealer.fn, sealerFunctionName);
    return sealer;
  }
}
