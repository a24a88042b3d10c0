import { Match } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { organisationFile, resourcesOf, synthesized, templateOf } from '../synthesis.ts';

const template = templateOf('mergecast-prod');

test("the bus admits the DevOps account's forwarder of this environment, with announcements, and nobody else", () => {
  const policies = Object.values(resourcesOf(template, 'AWS::Events::EventBusPolicy'));

  expect(policies.map(({ Properties }) => Properties)).toEqual([
    {
      EventBusName: 'mergecast-prod',
      StatementId: 'Forwarder',
      Statement: {
        Sid: 'Forwarder',
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::111111111111:root' },
        Action: 'events:PutEvents',
        Resource: 'arn:aws:events:eu-west-1:444444444444:event-bus/mergecast-prod',
        Condition: {
          ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::111111111111:role/mergecast/mergecast-forward-prod' },
          StringEquals: { 'events:source': 'mergecast.devops', 'events:detail-type': 'Branch Merged' },
        },
      },
    },
  ]);
});

test('with an organisation id, the bus admits members of the organisation only', () => {
  const [policy] = Object.values(
    resourcesOf(
      synthesized({ ...organisationFile, organisationId: 'o-a1b2c3d4e5' }, {}, 'prod').get('mergecast-prod') ??
        template,
      'AWS::Events::EventBusPolicy',
    ),
  );

  expect(policy?.Properties['Statement']).toMatchObject({
    Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
  });
});

test('merges to the own branch reach the starter, and replays do not', () => {
  template.hasResourceProperties('AWS::Events::Rule', {
    Name: 'start',
    EventBusName: 'mergecast-prod',
    EventPattern: {
      source: ['mergecast.devops'],
      account: ['111111111111'],
      'detail-type': ['Branch Merged'],
      detail: { repository: ['orders'], branch: ['prod'] },
      'replay-name': [{ exists: false }],
    },
    Targets: [Match.objectLike({ Id: 'starter', DeadLetterConfig: { Arn: Match.anyValue() } })],
  });
  template.hasResourceProperties('AWS::Lambda::Permission', {
    Principal: 'events.amazonaws.com',
    SourceAccount: '444444444444',
    SourceArn: 'arn:aws:events:eu-west-1:444444444444:rule/mergecast-prod/start',
  });
});
