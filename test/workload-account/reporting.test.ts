import { Match } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { resourcesOf, statementsOf, templateOf } from '../synthesis.ts';

const template = templateOf('mergecast-prod');
const devopsBus = 'arn:aws:events:eu-west-1:111111111111:event-bus/mergecast';

test('state changes of the own pipelines go home', () => {
  for (const name of ['mergecast-prod-report-stages', 'mergecast-prod-report-actions'])
    template.hasResourceProperties('AWS::Events::Rule', {
      Name: name,
      EventBusName: Match.absent(),
      EventPattern: Match.objectLike({
        source: ['aws.codepipeline'],
        account: ['444444444444'],
        detail: Match.objectLike({ pipeline: ['orders-prod'] }),
      }),
      Targets: [
        Match.objectLike({ Arn: devopsBus, RoleArn: Match.anyValue(), DeadLetterConfig: { Arn: Match.anyValue() } }),
      ],
    });
});

test('Source actions are not reported: their events carry commit messages', () => {
  template.hasResourceProperties('AWS::Events::Rule', {
    Name: 'mergecast-prod-report-actions',
    EventPattern: Match.objectLike({
      'detail-type': ['CodePipeline Action Execution State Change'],
      detail: { pipeline: ['orders-prod'], type: { category: [{ 'anything-but': 'Source' }] } },
    }),
  });
});

test("the reporter can be used by its two rules only, and puts AWS's words on DevOps's bus only", () => {
  template.hasResourceProperties('AWS::IAM::Role', {
    RoleName: 'mergecast-prod-reporter',
    AssumeRolePolicyDocument: {
      Statement: [
        Match.objectLike({
          Condition: {
            StringEquals: { 'aws:SourceAccount': '444444444444' },
            ArnEquals: {
              'aws:SourceArn': [
                'arn:aws:events:eu-west-1:444444444444:rule/mergecast-prod-report-stages',
                'arn:aws:events:eu-west-1:444444444444:rule/mergecast-prod-report-actions',
              ],
            },
          },
        }),
      ],
    },
  });
  expect(statementsOf(template, 'mergecast-prod-reporter')).toEqual([
    {
      Sid: 'Report',
      Effect: 'Allow',
      Action: 'events:PutEvents',
      Resource: devopsBus,
      Condition: { StringEquals: { 'events:source': 'aws.codepipeline' } },
    },
  ]);
});

test('people are told of executions that failed, by a rule that the topic admits', () => {
  template.hasResourceProperties('AWS::Events::Rule', {
    Name: 'mergecast-prod-failed-executions',
    EventPattern: Match.objectLike({ detail: { pipeline: ['orders-prod'], state: ['FAILED'] } }),
  });
  template.hasResourceProperties('AWS::SNS::TopicPolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Action: 'sns:Publish',
          Principal: { Service: 'events.amazonaws.com' },
          Condition: {
            ArnEquals: {
              'aws:SourceArn': 'arn:aws:events:eu-west-1:444444444444:rule/mergecast-prod-failed-executions',
            },
          },
        }),
      ]),
    },
  });
});

test('every rule has a target with dead letters', () => {
  for (const stack of ['mergecast-devops', 'mergecast-dev', 'mergecast-staging', 'mergecast-prod'])
    for (const [id, { Properties }] of Object.entries(resourcesOf(templateOf(stack), 'AWS::Events::Rule')))
      for (const target of Properties['Targets'] as object[])
        expect(target, `${stack} ${id}`).toHaveProperty('DeadLetterConfig.Arn');
});
