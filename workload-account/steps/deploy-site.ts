import { S3DeployAction } from 'aws-cdk-lib/aws-codepipeline-actions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { acknowledge, openEnds } from '../../shared/constructs/acknowledge.ts';
import { narrowed } from '../../shared/constructs/narrowed.ts';
import { actionRole } from './action-role.ts';
import type { Step } from './step.ts';

/** How files are laid into a bucket. */
export interface DeploySiteOptions {
  /** The stage's name. @default 'Deploy' */
  readonly stage?: string;
  /** What the files' keys begin with. @default - nothing */
  readonly prefix?: string;
  /** ARN of the key that the bucket's objects are encrypted with. @default - the bucket's own setting */
  readonly keyArn?: string;
}

/** Deploy: lays the files of the build's artifact into a bucket of the environment's account. Files that are no longer built stay. */
export function deploySite(bucketName: string, { stage = 'Deploy', prefix, keyArn }: DeploySiteOptions = {}): Step {
  return {
    stage,
    make: (context) => {
      const role = actionRole(context, `lays files into ${bucketName}`);
      const files = prefix === undefined ? '*' : `${prefix}/*`;
      acknowledge(
        role,
        'the files have the names that the build gives them',
        openEnds(['s3:Abort*', 's3:DeleteObject*'], [`arn:aws:s3:::${bucketName}/${files}`]),
      );
      const encryptionKey = keyArn === undefined ? undefined : Key.fromKeyArn(context.scope, 'SiteKey', keyArn);
      const site = Bucket.fromBucketName(context.scope, 'Site', bucketName);
      const action = new S3DeployAction({
        actionName: stage,
        bucket: narrowed(site, files),
        input: context.built,
        extract: true,
        role,
        ...(prefix === undefined ? {} : { objectKey: prefix }),
        ...(encryptionKey === undefined ? {} : { encryptionKey }),
      });
      return { actions: [action] };
    },
  };
}
