import { Match } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { statementsOf, templateOf } from '../synthesis.ts';

const template = templateOf('mergecast-devops');

test('only followed branches of listed repositories wake the announcer, and tags do not', () => {
  template.hasResourceProperties('AWS::Events::Rule', {
    Name: 'mergecast-merges',
    EventBusName: Match.absent(),
    EventPattern: {
      source: ['aws.codecommit'],
      account: ['111111111111'],
      'detail-type': ['CodeCommit Repository State Change'],
      detail: {
        event: ['referenceCreated', 'referenceUpdated'],
        repositoryName: ['orders'],
        referenceType: ['branch'],
        referenceName: ['dev', 'prod', 'staging'],
      },
    },
  });
});

test('a merge that cannot be handed to the announcer is tried for a day and then kept', () => {
  template.hasResourceProperties('AWS::Events::Rule', {
    Name: 'mergecast-merges',
    Targets: [
      Match.objectLike({
        RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
        DeadLetterConfig: { Arn: Match.anyValue() },
      }),
    ],
  });
});

test('a merge on which the announcer failed three times is kept', () => {
  template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
    MaximumRetryAttempts: 2,
    DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
  });
});

test('the rule alone may invoke the announcer', () => {
  template.hasResourceProperties('AWS::Lambda::Permission', {
    Action: 'lambda:InvokeFunction',
    Principal: 'events.amazonaws.com',
    SourceAccount: '111111111111',
    SourceArn: 'arn:aws:events:eu-west-1:111111111111:rule/mergecast-merges',
  });
});

test('the announcer runs on Node 24 with a log group that forgets after a year', () => {
  template.hasResourceProperties('AWS::Lambda::Function', {
    FunctionName: 'mergecast-announce-merge',
    Runtime: 'nodejs24.x',
    Environment: {
      Variables: Match.objectLike({ POWERTOOLS_SERVICE_NAME: 'announce-merge' }),
    },
  });
  template.hasResourceProperties('AWS::Logs::LogGroup', {
    LogGroupName: '/aws/lambda/mergecast-announce-merge',
    RetentionInDays: 365,
  });
});

test('the announcer may read commits, announce in our words, log and give up, and nothing else', () => {
  const statements = statementsOf(template, 'mergecast-announce-merge');

  expect(statements.map(({ Sid, Action }) => [Sid, Action])).toEqual([
    ['OwnLogs', ['logs:CreateLogStream', 'logs:PutLogEvents']],
    ['GivenUp', 'sqs:SendMessage'],
    ['ReadCommits', 'codecommit:GetCommit'],
    ['Announce', 'events:PutEvents'],
  ]);
  expect(statements[2]?.Resource).toBe('arn:aws:codecommit:eu-west-1:111111111111:orders');
  expect(statements[3]).toMatchObject({
    Resource: 'arn:aws:events:eu-west-1:111111111111:event-bus/mergecast',
    Condition: { StringEquals: { 'events:source': 'mergecast.devops', 'events:detail-type': 'Branch Merged' } },
  });
});
