import { Match } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { resourcesOf, templateOf } from '../synthesis.ts';

const template = templateOf('mergecast-devops');
const group = 'arn:aws:logs:eu-west-1:111111111111:log-group:/aws/events/mergecast/trail';

test('announcements, decisions and state changes are written to the trail, without a role', () => {
  template.hasResourceProperties('AWS::Events::Rule', {
    Name: 'trail',
    EventBusName: 'mergecast',
    EventPattern: { source: ['mergecast.devops', 'mergecast.workload', 'aws.codepipeline'] },
    Targets: [Match.objectLike({ Arn: group, RoleArn: Match.absent(), DeadLetterConfig: { Arn: Match.anyValue() } })],
  });
});

test('the trail outlives its stack and an audit year', () => {
  const trail = Object.values(resourcesOf(template, 'AWS::Logs::LogGroup')).find(
    ({ Properties }) => Properties['LogGroupName'] === '/aws/events/mergecast/trail',
  );

  expect(trail).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', Properties: { RetentionInDays: 400 } });
});

test('only the rule may write records, and it needs no custom resource', () => {
  const [policy] = Object.values(resourcesOf(template, 'AWS::Logs::ResourcePolicy'));

  expect(JSON.parse(String(policy?.Properties['PolicyDocument']))).toMatchObject({
    Statement: [
      { Action: 'logs:CreateLogStream', Resource: `${group}:*` },
      {
        Action: 'logs:PutLogEvents',
        Principal: { Service: ['events.amazonaws.com', 'delivery.logs.amazonaws.com'] },
        Resource: `${group}:*`,
        Condition: { ArnEquals: { 'aws:SourceArn': 'arn:aws:events:eu-west-1:111111111111:rule/mergecast/trail' } },
      },
    ],
  });
  expect(Object.keys(resourcesOf(template, 'AWS::CloudFormation::CustomResource'))).toEqual([]);
});

test('announced merges are archived for longer than a year', () => {
  template.hasResourceProperties('AWS::Events::Archive', {
    EventPattern: { source: ['mergecast.devops'] },
    RetentionDays: 400,
  });
});

test('the bus comes before all that is on it', () => {
  for (const [id, resource] of Object.entries(resourcesOf(template)))
    if (resource.Properties?.['EventBusName'] === 'mergecast')
      expect(JSON.stringify(resource), id).toMatch(/"DependsOn":[^\]]*"Bus[0-9A-F]{8}"/);
});
