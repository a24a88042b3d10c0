import { expect, test } from 'vitest';
import { decide } from '../../languages/iam-policy/decide.ts';
import { parsePolicy } from '../../languages/iam-policy/parse.ts';
import { resourcesOf, templateOf } from '../synthesis.ts';

const [policy] = Object.values(resourcesOf(templateOf('mergecast-dev'), 'AWS::IAM::ManagedPolicy'));
const boundary = { name: 'boundary', document: parsePolicy(policy?.Properties['PolicyDocument']) };
const administrator = parsePolicy({ Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] });

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
  ['give the key away', 'kms:CreateGrant', 'arn:aws:kms:eu-west-1:222222222222:key/1'],
])('a function of an administrator role cannot %s', (_what, action, resource) => {
  expect(mayDo(action, resource)).toBe(false);
});

test.each([
  ['keep orders in a table', 'dynamodb:PutItem', 'arn:aws:dynamodb:eu-west-1:222222222222:table/orders'],
  ['send a message', 'sqs:SendMessage', 'arn:aws:sqs:eu-west-1:222222222222:orders'],
  ['tell that an order came', 'events:PutEvents', 'arn:aws:events:eu-west-1:222222222222:event-bus/default'],
  ['answer the pipeline that called it', 'codepipeline:PutJobSuccessResult', '*'],
  ['answer the deployment that called it', 'codedeploy:PutLifecycleEventHookExecutionStatus', '*'],
])('it can %s', (_what, action, resource) => {
  expect(mayDo(action, resource)).toBe(true);
});
