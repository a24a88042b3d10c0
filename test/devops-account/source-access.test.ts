import { expect, test } from 'vitest';
import { organisationFile, resourcesOf, statementsOf, synthesized, templateOf } from '../synthesis.ts';

const template = templateOf('mergecast-devops');

test("an environment's pipelines are trusted by their path, so that an owner adds one without asking", () => {
  expect(trustOf('mergecast-source-prod')).toEqual([
    {
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { AWS: 'arn:aws:iam::444444444444:root' },
      Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::444444444444:role/mergecast/prod/pipeline/*' } },
    },
  ]);
});

test("only an environment's starter may look at branches", () => {
  expect(trustOf('mergecast-read-prod')).toMatchObject([
    {
      Principal: { AWS: 'arn:aws:iam::444444444444:root' },
      Condition: {
        ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::444444444444:role/mergecast/prod/mergecast-prod-starter' },
      },
    },
  ]);
  expect(statementsOf(template, 'mergecast-read-prod').map(({ Action, Resource }) => [Action, Resource])).toEqual([
    [
      ['codecommit:GetBranch', 'codecommit:GetCommit', 'codecommit:GetDifferences'],
      'arn:aws:codecommit:eu-west-1:111111111111:orders',
    ],
  ]);
});

test('with an organisation id, both roles trust members of the organisation only', () => {
  const devops = synthesized({ ...organisationFile, organisationId: 'o-a1b2c3d4e5' }, {}, 'devops').get(
    'mergecast-devops',
  );

  for (const role of ['mergecast-source-prod', 'mergecast-read-prod'])
    expect(trustOf(role, devops)).toMatchObject([
      { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } },
    ]);
});

test('no role here can write to a repository', () => {
  const actions = Object.values(resourcesOf(template, 'AWS::IAM::Policy'))
    .flatMap(
      ({ Properties }) => (Properties['PolicyDocument'] as { Statement: { Action: string | string[] }[] }).Statement,
    )
    .flatMap(({ Action }) => Action)
    .filter((action) => action.startsWith('codecommit:'));

  expect(new Set(actions)).toEqual(
    new Set([
      'codecommit:GetBranch',
      'codecommit:GetCommit',
      'codecommit:GetDifferences',
      'codecommit:UploadArchive',
      'codecommit:GetUploadArchiveStatus',
      'codecommit:CancelUploadArchive',
    ]),
  );
});

test("commits go into the environment's own bucket, under its own key, which is known by its alias", () => {
  const [, bucket, artifacts, key] = statementsOf(template, 'mergecast-source-prod');

  expect(bucket?.Resource).toBe('arn:aws:s3:::mergecast-prod-444444444444-eu-west-1');
  expect(artifacts?.Resource).toBe('arn:aws:s3:::mergecast-prod-444444444444-eu-west-1/*');
  expect(key).toMatchObject({
    Resource: 'arn:aws:kms:eu-west-1:444444444444:key/*',
    Condition: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/mergecast-prod' } },
  });
});

function trustOf(roleName: string, of = template): unknown {
  const role = Object.values(of ? resourcesOf(of, 'AWS::IAM::Role') : {}).find(
    ({ Properties }) => Properties['RoleName'] === roleName,
  );
  return (role?.Properties['AssumeRolePolicyDocument'] as { Statement: unknown } | undefined)?.Statement;
}
