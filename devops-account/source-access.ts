import { AccountPrincipal, Effect, PolicyStatement, type PrincipalBase, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import {
  artifactBucketName,
  artifactKeyAlias,
  pipelineRolePattern,
  type RoleAddress,
  readRole,
  sourceRole,
  starterRole,
} from '../shared/names.ts';
import type { Environment, Organisation } from '../shared/organisation-schema.ts';

/** Run, seen from home: what an environment may read here. Its pipelines fetch commits, its starter looks at branches, and neither writes. */
export class SourceAccess extends Construct {
  readonly #organisation: Organisation;

  constructor(scope: Construct, id: string, organisation: Organisation) {
    super(scope, id);
    this.#organisation = organisation;
    for (const environment of organisation.environments) {
      this.#makeSourceRole(environment);
      this.#makeReadRole(environment);
    }
  }

  #makeSourceRole(environment: Environment): void {
    const address = sourceRole(this.#organisation.devops, environment.name);
    const trusted = this.#oneRoleOf(environment, pipelineRolePattern(environment));
    const role = this.#makeRole(
      `Source-${environment.name}`,
      address,
      trusted,
      `Source actions of the pipelines of ${environment.name}`,
    );
    this.#allow(
      role,
      'Repositories',
      [
        'codecommit:GetBranch',
        'codecommit:GetCommit',
        'codecommit:UploadArchive',
        'codecommit:GetUploadArchiveStatus',
        'codecommit:CancelUploadArchive',
      ],
      this.#arns(environment),
    );
    const bucket = `arn:aws:s3:::${artifactBucketName(environment)}`;
    this.#allow(role, 'Bucket', ['s3:GetBucketLocation', 's3:GetBucketVersioning', 's3:ListBucket'], [bucket]);
    this.#allow(
      role,
      'Artifacts',
      ['s3:PutObject', 's3:PutObjectAcl', 's3:GetObject', 's3:GetObjectVersion', 's3:AbortMultipartUpload'],
      [`${bucket}/*`],
    );
    this.#allow(
      role,
      'Key',
      ['kms:DescribeKey', 'kms:GenerateDataKey*', 'kms:Encrypt', 'kms:ReEncrypt*', 'kms:Decrypt'],
      [`arn:aws:kms:${environment.region}:${environment.account}:key/*`],
      {
        'ForAnyValue:StringEquals': { 'kms:ResourceAliases': artifactKeyAlias(environment.name) },
      },
    );
  }

  #makeReadRole(environment: Environment): void {
    const address = readRole(this.#organisation.devops, environment.name);
    const trusted = this.#oneRoleOf(environment, starterRole(environment).arn);
    const role = this.#makeRole(
      `Read-${environment.name}`,
      address,
      trusted,
      `The starter of ${environment.name} reads branches`,
    );
    this.#allow(
      role,
      'Branches',
      ['codecommit:GetBranch', 'codecommit:GetCommit', 'codecommit:GetDifferences'],
      this.#arns(environment),
    );
  }

  /** The account's root narrowed to roles by name: neither stack needs the other's role to exist first. */
  #oneRoleOf({ account }: Environment, pattern: string): PrincipalBase {
    const { organisationId } = this.#organisation;
    return new AccountPrincipal(account).withConditions({
      ArnLike: { 'aws:PrincipalArn': pattern },
      ...(organisationId === undefined ? {} : { StringEquals: { 'aws:PrincipalOrgID': organisationId } }),
    });
  }

  #makeRole(id: string, { path, roleName }: RoleAddress, assumedBy: PrincipalBase, description: string): Role {
    return new Role(this, id, { path, roleName, assumedBy, description });
  }

  #arns({ repositories }: Environment): readonly string[] {
    const { account, region } = this.#organisation.devops;
    return repositories.map((name) => `arn:aws:codecommit:${region}:${account}:${name}`);
  }

  #allow(
    role: Role,
    sid: string,
    actions: readonly string[],
    resources: readonly string[],
    conditions?: Record<string, Record<string, string>>,
  ): void {
    role.addToPolicy(
      new PolicyStatement({
        sid,
        effect: Effect.ALLOW,
        actions: [...actions],
        resources: [...resources],
        ...(conditions ? { conditions } : {}),
      }),
    );
  }
}
