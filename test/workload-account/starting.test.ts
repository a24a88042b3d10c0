import { Match } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { readSettings } from '../../workload-account/handlers/start-pipeline/settings.ts';
import { pipeline } from '../../workload-account/pipeline-definition.ts';
import { organisationFile, resourcesOf, statementsOf, synthesized, templateOf } from '../synthesis.ts';

const template = templateOf('mergecast-prod');

test('the ledger outlives its stack, is encrypted and can be set back', () => {
  template.hasResource('AWS::DynamoDB::Table', {
    DeletionPolicy: 'RetainExceptOnCreate',
    Properties: {
      TableName: 'mergecast-prod-ledger',
      KeySchema: [{ AttributeName: 'pipeline', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
      SSESpecification: { SSEEnabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    },
  });
});

test('the starter is told what it reads from its environment', () => {
  const [starter] = Object.values(resourcesOf(template, 'AWS::Lambda::Function'));
  const { Variables } = starter?.Properties['Environment'] as { Variables: Record<string, string> };

  expect(readSettings({ ...Variables, LEDGER_TABLE: 'mergecast-prod-ledger' })).toEqual({
    environment: 'prod',
    branch: 'prod',
    devopsAccount: '111111111111',
    devopsBusArn: 'arn:aws:events:eu-west-1:111111111111:event-bus/mergecast',
    readRoleArn: 'arn:aws:iam::111111111111:role/mergecast/mergecast-read-prod',
    ledgerTable: 'mergecast-prod-ledger',
    starterRoleName: 'mergecast-prod-starter',
    pipelines: [{ pipeline: 'orders-prod', repository: 'orders' }],
  });
  expect(starter?.Properties).toMatchObject({ Runtime: 'nodejs24.x', Timeout: 60 });
});

test("paths and freezes of the owner's file reach the starter", () => {
  const freeze = { from: '2026-12-24T00:00:00Z', until: '2027-01-02T00:00:00Z', reason: 'holidays' };
  const prod = pipeline('orders').onlyFor('services/**', '!**/*.md').freeze(freeze).build().deployStack();
  const changed = synthesized(organisationFile, { prod }, 'prod').get('mergecast-prod') ?? template;

  const [starter] = Object.values(resourcesOf(changed, 'AWS::Lambda::Function'));
  const { Variables } = starter?.Properties['Environment'] as { Variables: Record<string, string> };

  expect(readSettings({ ...Variables, LEDGER_TABLE: 'ledger' }).pipelines[0]).toMatchObject({
    paths: ['services/**', '!**/*.md'],
    freezes: [freeze],
  });
});

test('an environment that the owner requires reaches the starter, and DevOps lets it read the trail', () => {
  const file = {
    ...organisationFile,
    environments: organisationFile.environments.map((each) =>
      each.name === 'prod' ? { ...each, evidenceFrom: ['staging'] } : each,
    ),
  };
  const prod = pipeline('orders').requires('staging').build().deployStack();
  const stacks = synthesized(file, { prod });
  const changed = stacks.get('mergecast-prod') ?? template;

  const [starter] = Object.values(resourcesOf(changed, 'AWS::Lambda::Function'));
  const { Variables } = starter?.Properties['Environment'] as { Variables: Record<string, string> };

  expect(readSettings({ ...Variables, LEDGER_TABLE: 'ledger' }).pipelines[0]?.requires).toEqual([
    { environment: 'staging', account: '333333333333', pipeline: 'orders-staging' },
  ]);
  const devops = stacks.get('mergecast-devops') ?? template;
  const sids = (role: string) => statementsOf(devops, role).map(({ Sid }) => Sid);
  expect(sids('mergecast-read-prod')).toEqual(['Branches', 'Evidence']);
  expect(sids('mergecast-read-staging')).toEqual(['Branches']);
});

test('people hold and release with a policy that takes the parameters of the pipelines and nothing else', () => {
  template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
    ManagedPolicyName: 'mergecast-prod-releasers',
    PolicyDocument: Match.objectLike({
      Statement: [
        Match.objectLike({
          Action: ['ssm:DeleteParameter', 'ssm:GetParameter', 'ssm:GetParameterHistory', 'ssm:PutParameter'],
          Resource: [
            'arn:aws:ssm:eu-west-1:444444444444:parameter/mergecast/prod/orders-prod/hold',
            'arn:aws:ssm:eu-west-1:444444444444:parameter/mergecast/prod/orders-prod/release',
          ],
        }),
      ],
    }),
  });
});

test('the starter may look, start and retry its own pipelines, keep its ledger and report, and nothing else', () => {
  const statements = statementsOf(template, 'mergecast-prod-starter');

  expect(statements.map(({ Sid, Action }) => [Sid, Action])).toEqual([
    ['OwnLogs', ['logs:CreateLogStream', 'logs:PutLogEvents']],
    ['GivenUp', 'sqs:SendMessage'],
    ['Ledger', ['dynamodb:GetItem', 'dynamodb:PutItem']],
    ['ReadBranches', 'sts:AssumeRole'],
    [
      'Start',
      [
        'codepipeline:GetPipelineExecution',
        'codepipeline:ListActionExecutions',
        'codepipeline:ListPipelineExecutions',
        'codepipeline:StartPipelineExecution',
      ],
    ],
    ['RetrySource', 'codepipeline:RetryStageExecution'],
    ['ReadHolds', 'ssm:GetParameterHistory'],
    ['Report', 'events:PutEvents'],
  ]);
  expect(statements[3]?.Resource).toBe('arn:aws:iam::111111111111:role/mergecast/mergecast-read-prod');
  expect(statements[4]?.Resource).toBe('arn:aws:codepipeline:eu-west-1:444444444444:orders-prod');
  expect(statements[6]?.Resource).toEqual([
    'arn:aws:ssm:eu-west-1:444444444444:parameter/mergecast/prod/orders-prod/hold',
    'arn:aws:ssm:eu-west-1:444444444444:parameter/mergecast/prod/orders-prod/release',
  ]);
  expect(statements[7]).toMatchObject({
    Resource: 'arn:aws:events:eu-west-1:111111111111:event-bus/mergecast',
    Condition: { StringEquals: { 'events:source': 'mergecast.workload', 'events:detail-type': 'Start Decided' } },
  });
});

test('the sweep runs every five minutes in a role and with dead letters of its own', () => {
  template.hasResourceProperties('AWS::Scheduler::Schedule', {
    GroupName: 'mergecast-prod',
    ScheduleExpression: 'rate(5 minutes)',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: {
      Input: '{"source":"mergecast.sweep"}',
      DeadLetterConfig: { Arn: Match.anyValue() },
      RetryPolicy: { MaximumEventAgeInSeconds: 300, MaximumRetryAttempts: 2 },
    },
  });
  expect(statementsOf(template, 'mergecast-prod-sweeper').map(({ Action }) => Action)).toEqual([
    'lambda:InvokeFunction',
    'sqs:SendMessage',
  ]);
  template.hasResourceProperties('AWS::IAM::Role', {
    RoleName: 'mergecast-prod-sweeper',
    AssumeRolePolicyDocument: {
      Statement: [
        Match.objectLike({
          Principal: { Service: 'scheduler.amazonaws.com' },
          Condition: {
            StringEquals: { 'aws:SourceAccount': '444444444444' },
            ArnEquals: {
              'aws:SourceArn': [
                'arn:aws:scheduler:eu-west-1:444444444444:schedule-group/mergecast-prod',
                'arn:aws:scheduler:eu-west-1:444444444444:schedule/mergecast-prod/mergecast-prod-sweep',
              ],
            },
          },
        }),
      ],
    },
  });
});
