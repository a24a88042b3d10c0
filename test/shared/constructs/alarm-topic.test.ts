import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { organisationFile, resourcesOf, synthesized, templateOf } from '../../synthesis.ts';

describe.each([
  ['mergecast-devops', 'mergecast', '111111111111'],
  ['mergecast-prod', 'mergecast-prod', '444444444444'],
])('%s', (stack, prefix, account) => {
  const template = templateOf(stack);
  const alarms = Object.values(resourcesOf(template, 'AWS::CloudWatch::Alarm'));
  const watched = alarms.map(({ Properties }) => JSON.stringify(Properties));

  test('people are mailed', () => {
    template.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'ops@example.com' });
  });

  test('every alarm goes to the topic, and its name is one that the topic admits', () => {
    for (const { Properties } of alarms) {
      expect(Properties['AlarmActions']).toHaveLength(1);
      expect(Properties['AlarmName']).toMatch(new RegExp(`^${prefix}-`));
      expect(Properties['TreatMissingData']).toBe('notBreaching');
    }
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Condition: {
              StringEquals: { 'aws:SourceAccount': account },
              ArnLike: { 'aws:SourceArn': `arn:aws:cloudwatch:eu-west-1:${account}:alarm:${prefix}-*` },
            },
          }),
        ]),
      },
    });
  });

  test('there is an alarm for every queue of dead letters, every rule and every function', () => {
    for (const id of Object.keys(resourcesOf(template, 'AWS::SQS::Queue')))
      expect(
        watched.some((alarm) => alarm.includes(`"${id}","QueueName"`)),
        id,
      ).toBe(true);
    for (const { Properties } of Object.values(resourcesOf(template, 'AWS::Events::Rule')))
      expect(
        watched.some(
          (alarm) => alarm.includes('FailedInvocations') && alarm.includes(`"${String(Properties['Name'])}"`),
        ),
        String(Properties['Name']),
      ).toBe(true);
    for (const id of Object.keys(resourcesOf(template, 'AWS::Lambda::Function')))
      expect(
        watched.some((alarm) => alarm.includes('"Errors"') && alarm.includes(id)),
        id,
      ).toBe(true);
  });

  test('the topic takes nothing without TLS, and its key serves alarms and rules only', () => {
    template.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: Match.anyValue() });
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    });
    template.hasResourceProperties('AWS::KMS::Key', {
      EnableKeyRotation: true,
      KeyPolicy: {
        Statement: [
          Match.objectLike({ Sid: 'OwnAccount' }),
          Match.objectLike({ Sid: 'Alarms', Principal: { Service: 'cloudwatch.amazonaws.com' } }),
          Match.objectLike({ Sid: 'Rules', Principal: { Service: 'events.amazonaws.com' }, Condition: Match.absent() }),
        ],
      },
    });
  });
});

test('a metric that is counted into has an alarm of exactly its dimensions', () => {
  templateOf('mergecast-prod').hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'mergecast-prod-undelivered',
    Namespace: 'mergecast',
    MetricName: 'Undelivered',
    Dimensions: [
      { Name: 'environment', Value: 'prod' },
      { Name: 'service', Value: 'start-pipeline' },
    ],
  });
});

test('without an e-mail address nobody is mailed and the alarms stay', () => {
  const { alarmEmail: _nobody, ...silent } = organisationFile;
  const template = synthesized(silent, {}, 'devops').get('mergecast-devops');

  expect(template ? Object.keys(resourcesOf(template, 'AWS::SNS::Subscription')) : ['?']).toEqual([]);
  expect(template ? Object.keys(resourcesOf(template, 'AWS::CloudWatch::Alarm')).length : 0).toBeGreaterThan(10);
});
