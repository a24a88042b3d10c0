import { AccountPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { allow } from '../shared/constructs/allow.ts';
import {
  artifactBucketName,
  artifactKeyAlias,
  pipelineRolePattern,
  type RoleAddress,
  readRole,
  repositoryArn,
  sourceRole,
  starterRole,
  trailLogGroupName,
} from '../shared/names.ts';
import type { Environment, Organisation } from '../shared/organisation-schema.ts';

/** Run, seen from home: what an environment may read here. Its pipelines fetch commits, its starter looks at branches, and neither writes. */
export class SourceAccess extends Construct {
  readonly #organisation: Organisation;
  readonly #environment: Environment;

  constructor(scope: Construct, id: string, organisation: Organisation, environment: Environment) {
    super(scope, id);
    this.#organisation = organisation;
    this.#environment = environment;
    this.#makeSourceRole();
    this.#makeReadRole();
  }

  #makeSourceRole(): void {
    const { name, region, account } = this.#environment;
    const role = this.#makeRole(
      'Source',
      sourceRole(this.#organisation.devops, name),
      pipelineRolePattern(this.#environment),
      `Source actions of the pipelines of ${name}`,
    );
    allow(role, 'Repositories', ['codecommit:GetBranch', 'codecommit:GetCommit', ...archives], this.#repositories);
    const bucket = `arn:aws:s3:::${artifactBucketName(this.#environment)}`;
    allow(role, 'Bucket', ['s3:GetBucketLocation', 's3:GetBucketVersioning', 's3:ListBucket'], [bucket]);
    allow(
      role,
      'Artifacts',
      ['s3:PutObject', 's3:PutObjectAcl', 's3:GetObject', 's3:GetObjectVersion', 's3:AbortMultipartUpload'],
      [`${bucket}/*`],
      { openBecause: 'artifacts have names by chance' },
    );
    allow(
      role,
      'Key',
      ['kms:DescribeKey', 'kms:GenerateDataKey*', 'kms:Encrypt', 'kms:ReEncrypt*', 'kms:Decrypt'],
      [`arn:aws:kms:${region}:${account}:key/*`],
      {
        conditions: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': artifactKeyAlias(name) } },
        openBecause:
          "the environment's key has an id by chance, and its alias narrows it; the actions are those of facts 4.2",
      },
    );
  }

  #makeReadRole(): void {
    const { name } = this.#environment;
    const role = this.#makeRole(
      'Read',
      readRole(this.#organisation.devops, name),
      starterRole(this.#environment).arn,
      `The starter of ${name} reads branches`,
    );
    const reads = ['codecommit:GetBranch', 'codecommit:GetCommit', 'codecommit:GetDifferences'];
    allow(role, 'Branches', reads, this.#repositories);
    if (this.#environment.evidenceFrom !== undefined) this.#letReadEvidence(role);
  }

  /** A log group can be read whole or not at all, so only the environments that the organisation names read the trail. */
  #letReadEvidence(role: Role): void {
    const { account, region } = this.#organisation.devops;
    const group = `arn:aws:logs:${region}:${account}:log-group:${trailLogGroupName}`;
    allow(role, 'Evidence', ['logs:FilterLogEvents'], [group, `${group}:*`], {
      openBecause: 'AWS names a log group with and without a star, and some of its checks take only one',
    });
  }

  /** Trusts the environment's root, narrowed to roles by name: neither stack needs the other's role to exist first. */
  #makeRole(id: string, { path, roleName }: RoleAddress, trusted: string, description: string): Role {
    const { organisationId } = this.#organisation;
    const assumedBy = new AccountPrincipal(this.#environment.account).withConditions({
      ArnLike: { 'aws:PrincipalArn': trusted },
      ...(organisationId === undefined ? {} : { StringEquals: { 'aws:PrincipalOrgID': organisationId } }),
    });
    return new Role(this, id, { path, roleName, assumedBy, description });
  }

  get #repositories(): readonly string[] {
    return this.#environment.repositories.map((name) => repositoryArn(this.#organisation.devops, name));
  }
}

/** IAM actions that only CodePipeline's own calls use. Source: facts 4.2. */
const archives = ['codecommit:UploadArchive', 'codecommit:GetUploadArchiveStatus', 'codecommit:CancelUploadArchive'];
