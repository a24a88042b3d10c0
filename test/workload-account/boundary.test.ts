import { expect, test } from 'vitest';
import { decide } from '../../languages/iam-policy/decide.ts';
import { parsePolicy } from '../../languages/iam-policy/parse.ts';
import { resourcesOf, templateOf } from '../synthesis.ts';

const policy = Object.values(resourcesOf(templateOf('mergecast-dev'), 'AWS::IAM::ManagedPolicy')).find(
  ({ Properties }) => Properties['ManagedPolicyName'] === 'mergecast-dev-boundary',
);
const boundary = { name: 'boundary', document: parsePolicy(policy?.Properties['PolicyDocument']) };
const administrator = parsePolicy({ Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] });

/** How each kind of resource of the environment would be changed: the worst action, and the ARN by the resource's properties. */
const changes: Readonly<Record<string, (properties: Readonly<Record<string, string>>) => readonly [string, string]>> = {
  'AWS::CloudWatch::Alarm': (own) => ['cloudwatch:DisableAlarmActions', arn('cloudwatch', `alarm:${own['AlarmName']}`)],
  'AWS::CodeBuild::Project': (own) => ['codebuild:UpdateProject', arn('codebuild', `project/${own['Name']}`)],
  'AWS::CodePipeline::Pipeline': (own) => ['codepipeline:UpdatePipeline', arn('codepipeline', own['Name'] ?? '')],
  'AWS::DynamoDB::Table': (own) => ['dynamodb:DeleteItem', arn('dynamodb', `table/${own['TableName']}`)],
  'AWS::Events::EventBus': (own) => ['events:PutPermission', arn('events', `event-bus/${own['Name']}`)],
  'AWS::Events::Rule': (own) => [
    'events:DisableRule',
    arn('events', own['EventBusName'] === undefined ? `rule/${own['Name']}` : `rule/mergecast-dev/${own['Name']}`),
  ],
  'AWS::IAM::ManagedPolicy': () => [
    'iam:CreatePolicyVersion',
    'arn:aws:iam::222222222222:policy/mergecast-dev-boundary',
  ],
  'AWS::IAM::Role': () => ['iam:UpdateAssumeRolePolicy', 'arn:aws:iam::222222222222:role/any'],
  'AWS::KMS::Key': () => ['kms:ScheduleKeyDeletion', arn('kms', 'key/1')],
  'AWS::KMS::Alias': (own) => ['kms:UpdateAlias', arn('kms', own['AliasName'] ?? '')],
  'AWS::Lambda::Function': (own) => ['lambda:UpdateFunctionCode', arn('lambda', `function:${own['FunctionName']}`)],
  'AWS::Logs::LogGroup': (own) => ['logs:DeleteLogGroup', arn('logs', `log-group:${own['LogGroupName']}`)],
  'AWS::S3::Bucket': (own) => ['s3:PutBucketPolicy', `arn:aws:s3:::${own['BucketName']}`],
  'AWS::SNS::Topic': (own) => ['sns:DeleteTopic', arn('sns', own['TopicName'] ?? '')],
  'AWS::SNS::Subscription': () => ['sns:Unsubscribe', '*'],
  'AWS::SQS::Queue': (own) => ['sqs:PurgeQueue', arn('sqs', own['QueueName'] ?? '')],
  'AWS::Scheduler::Schedule': (own) => [
    'scheduler:DeleteSchedule',
    arn('scheduler', `schedule/${own['GroupName']}/${own['Name']}`),
  ],
  'AWS::Scheduler::ScheduleGroup': (own) => [
    'scheduler:DeleteScheduleGroup',
    arn('scheduler', `schedule-group/${own['Name']}`),
  ],
};

const arn = (service: string, name: string) => `arn:aws:${service}:eu-west-1:222222222222:${name}`;

/** The types that are part of another resource, whose ARN their actions name. */
const parts =
  /^AWS::(?:Events::EventBusPolicy|IAM::Policy|Lambda::EventInvokeConfig|Lambda::Permission|S3::BucketPolicy|SNS::TopicPolicy|SQS::QueuePolicy|CDK::Metadata)$/;

function changeable(template: ReturnType<typeof templateOf>) {
  const { Resources } = template.toJSON() as {
    Resources: Record<string, { Type: string; Properties: Record<string, string> }>;
  };
  return Object.values(Resources)
    .filter(({ Type }) => !parts.test(Type))
    .map(({ Type: type, Properties }) => {
      const [action, resource] = changes[type]?.(Properties) ?? ['unknown', type];
      return { type, action, arn: resource };
    });
}

/** What a deployed function may do whose own role allows everything. */
function mayDo(action: string, resource: string): boolean {
  const arn = 'arn:aws:sts::222222222222:assumed-role/orders-dev-Role/orders-dev';
  const roleArn = 'arn:aws:iam::222222222222:role/orders/orders-dev-Role';
  return decide(
    {
      principal: { type: 'role-session', account: '222222222222', arn, roleArn },
      action,
      resource,
      resourceAccount: '222222222222',
      context: {},
    },
    { identity: [{ name: 'administrator', document: administrator }], boundary },
  ).allowed;
}

test('its name is the one that templates of owners are told', () => {
  expect(policy?.Properties['ManagedPolicyName']).toBe('mergecast-dev-boundary');
});

test.each([
  ['start a pipeline', 'codepipeline:StartPipelineExecution', 'arn:aws:codepipeline:eu-west-1:222222222222:orders-dev'],
  [
    'approve',
    'codepipeline:PutApprovalResult',
    'arn:aws:codepipeline:eu-west-1:222222222222:orders-dev/Approve/Approve',
  ],
  ['announce a merge', 'events:PutEvents', 'arn:aws:events:eu-west-1:222222222222:event-bus/mergecast-dev'],
  ['rewrite the rule', 'events:PutRule', 'arn:aws:events:eu-west-1:222222222222:rule/mergecast-dev/start'],
  [
    'call the starter',
    'lambda:InvokeFunction',
    'arn:aws:lambda:eu-west-1:222222222222:function:mergecast-dev-start-pipeline',
  ],
  ['rewrite the ledger', 'dynamodb:PutItem', 'arn:aws:dynamodb:eu-west-1:222222222222:table/mergecast-dev-ledger'],
  [
    'stop the sweep',
    'scheduler:UpdateSchedule',
    'arn:aws:scheduler:eu-west-1:222222222222:schedule/mergecast-dev/mergecast-dev-sweep',
  ],
  ['replace an artifact', 's3:PutObject', 'arn:aws:s3:::mergecast-dev-222222222222-eu-west-1/orders-dev/Build/abc'],
  ['run a build', 'codebuild:StartBuild', 'arn:aws:codebuild:eu-west-1:222222222222:project/orders-dev-build'],
  [
    'change a stack',
    'cloudformation:UpdateStack',
    'arn:aws:cloudformation:eu-west-1:222222222222:stack/mergecast-dev/1',
  ],
  ['give itself policies', 'iam:PutRolePolicy', 'arn:aws:iam::222222222222:role/orders/orders-dev-Role'],
  [
    'take the boundary away',
    'iam:DeleteRolePermissionsBoundary',
    'arn:aws:iam::222222222222:role/orders/orders-dev-Role',
  ],
  [
    'become another role',
    'sts:AssumeRole',
    'arn:aws:iam::222222222222:role/cdk-hnb659fds-deploy-role-222222222222-eu-west-1',
  ],
  ['push to the branch', 'codecommit:GitPush', 'arn:aws:codecommit:eu-west-1:222222222222:orders'],
  ['merge by API', 'codecommit:MergePullRequestByFastForward', 'arn:aws:codecommit:eu-west-1:222222222222:orders'],
  ['make an access point', 's3:CreateAccessPoint', 'arn:aws:s3:eu-west-1:222222222222:accesspoint/x'],
  ['use an access point', 's3:PutObject', 'arn:aws:s3:eu-west-1:222222222222:accesspoint/x/object/orders-dev/Build/a'],
  [
    'rewrite a server',
    'ec2:ModifyInstanceAttribute',
    'arn:aws:ec2:eu-west-1:222222222222:instance/i-0123456789abcdef0',
  ],
  ['rewrite a state machine', 'states:UpdateStateMachine', 'arn:aws:states:eu-west-1:222222222222:stateMachine:s'],
  ['replace a build image', 'ecr:PutImage', 'arn:aws:ecr:eu-west-1:222222222222:repository/builder'],
  ['deploy past the pipeline', 'ecs:UpdateService', 'arn:aws:ecs:eu-west-1:222222222222:service/c/s'],
  ['change a variable of builds', 'ssm:PutParameter', 'arn:aws:ssm:eu-west-1:222222222222:parameter/build'],
  [
    'change a secret of builds',
    'secretsmanager:PutSecretValue',
    'arn:aws:secretsmanager:eu-west-1:222222222222:secret:s',
  ],
  ['mute an alarm', 'cloudwatch:PutAlarmMuteRule', '*'],
  ['find artifacts', 'codepipeline:ListActionExecutions', 'arn:aws:codepipeline:eu-west-1:222222222222:orders-dev'],
  ['bring in a revision', 'codepipeline:PutActionRevision', 'arn:aws:codepipeline:eu-west-1:222222222222:orders-dev'],
  ['add a webhook', 'codepipeline:PutWebhook', 'arn:aws:codepipeline:eu-west-1:222222222222:webhook:w'],
  ['hide a build', 'codebuild:BatchDeleteBuilds', 'arn:aws:codebuild:eu-west-1:222222222222:project/orders-dev-build'],
  [
    'cut an update short',
    'cloudformation:CancelUpdateStack',
    'arn:aws:cloudformation:eu-west-1:222222222222:stack/s/1',
  ],
  ['change the code of others', 'lambda:UpdateFunctionCode', 'arn:aws:lambda:eu-west-1:222222222222:function:others'],
  ['run commands on servers', 'ssm:SendCommand', 'arn:aws:ec2:eu-west-1:222222222222:instance/i-0123456789abcdef0'],
  ['run a document', 'ssm:StartAutomationExecution', 'arn:aws:ssm:eu-west-1:222222222222:document/d'],
  ['change assets', 's3:PutObject', 'arn:aws:s3:::cdk-hnb659fds-assets-222222222222-eu-west-1/a.zip'],
  [
    'change the bootstrap',
    'ssm:PutParameter',
    'arn:aws:ssm:eu-west-1:222222222222:parameter/cdk-bootstrap/hnb659fds/version',
  ],
  [
    'delete the log of a build',
    'logs:DeleteLogGroup',
    'arn:aws:logs:eu-west-1:222222222222:log-group:/aws/codebuild/orders-dev-build',
  ],
  ['let others write logs', 'logs:PutResourcePolicy', '*'],
  ['become the announcer', 'sts:AssumeRole', 'arn:aws:iam::111111111111:role/mergecast/mergecast-source-dev'],
  ['give the key away', 'kms:CreateGrant', 'arn:aws:kms:eu-west-1:222222222222:key/1'],
])('a function of an administrator role cannot %s', (_what, action, resource) => {
  expect(mayDo(action, resource)).toBe(false);
});

test('nothing of the environment can be changed, whatever it is', () => {
  const named = changeable(templateOf('mergecast-dev'));

  expect(new Set(named.map(({ type }) => type))).toEqual(new Set(Object.keys(changes)));
  expect(named.filter(({ action, arn }) => mayDo(action, arn))).toEqual([]);
});

test.each([
  ['keep orders in a table', 'dynamodb:PutItem', 'arn:aws:dynamodb:eu-west-1:222222222222:table/orders'],
  ['send a message', 'sqs:SendMessage', 'arn:aws:sqs:eu-west-1:222222222222:orders'],
  ['tell that an order came', 'events:PutEvents', 'arn:aws:events:eu-west-1:222222222222:event-bus/default'],
  ['read its configuration', 'ssm:GetParametersByPath', 'arn:aws:ssm:eu-west-1:222222222222:parameter/orders'],
  ['keep a document', 's3:PutObject', 'arn:aws:s3:::orders-documents/1'],
  ['call another function', 'lambda:InvokeFunction', 'arn:aws:lambda:eu-west-1:222222222222:function:invoices'],
  [
    'write its log',
    'logs:PutLogEvents',
    'arn:aws:logs:eu-west-1:222222222222:log-group:/aws/lambda/orders-dev:log-stream:s',
  ],
  ['take on a role of another account', 'sts:AssumeRole', 'arn:aws:iam::999999999999:role/partner'],
  ['answer the pipeline that called it', 'codepipeline:PutJobSuccessResult', '*'],
  ['answer the deployment that called it', 'codedeploy:PutLifecycleEventHookExecutionStatus', '*'],
])('it can %s', (_what, action, resource) => {
  expect(mayDo(action, resource)).toBe(true);
});
