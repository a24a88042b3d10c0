import type { WrittenResources } from './clouds.ts';

/** The account of a case. */
export const here = '111111111111';
/** Another account. */
export const elsewhere = '222222222222';
/** The ARN of a rule of the account. */
export const rule = (name: string): string => `arn:aws:events:eu-west-1:${here}:rule/${name}`;

/** A piece of a case's template: allow. */
export const allow = (Principal: unknown, Action: unknown, Condition?: unknown) => ({
  ...{ Effect: 'Allow', Principal, Action },
  ...(Condition === undefined ? {} : { Condition }),
});

/** A piece of a case's template: role. */
export const role = (trust: unknown, Action: unknown = 's3:GetObject', Condition?: unknown): WrittenResources => ({
  Role: {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: 'r',
      AssumeRolePolicyDocument: { Statement: trust },
      Policies: [
        {
          PolicyName: 'p',
          PolicyDocument: {
            Statement: { Effect: 'Allow', Action, Resource: '*', ...(Condition === undefined ? {} : { Condition }) },
          },
        },
      ],
    },
  },
});

/** A piece of a case's template: own lambda. */
export const ownLambda = allow({ Service: 'lambda.amazonaws.com' }, 'sts:AssumeRole', {
  StringEquals: { 'aws:SourceAccount': here },
});

/** A piece of a case's template: queue. */
export const queue = (properties: Record<string, unknown>, ...statements: unknown[]): WrittenResources => ({
  Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'q', ...properties } },
  Policy: {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: { Queues: [{ Ref: 'Queue' }], PolicyDocument: { Statement: [onlyTls('sqs:*'), ...statements] } },
  },
});

/** A piece of a case's template: only tls. */
export const onlyTls = (Action: string) => ({
  ...{ Effect: 'Deny', Principal: '*', Action, Resource: '*' },
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
});

/** A piece of a case's template: sending. */
export const sending = (name: string) => ({
  ...allow({ Service: 'events.amazonaws.com' }, 'sqs:SendMessage', { ArnEquals: { 'aws:SourceArn': rule(name) } }),
  Resource: '*',
});

/** A piece of a case's template: a rule. */
export const aRule = (
  EventPattern: unknown,
  target: Record<string, unknown> = {},
  properties: Record<string, unknown> = {},
): WrittenResources => ({
  Rule: {
    Type: 'AWS::Events::Rule',
    Properties: {
      ...{ Name: 'x', EventPattern, ...properties },
      Targets: [
        {
          Id: 't',
          Arn: `arn:aws:sns:eu-west-1:${here}:topic`,
          DeadLetterConfig: { Arn: `arn:aws:sqs:eu-west-1:${here}:q` },
          ...target,
        },
      ],
    },
  },
});

/** A piece of a case's template: merges. */
export const merges = {
  source: ['aws.codecommit'],
  account: [here],
  detail: { repositoryName: ['shop'], referenceName: ['main'] },
};

/** A piece of a case's template: pipeline. */
export const pipeline = (
  configuration: Record<string, unknown> = {},
  properties: Record<string, unknown> = {},
): WrittenResources => ({
  Pipeline: {
    Type: 'AWS::CodePipeline::Pipeline',
    Properties: {
      ...{ Name: 'shop', PipelineType: 'V2', ...properties },
      Stages: [
        {
          Name: 'Source',
          Actions: [
            {
              Name: 'Source',
              ActionTypeId: { Category: 'Source', Provider: 'CodeCommit' },
              Configuration: {
                RepositoryName: 'shop',
                BranchName: 'main',
                PollForSourceChanges: false,
                ...configuration,
              },
            },
          ],
        },
      ],
    },
  },
});

/** A piece of a case's template: pipeline target. */
export const pipelineTarget = {
  Arn: `arn:aws:codepipeline:eu-west-1:${here}:shop`,
  RoleArn: `arn:aws:iam::${here}:role/r`,
};
/** A piece of a case's template: starting role. */
export const startingRole = role(
  allow({ Service: 'events.amazonaws.com' }, 'sts:AssumeRole'),
  'codepipeline:StartPipelineExecution',
);

/** A piece of a case's template: bus policy. */
export const busPolicy = (statement: Record<string, unknown>): WrittenResources => ({
  Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'in' } },
  Policy: {
    Type: 'AWS::Events::EventBusPolicy',
    Properties: { EventBusName: 'in', StatementId: 's', Statement: { Effect: 'Allow', Resource: '*', ...statement } },
  },
});

/** A piece of a case's template: forwarder. */
export const forwarder = `arn:aws:iam::${elsewhere}:role/forward`;
/** A piece of a case's template: root. */
export const root = { AWS: `arn:aws:iam::${elsewhere}:root` };
/** A piece of a case's template: announced. */
export const announced = { 'events:source': 'mergecast.devops', 'events:detail-type': 'Branch Merged' };

/** A piece of a case's template: bucket. */
export const bucket = (
  properties: Record<string, unknown>,
  statements: readonly unknown[] = [onlyTls('s3:*')],
): WrittenResources => ({
  Bucket: {
    Type: 'AWS::S3::Bucket',
    Properties: {
      BucketName: 'b',
      VersioningConfiguration: { Status: 'Enabled' },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      ...properties,
    },
  },
  Policy: {
    Type: 'AWS::S3::BucketPolicy',
    Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: { Statement: statements } },
  },
});

/** A piece of a case's template: only. */
export const only = (Type: string, Properties: Record<string, unknown>): WrittenResources => ({
  Only: { Type, Properties },
});

/** A bus of the account. */
export const ownBus = `arn:aws:events:eu-west-1:${here}:event-bus/in`;

/** A piece of a case's template: a role with one statement. */
export const identity = (Action: string, Resource: string, Condition?: unknown): WrittenResources => ({
  Role: {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: 'r',
      AssumeRolePolicyDocument: { Statement: ownLambda },
      Policies: [
        {
          PolicyName: 'p',
          PolicyDocument: {
            Statement: { Effect: 'Allow', Action, Resource, ...(Condition === undefined ? {} : { Condition }) },
          },
        },
      ],
    },
  },
});
