import { Effect, ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledge, openEnds } from '../shared/constructs/acknowledge.ts';
import { boundaryName, type NamedEnvironment } from '../shared/names.ts';

/**
 * Run's fence: the permissions boundary of every role that an environment's pipelines deploy. Who merges decides what a function does,
 * and could have it start a pipeline, rewrite a rule or become an administrator. Of whatever policies its role has, what a running
 * service does with its data, messages and logs holds, away from the environment's own resources; nothing else does. Decision 7.
 */
export class Boundary extends Construct {
  constructor(scope: Construct, id: string, environment: NamedEnvironment) {
    super(scope, id);
    const own = new PolicyStatement({ sid: 'OwnPoliciesDecide', actions: actionsOf(services), resources: ['*'] });
    const statements = [own, ...denials(environment)];
    new ManagedPolicy(this, 'Policy', {
      managedPolicyName: boundaryName(environment.name),
      description: `What the pipelines of ${environment.name} deploy may do at most, whatever its own policies say`,
      statements,
    });
    const open = statements.flatMap(({ actions, resources }) => openEnds(actions, resources));
    acknowledge(this, 'a boundary allows nothing, it only takes away', open);
  }
}

/** What a running service does. Nothing here makes, changes or reaches code, roles, rules, keys or the pipelines themselves. */
const services: Readonly<Record<string, string>> = {
  appsync: 'GraphQL',
  bedrock: 'Invoke*',
  cloudformation: 'DescribeStackResource DescribeStackResources SignalResource',
  cloudwatch: 'PutMetricData Describe* Get* List*',
  codedeploy: 'PutLifecycleEventHookExecutionStatus',
  codepipeline: 'PutJobSuccessResult PutJobFailureResult',
  'cognito-idp': 'Admin* Describe* Get* List*',
  dynamodb: '*',
  // What a function in a network of its own needs.
  ec2: 'CreateNetworkInterface DeleteNetworkInterface Describe* AssignPrivateIpAddresses UnassignPrivateIpAddresses',
  elasticfilesystem: 'Client*',
  es: 'ESHttp*',
  events: 'PutEvents',
  'execute-api': 'Invoke ManageConnections',
  firehose: 'PutRecord PutRecordBatch',
  kinesis: 'Describe* Get* List* PutRecord PutRecords SubscribeToShard',
  kms: 'Encrypt Decrypt DescribeKey GenerateDataKey* GenerateMac GetPublicKey ReEncrypt* Sign Verify VerifyMac',
  lambda: 'InvokeFunction InvokeAsync GetAccountSettings',
  logs: 'CreateLogGroup CreateLogStream PutLogEvents PutRetentionPolicy Describe* FilterLogEvents Get* StartQuery StopQuery',
  'rds-data': '*',
  'rds-db': 'connect',
  s3: 'AbortMultipartUpload DeleteObject* GetBucketLocation GetObject* List* PutObject PutObjectTagging RestoreObject',
  secretsmanager: 'DescribeSecret GetSecretValue',
  ses: 'Send*',
  sns: 'GetTopicAttributes List* Publish',
  sqs: '*',
  ssm: 'GetParameter*',
  states: 'Describe* GetExecutionHistory List* SendTask* StartExecution StartSyncExecution StopExecution',
  sts: 'AssumeRole GetCallerIdentity TagSession',
  xray: 'Get* Put*',
};

function denials({ account, region }: NamedEnvironment): readonly PolicyStatement[] {
  const own = (service: string, name: string) => `arn:aws:${service}:${region}:${account}:${name}`;
  return [
    // A session of another role would not be bounded.
    deny(
      'OtherRoles',
      ['sts:AssumeRole'],
      [`arn:aws:iam::${account}:role/*`, 'arn:aws:iam::*:role/mergecast/*', 'arn:aws:iam::*:role/cdk-*'],
    ),
    deny(
      'Route',
      ['dynamodb', 'events', 'lambda', 'logs', 's3', 'sns', 'sqs', 'ssm'].map((service) => `${service}:*`),
      [
        own('dynamodb', 'table/mergecast*'),
        own('events', 'event-bus/mergecast*'),
        own('lambda', 'function:mergecast*'),
        own('logs', 'log-group:/aws/*/mergecast*'),
        own('logs', 'log-group:/aws/codebuild/*'),
        own('logs', 'log-group:/aws/codepipeline/*'),
        own('sns', 'mergecast*'),
        own('sqs', 'mergecast*'),
        own('ssm', 'parameter/cdk-bootstrap/*'),
        own('ssm', 'parameter/mergecast/*'),
        'arn:aws:s3:::mergecast*',
        'arn:aws:s3:::cdk-*',
        // An access point is another name of a bucket.
        'arn:aws:s3:*:*:accesspoint/*',
      ],
    ),
  ];
}

const deny = (sid: string, actions: readonly string[], resources: readonly string[]): PolicyStatement =>
  new PolicyStatement({ sid, effect: Effect.DENY, actions: [...actions], resources: [...resources] });

const actionsOf = (names: Readonly<Record<string, string>>): string[] =>
  Object.entries(names).flatMap(([service, texts]) => texts.split(' ').map((text) => `${service}:${text}`));
