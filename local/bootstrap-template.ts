/** The name of the stack that `cdk bootstrap` leaves in an account and region. */
export const toolkitStack = 'CDKToolkit';
const qualifier = 'hnb659fds';
const version = '33';

/** Where the version of the bootstrap stack stands: what `cdk deploy` and synthesized templates look at. */
export const versionParameter = `/cdk-bootstrap/${qualifier}/version`;

const named = (what: string) => ({ 'Fn::Sub': `cdk-${qualifier}-${what}-\${AWS::AccountId}-\${AWS::Region}` });
const policy = (name: string) => ({ 'Fn::Sub': `arn:\${AWS::Partition}:iam::aws:policy/${name}` });
const allow = (Action: readonly string[], Resource: unknown = '*') => ({ Effect: 'Allow', Action, Resource });
const inline = (...Statement: readonly object[]) => [
  { PolicyName: 'default', PolicyDocument: { Version: '2012-10-17', Statement } },
];

const trust = (Principal: object) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal }],
});

const accountRole = (what: string, more: object) => ({
  Type: 'AWS::IAM::Role',
  Properties: { RoleName: named(what), AssumeRolePolicyDocument: trust({ AWS: { Ref: 'AWS::AccountId' } }), ...more },
});

const bucketAndObjects = [{ 'Fn::Sub': `\${StagingBucket.Arn}` }, { 'Fn::Sub': `\${StagingBucket.Arn}/*` }];

const deployActions = [
  ...['CreateChangeSet', 'DeleteChangeSet', 'ExecuteChangeSet', 'CreateStack', 'UpdateStack', 'DeleteStack'],
  ...['RollbackStack', 'ContinueUpdateRollback', 'UpdateTerminationProtection'],
].map((name) => `cloudformation:${name}`);

/**
 * What the CDK's own bootstrap template makes, as far as deployments of file assets use it: the asset bucket, the roles of the CLI and of
 * CloudFormation, the repository, the version. Logical ids and names are the CDK's, so `cdk bootstrap` takes the stack over. Source: the template
 * that `cdk bootstrap --show-template` prints, version 33.
 */
export const bootstrapTemplate = JSON.stringify({
  Description: 'What the CDK needs to deploy to this account and region',
  Resources: {
    StagingBucket: {
      Type: 'AWS::S3::Bucket',
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: { BucketName: named('assets'), VersioningConfiguration: { Status: 'Enabled' } },
    },
    ContainerAssetsRepository: {
      Type: 'AWS::ECR::Repository',
      Properties: { RepositoryName: named('container-assets'), ImageTagMutability: 'IMMUTABLE' },
    },
    FilePublishingRole: accountRole('file-publishing-role', {
      Policies: inline(
        allow(
          ['GetObject*', 'GetBucket*', 'GetEncryptionConfiguration', 'List*', 'DeleteObject*', 'PutObject*'].map(
            (name) => `s3:${name}`,
          ),
          bucketAndObjects,
        ),
      ),
    }),
    ImagePublishingRole: accountRole('image-publishing-role', {}),
    LookupRole: accountRole('lookup-role', { ManagedPolicyArns: [policy('ReadOnlyAccess')] }),
    DeploymentActionRole: accountRole('deploy-role', {
      ManagedPolicyArns: [policy('AWSCloudFormationReadOnlyAccess')],
      Policies: inline(
        allow(deployActions),
        allow(['iam:PassRole'], { 'Fn::Sub': `\${CloudFormationExecutionRole.Arn}` }),
        allow(['s3:GetObject*', 's3:GetBucket*', 's3:List*'], bucketAndObjects),
        allow(['ssm:GetParameter', 'ssm:GetParameters']),
      ),
    }),
    CloudFormationExecutionRole: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: named('cfn-exec-role'),
        AssumeRolePolicyDocument: trust({ Service: 'cloudformation.amazonaws.com' }),
        ManagedPolicyArns: [policy('AdministratorAccess')],
      },
    },
    CdkBootstrapVersion: {
      Type: 'AWS::SSM::Parameter',
      Properties: { Type: 'String', Name: versionParameter, Value: version },
    },
  },
  Outputs: {
    BucketName: { Value: { Ref: 'StagingBucket' } },
    BucketDomainName: { Value: { 'Fn::GetAtt': ['StagingBucket', 'RegionalDomainName'] } },
    BootstrapVersion: { Value: version },
  },
});
