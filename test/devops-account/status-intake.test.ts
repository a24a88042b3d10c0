import { expect, test } from 'vitest';
import { organisationFile, resourcesOf, synthesized, templateOf } from '../synthesis.ts';

test("an environment's starter says our words and its reporter AWS's, in separate statements", () => {
  const statements = intakeOf('mergecast-prod', templateOf('mergecast-devops'));

  expect(statements).toEqual([
    {
      Sid: 'mergecast-prod-Decisions',
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::444444444444:root' },
      Action: 'events:PutEvents',
      Resource: 'arn:aws:events:eu-west-1:111111111111:event-bus/mergecast',
      Condition: {
        ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::444444444444:role/mergecast/prod/mergecast-prod-starter' },
        StringEquals: { 'events:source': 'mergecast.workload', 'events:detail-type': ['Start Decided'] },
      },
    },
    {
      Sid: 'mergecast-prod-States',
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::444444444444:root' },
      Action: 'events:PutEvents',
      Resource: 'arn:aws:events:eu-west-1:111111111111:event-bus/mergecast',
      Condition: {
        ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::444444444444:role/mergecast/prod/mergecast-prod-reporter' },
        StringEquals: {
          'events:source': 'aws.codepipeline',
          'events:detail-type': [
            'CodePipeline Pipeline Execution State Change',
            'CodePipeline Stage Execution State Change',
            'CodePipeline Action Execution State Change',
          ],
        },
      },
    },
  ]);
});

test('no condition can hold for want of a key', () => {
  const { Resources } = templateOf('mergecast-devops').toJSON() as { Resources: object };

  expect(JSON.stringify(Resources)).not.toMatch(/ForAllValues|IfExists/);
});

test('statements change one after the other, since a bus refuses two changes at once', () => {
  const policies = Object.values(resourcesOf(templateOf('mergecast-devops'), 'AWS::Events::EventBusPolicy'));

  const waiting = policies.filter((policy) => JSON.stringify(policy).includes('"StatusIntake'));

  expect(policies).toHaveLength(6);
  expect(waiting).toHaveLength(5);
});

test('where the policy has no room for each environment, it names the organisation', () => {
  const devops = synthesized(crowded({ organisationId: 'o-a1b2c3d4e5' }), {}, 'devops').get('mergecast-devops');

  const statements = devops ? intakeOf('organisation', devops) : [];

  expect(statements).toMatchObject([
    {
      Sid: 'organisation-Decisions',
      Principal: '*',
      Condition: {
        ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/mergecast/*/mergecast-*-starter' },
        StringEquals: { 'events:source': 'mergecast.workload', 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' },
      },
    },
    {
      Sid: 'organisation-States',
      Condition: { StringEquals: { 'events:source': 'aws.codepipeline', 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
    },
  ]);
  expect(devops ? Object.keys(resourcesOf(devops, 'AWS::Events::EventBusPolicy')) : []).toHaveLength(2);
});

test('without an organisation id, more environments than the policy has room for are refused', () => {
  expect(() => synthesized(crowded({}), {}, 'devops')).toThrow(
    /OrganisationInvalid: 30 environments need \d+ characters of policy on the bus mergecast, and AWS takes 10240 \(give organisationId/,
  );
});

function intakeOf(sid: string, template: Parameters<typeof resourcesOf>[0]): readonly unknown[] {
  return Object.values(resourcesOf(template, 'AWS::Events::EventBusPolicy'))
    .map(({ Properties }) => Properties['Statement'] as { Sid: string })
    .filter(({ Sid }) => Sid.startsWith(`${sid}-`));
}

const crowded = (more: object) => ({
  ...organisationFile,
  ...more,
  environments: Array.from({ length: 30 }, (_, index) => ({
    name: `team${index}`,
    account: String(200_000_000_000 + index),
    branch: 'main',
  })),
});
