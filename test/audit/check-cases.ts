import { bad, type CheckCase, deliveryCases, good } from './check-delivery-cases.ts';
import {
  allow,
  announced,
  aRule,
  bucket,
  elsewhere,
  forwarder,
  here,
  identity,
  merges,
  only,
  onlyTls,
  ownBus,
  ownLambda,
  pipeline,
  pipelineTarget,
  queue,
  role,
  root,
  rule,
  sending,
  startingRole,
} from './check-templates.ts';

const lock = (Mode: string) => ({
  ObjectLockEnabled: true,
  ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode, Days: 400 } } },
});
const onlyNew = {
  ...{ Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource: '*' },
  Condition: { Null: { 's3:if-none-match': 'true' } },
};
const signing = (signer: string) =>
  only('AWS::KMS::Key', {
    ...{ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' },
    KeyPolicy: {
      Statement: [
        {
          ...{ Effect: 'Deny', Principal: '*', Action: 'kms:Sign', Resource: '*' },
          Condition: { ArnNotEquals: { 'aws:PrincipalArn': signer } },
        },
      ],
    },
  });

/** By the name of the check. */
export const checkCases: Readonly<Record<string, readonly CheckCase[]>> = {
  'doubled-start': [
    good('one rule starts the pipeline', { ...pipeline(), ...startingRole, ...aRule(merges, pipelineTarget) }),
    bad('two rules start the pipeline', {
      ...pipeline(),
      ...startingRole,
      ...aRule(merges, pipelineTarget),
      Other: {
        Type: 'AWS::Events::Rule',
        Properties: { Name: 'y', EventPattern: merges, Targets: [{ Id: 't', ...pipelineTarget }] },
      },
    }),
    bad('a rule and polling start the pipeline', {
      ...pipeline({ PollForSourceChanges: true }),
      ...startingRole,
      ...aRule(merges, pipelineTarget),
    }),
    good('two rules for two branches', {
      ...pipeline(),
      ...startingRole,
      ...aRule(merges, pipelineTarget),
      Other: {
        Type: 'AWS::Events::Rule',
        Properties: {
          Name: 'y',
          EventPattern: { ...merges, detail: { referenceName: ['other'] } },
          Targets: [{ Id: 't', ...pipelineTarget }],
        },
      },
    }),
  ],
  'for-all-values': [
    good(
      'a key with several values',
      role(ownLambda, 's3:GetObject', { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a'] } }),
    ),
    good('a plain operator', role(ownLambda, 's3:GetObject', { StringEquals: { 'aws:SourceAccount': here } })),
    bad(
      'a key with one value',
      role(ownLambda, 's3:GetObject', { 'ForAllValues:StringEquals': { 'aws:SourceAccount': here } }),
    ),
    bad(
      'in a trust policy',
      role(
        allow({ AWS: forwarder }, 'sts:AssumeRole', { 'ForAllValues:StringLike': { 'aws:PrincipalArn': forwarder } }),
      ),
    ),
  ],
  'loose-pattern': [
    good('whole texts', aRule({ source: ['aws.codepipeline'], account: [here] })),
    good('logs need no account', aRule({ source: ['a'] }, { Arn: `arn:aws:logs:eu-west-1:${here}:log-group:x` })),
    bad('no account', aRule({ source: ['aws.codepipeline'] })),
    bad('no source', aRule({ account: [here] })),
    bad('the prefix of a branch', aRule({ ...merges, detail: { referenceName: [{ prefix: 'ma' }] } })),
    bad('a wildcard in the source', aRule({ source: [{ wildcard: 'aws.*' }], account: [here] })),
    bad('anything but an account', aRule({ source: ['a'], account: [{ 'anything-but': elsewhere }] })),
    bad(
      'one alternative without account',
      aRule({ source: ['a'], $or: [{ account: [here] }, { 'detail-type': ['b'] }] }),
    ),
    bad('a route without a branch', {
      ...pipeline(),
      ...startingRole,
      ...aRule({ source: ['aws.codecommit'], account: [here], detail: { repositoryName: ['shop'] } }, pipelineTarget),
    }),
  ],
  'open-bucket': [
    good('closed', bucket({})),
    bad('no versions', bucket({ VersioningConfiguration: undefined })),
    bad('suspended versions', bucket({ VersioningConfiguration: { Status: 'Suspended' } })),
    bad('no encryption', bucket({ BucketEncryption: undefined })),
    bad('no block of public access', bucket({ PublicAccessBlockConfiguration: { BlockPublicAcls: true } })),
    bad('no TLS', bucket({}, [{ ...allow({ AWS: forwarder }, 's3:GetObject'), Resource: '*' }])),
    bad('TLS for some only', bucket({}, [{ ...onlyTls('s3:*'), Principal: { AWS: forwarder } }])),
  ],
  'open-principal': [
    good(
      'everyone of an organisation',
      queue({}, { ...allow('*', 'sqs:SendMessage', { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } }), Resource: '*' }),
    ),
    good('a service for one rule', queue({}, sending('x'))),
    good('a role of another account', queue({}, { ...allow({ AWS: forwarder }, 'sqs:SendMessage'), Resource: '*' })),
    bad('everyone', queue({}, { ...allow('*', 'sqs:SendMessage'), Resource: '*' })),
    bad(
      'everyone with an organisation if there is one',
      queue(
        {},
        { ...allow('*', 'sqs:SendMessage', { StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-1' } }), Resource: '*' },
      ),
    ),
    bad(
      'everyone outside of an organisation',
      queue(
        {},
        { ...allow('*', 'sqs:SendMessage', { StringNotEquals: { 'aws:PrincipalOrgID': 'o-1' } }), Resource: '*' },
      ),
    ),
    bad(
      'a service for anyone',
      queue({}, { ...allow({ Service: 'events.amazonaws.com' }, 'sqs:SendMessage'), Resource: '*' }),
    ),
    bad(
      'a function that any rule invokes',
      only('AWS::Lambda::Permission', {
        Action: 'lambda:InvokeFunction',
        FunctionName: 'f',
        Principal: 'events.amazonaws.com',
      }),
    ),
    bad('a whole other account', queue({}, { ...allow(root, 'sqs:SendMessage'), Resource: '*' })),
  ],
  'pinned-branch': [
    good('a pipeline that is started otherwise', pipeline()),
    good('a rule that names the commit', {
      ...pipeline(),
      ...aRule(merges, {
        ...pipelineTarget,
        InputTransformer: {
          InputPathsMap: { c: '$.detail.commitId' },
          InputTemplate:
            '{"sourceRevisions":[{"actionName":"Source","revisionType":"COMMIT_ID","revisionValue":"<c>"}]}',
        },
      }),
    }),
    bad('a rule that starts the head', { ...pipeline(), ...aRule(merges, pipelineTarget) }),
    bad('the old type', pipeline({}, { PipelineType: 'V1' })),
    bad('no type, which is the old one', pipeline({}, { PipelineType: undefined })),
    bad(
      'a build of a branch',
      only('AWS::CodeBuild::Project', { Source: { Type: 'CODECOMMIT' }, SourceVersion: 'refs/heads/main' }),
    ),
  ],
  polling: [
    good('told not to', pipeline()),
    good('told not to as text', pipeline({ PollForSourceChanges: 'false' })),
    bad('told to', pipeline({ PollForSourceChanges: true })),
    bad('not told', pipeline({ PollForSourceChanges: undefined })),
  ],
  replays: [
    good('excluded', { ...pipeline(), ...aRule({ ...merges, 'replay-name': [{ exists: false }] }, pipelineTarget) }),
    good('a rule that starts nothing', aRule(merges)),
    bad('not excluded', { ...pipeline(), ...aRule(merges, pipelineTarget) }),
    bad('taken beside others', {
      ...pipeline(),
      ...aRule({ ...merges, 'replay-name': [{ exists: false }, 'audit'] }, pipelineTarget),
    }),
  ],
  'rule-rewriter': [
    good('reads and puts events', role(ownLambda, ['events:PutEvents', 'events:DescribeRule'])),
    bad('writes rules', role(ownLambda, 'events:PutRule')),
    bad('everything of EventBridge', role(ownLambda, 'events:*')),
    bad('everything', role(ownLambda, '*')),
    bad(
      'a managed policy',
      only('AWS::IAM::Role', {
        AssumeRolePolicyDocument: { Statement: ownLambda },
        ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'],
      }),
    ),
  ],
  'shared-role': [
    good('for its one rule', {
      ...role(
        allow({ Service: 'events.amazonaws.com' }, 'sts:AssumeRole', { ArnEquals: { 'aws:SourceArn': rule('x') } }),
      ),
      ...aRule(merges, { RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] } }),
    }),
    good(
      'for a path of another account',
      role(
        allow(root, 'sts:AssumeRole', {
          ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${elsewhere}:role/pipelines/*` },
        }),
      ),
    ),
    bad('for any rule', {
      ...role(allow({ Service: 'events.amazonaws.com' }, 'sts:AssumeRole')),
      ...aRule(merges, { RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] } }),
    }),
    bad('for another rule too', {
      ...role(
        allow({ Service: 'events.amazonaws.com' }, 'sts:AssumeRole', {
          ArnEquals: { 'aws:SourceArn': [rule('x'), rule('y')] },
        }),
      ),
      ...aRule(merges, { RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] } }),
    }),
    bad('for a whole other account', role(allow(root, 'sts:AssumeRole'))),
    bad(
      'for all roles of another account',
      role(allow(root, 'sts:AssumeRole', { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${elsewhere}:role/*` } })),
    ),
    bad('for everyone', role(allow('*', 'sts:AssumeRole'))),
  ],
  'short-retention': [
    good('a year of logs', only('AWS::Logs::LogGroup', { RetentionInDays: 365 })),
    good('logs for ever', only('AWS::Logs::LogGroup', {})),
    good('an archive for ever', only('AWS::Events::Archive', { SourceArn: 'default', RetentionDays: 0 })),
    bad('a month of logs', only('AWS::Logs::LogGroup', { RetentionInDays: 30 })),
    bad('a short archive', only('AWS::Events::Archive', { SourceArn: 'default', RetentionDays: 90 })),
    bad(
      'files that expire',
      bucket({ LifecycleConfiguration: { Rules: [{ Status: 'Enabled', ExpirationInDays: 30 }] } }),
    ),
    good(
      'files that would expire',
      bucket({ LifecycleConfiguration: { Rules: [{ Status: 'Disabled', ExpirationInDays: 30 }] } }),
    ),
  ],
  'unencrypted-queue': [
    good("with the queue's own key", queue({ SqsManagedSseEnabled: true })),
    good('with a key', queue({ KmsMasterKeyId: 'alias/q' })),
    bad('not said', queue({})),
    bad('said not to be', queue({ SqsManagedSseEnabled: false })),
    bad('without TLS', only('AWS::SQS::Queue', { SqsManagedSseEnabled: true })),
    bad('a topic', only('AWS::SNS::Topic', {})),
  ],
  ...deliveryCases,
  'weak-seal': [
    good('a lock that nobody lifts, and only new objects', bucket(lock('COMPLIANCE'), [onlyTls('s3:*'), onlyNew])),
    bad('a lock that some may lift', bucket(lock('GOVERNANCE'), [onlyTls('s3:*'), onlyNew])),
    bad('objects that are written over', bucket(lock('COMPLIANCE'))),
    good('a key that one role signs with', signing(`arn:aws:iam::${here}:role/sealer`)),
    bad('a key that many roles sign with', signing(`arn:aws:iam::${here}:role/*`)),
  ],
  'wide-identity': [
    good('a role that starts one pipeline', identity('codepipeline:StartPipelineExecution', pipelineTarget.Arn)),
    bad('a role that starts all pipelines', identity('codepipeline:Start*', '*')),
    bad('a role that assumes roles of a path', identity('sts:AssumeRole', `arn:aws:iam::${elsewhere}:role/x/*`)),
    good('a role that announces', identity('events:PutEvents', ownBus, { StringEquals: announced })),
    bad('a role that puts any events', identity('events:PutEvents', ownBus)),
    good(
      'a role that puts events of one source on a bus whose policy asks for the detail type',
      identity('events:PutEvents', ownBus.replace(here, elsewhere), { StringEquals: { 'events:source': 'mine' } }),
    ),
    good('a boundary, which gives nothing', {
      ...only('AWS::IAM::ManagedPolicy', {
        ManagedPolicyName: 'b',
        PolicyDocument: { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } },
      }),
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: { AssumeRolePolicyDocument: { Statement: ownLambda }, PermissionsBoundary: { Ref: 'Only' } },
      },
    }),
  ],
};
