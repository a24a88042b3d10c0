import { Match } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { resourcesOf, statementsOf, templateOf } from '../synthesis.ts';

const template = templateOf('mergecast-devops');

test('each environment has one forwarding rule, of its own branch and of what DevOps itself announced', () => {
  for (const [environment, account] of Object.entries({ dev: '222222222222', prod: '444444444444' }))
    template.hasResourceProperties('AWS::Events::Rule', {
      Name: `forward-${environment}`,
      EventBusName: 'mergecast',
      EventPattern: {
        source: ['mergecast.devops'],
        account: ['111111111111'],
        'detail-type': ['Branch Merged'],
        detail: { repository: ['orders'], branch: [environment] },
      },
      Targets: [
        Match.objectLike({
          Arn: `arn:aws:events:eu-west-1:${account}:event-bus/mergecast-${environment}`,
          RoleArn: Match.anyValue(),
          DeadLetterConfig: { Arn: Match.anyValue() },
          RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
        }),
      ],
    });
});

test('a forwarder can be used by its own rule only', () => {
  template.hasResourceProperties('AWS::IAM::Role', {
    RoleName: 'mergecast-forward-prod',
    Path: '/mergecast/',
    AssumeRolePolicyDocument: {
      Statement: [
        {
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Principal: { Service: 'events.amazonaws.com' },
          Condition: {
            StringEquals: { 'aws:SourceAccount': '111111111111' },
            ArnEquals: { 'aws:SourceArn': 'arn:aws:events:eu-west-1:111111111111:rule/mergecast/forward-prod' },
          },
        },
      ],
    },
  });
});

test("a forwarder can put announcements on its environment's bus and do nothing else", () => {
  expect(statementsOf(template, 'mergecast-forward-prod')).toEqual([
    {
      Sid: 'Forward',
      Effect: 'Allow',
      Action: 'events:PutEvents',
      Resource: 'arn:aws:events:eu-west-1:444444444444:event-bus/mergecast-prod',
      Condition: { StringEquals: { 'events:source': 'mergecast.devops', 'events:detail-type': 'Branch Merged' } },
    },
  ]);
});

test('each dead-letter queue is encrypted, kept for 14 days, closed to all but its own rule, and watched', () => {
  const queues = Object.entries(resourcesOf(template, 'AWS::SQS::Queue'));
  const policies = Object.values(resourcesOf(template, 'AWS::SQS::QueuePolicy'));
  const alarms = JSON.stringify(resourcesOf(template, 'AWS::CloudWatch::Alarm'));

  expect(queues.map(([, { Properties }]) => Properties['QueueName'])).toContain('mergecast-forward-prod-undelivered');
  for (const [id, { Properties }] of queues) {
    expect(Properties).toMatchObject({ SqsManagedSseEnabled: true, MessageRetentionPeriod: 1_209_600 });
    expect(alarms).toContain(`"${id}","QueueName"`);
    const policy = JSON.stringify(policies.find((each) => JSON.stringify(each.Properties['Queues']).includes(id)));
    expect(policy).toContain('"aws:SecureTransport":"false"');
  }
  template.hasResourceProperties('AWS::SQS::QueuePolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Action: 'sqs:SendMessage',
          Principal: { Service: 'events.amazonaws.com' },
          Condition: {
            ArnEquals: { 'aws:SourceArn': 'arn:aws:events:eu-west-1:111111111111:rule/mergecast/forward-prod' },
            StringEquals: { 'aws:SourceAccount': '111111111111' },
          },
        }),
      ]),
    },
  });
});
