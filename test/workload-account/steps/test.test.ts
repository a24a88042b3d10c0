import { Match } from 'aws-cdk-lib/assertions';
import { ComputeType, LinuxBuildImage } from 'aws-cdk-lib/aws-codebuild';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { expect, test } from 'vitest';
import { pipeline } from '../../../workload-account/pipeline-definition.ts';
import { organisationFile, resourcesOf, synthesized } from '../../synthesis.ts';

const dev = pipeline('orders')
  .build()
  .test({
    commands: ['npm run test:integration'],
    reports: 'reports/*.xml',
    coverage: { files: ['cover/lcov.json'], format: 'SIMPLECOV' },
    cache: ['node_modules/**/*'],
    environment: { LEVEL: 'full', TOKEN: { parameter: '/orders/token' } },
    image: LinuxBuildImage.STANDARD_7_0,
    compute: ComputeType.MEDIUM,
    permissions: [
      new PolicyStatement({ actions: ['sqs:SendMessage'], resources: ['arn:aws:sqs:eu-west-1:222222222222:orders'] }),
    ],
  });

test('commands become a buildspec of the project, with their reports', () => {
  const template = synthesized(organisationFile, { dev }, 'dev').get('mergecast-dev');
  const project = Object.values(resourcesOf(template as never, 'AWS::CodeBuild::Project')).find(
    ({ Properties }) => Properties['Name'] === 'orders-dev-test',
  );
  const { BuildSpec } = project?.Properties['Source'] as { BuildSpec: string };

  expect(JSON.parse(BuildSpec)).toEqual({
    version: '0.2',
    phases: { build: { commands: ['npm run test:integration'] } },
    reports: {
      tests: { files: ['reports/*.xml'], 'file-format': 'JUNITXML' },
      coverage: { files: ['cover/lcov.json'], 'file-format': 'SIMPLECOV' },
    },
    cache: { paths: ['node_modules/**/*'] },
  });
  expect(project?.Properties['Cache']).toEqual({ Type: 'LOCAL', Modes: ['LOCAL_CUSTOM_CACHE'] });
  expect(project?.Properties['Environment']).toMatchObject({
    ComputeType: 'BUILD_GENERAL1_MEDIUM',
    Image: 'aws/codebuild/standard:7.0',
    EnvironmentVariables: [
      { Name: 'STAGE', Value: 'dev' },
      { Name: 'LEVEL', Value: 'full' },
      { Name: 'TOKEN', Type: 'PARAMETER_STORE', Value: '/orders/token' },
    ],
  });
});

test('a test is an action of category Test over the source, and makes no artifact', () => {
  synthesized(organisationFile, { dev }, 'dev')
    .get('mergecast-dev')
    ?.hasResourceProperties('AWS::CodePipeline::Pipeline', {
      Stages: Match.arrayWith([
        Match.objectLike({
          Name: 'Test',
          Actions: [
            Match.objectLike({
              ActionTypeId: { Category: 'Test', Owner: 'AWS', Provider: 'CodeBuild', Version: '1' },
              InputArtifacts: [{ Name: 'Source' }],
              OutputArtifacts: Match.absent(),
            }),
          ],
        }),
      ]),
    });
});

test('what its commands may do beside is what the owner says', () => {
  const template = synthesized(organisationFile, { dev }, 'dev').get('mergecast-dev');

  expect(JSON.stringify(resourcesOf(template as never, 'AWS::IAM::Policy'))).toContain('"sqs:SendMessage"');
});
