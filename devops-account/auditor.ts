import { AccountPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { allow } from '../shared/constructs/allow.ts';
import { auditorRole, repositoryArn, sealedTrailBucketName, trailLogGroupName } from '../shared/names.ts';
import type { Organisation } from '../shared/organisation-schema.ts';

/** Who reads: the trail, the sealed trail and its public key, and which commits there are. It can write nothing. */
export class Auditor extends Construct {
  /** The account decides by its own policies who may take the role on: an identity without such a policy cannot. */
  constructor(scope: Construct, id: string, { devops, repositories }: Organisation, signingKeyArn: string) {
    super(scope, id);
    const { path, roleName } = auditorRole(devops);
    const role = new Role(this, 'Role', {
      path,
      roleName,
      description: 'Auditors read the trail as this role; it can write nothing',
      assumedBy: new AccountPrincipal(devops.account),
    });
    const group = `arn:aws:logs:${devops.region}:${devops.account}:log-group:${trailLogGroupName}`;
    const bucket = `arn:aws:s3:::${sealedTrailBucketName(devops)}`;
    allow(role, 'ReadTrail', ['logs:FilterLogEvents'], [group, `${group}:*`], {
      openBecause: 'a log group has an ARN with and one without a star at its end; it is only read',
    });
    allow(role, 'ListSealed', ['s3:ListBucket', 's3:ListBucketVersions'], [bucket]);
    allow(role, 'ReadSealed', ['s3:GetObject', 's3:GetObjectVersion'], [`${bucket}/*`], {
      openBecause: 'auditors read all that is sealed',
    });
    allow(role, 'PublicKey', ['kms:GetPublicKey'], [signingKeyArn]);
    allow(
      role,
      'ReadAlarms',
      ['cloudwatch:DescribeAlarms'],
      [`arn:aws:cloudwatch:${devops.region}:${devops.account}:alarm:*`],
      {
        openBecause: 'alarms are looked up in the list of all, which cannot be narrowed',
      },
    );
    allow(
      role,
      'ReadCommits',
      ['codecommit:GetCommit', 'codecommit:GetBranch'],
      repositories.map(({ name }) => repositoryArn(devops, name)),
    );
  }
}
