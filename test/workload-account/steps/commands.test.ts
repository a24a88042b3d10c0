import { Match, type Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { parseOrganisation } from '../../../shared/organisation-schema.ts';
import { checkedPipelines } from '../../../workload-account/owner-file.ts';
import { pipeline } from '../../../workload-account/pipeline-definition.ts';
import { commands } from '../../../workload-account/steps/commands.ts';
import { test as testStep } from '../../../workload-account/steps/test.ts';
import { organisationFile, synthesized } from '../../synthesis.ts';

test('commands run over the artifact that is named, leave files and variables, and keep a log for a year', () => {
  const prod = pipeline('orders')
    .build()
    .commands(['npm run pages', 'export PAGES=12'], {
      stage: 'Pages',
      input: 'Build',
      files: ['pages/**'],
      variables: ['PAGES'],
    })
    .deploySite('site');

  const template = synthesized(organisationFile, { prod }, 'prod').get('mergecast-prod') as Template;

  template.hasResourceProperties('AWS::CodePipeline::Pipeline', {
    Stages: Match.arrayWith([
      Match.objectLike({
        Name: 'Pages',
        Actions: [
          Match.objectLike({
            ActionTypeId: { Category: 'Compute', Owner: 'AWS', Provider: 'Commands', Version: '1' },
            Commands: ['npm run pages', 'export PAGES=12'],
            InputArtifacts: [{ Name: 'Build' }],
            OutputArtifacts: [{ Name: 'Pages', Files: ['pages/**'] }],
            OutputVariables: ['PAGES'],
            Namespace: 'Pages',
          }),
        ],
      }),
      Match.objectLike({ Actions: [Match.objectLike({ InputArtifacts: [{ Name: 'Pages' }] })] }),
    ]),
  });
  template.hasResourceProperties('AWS::Logs::LogGroup', {
    LogGroupName: '/aws/codepipeline/orders-prod',
    RetentionInDays: 365,
  });
});

test('commands read variables of steps before, and secrets, which their role may read', () => {
  const environment = { VERSION: '#{Build.VERSION}', TOKEN: { secret: 'shop/api:token' } };
  const prod = pipeline('orders')
    .build()
    .sideBySide('Both', testStep({ commands: ['true'] }), commands(['./publish'], { environment }));

  const template = synthesized(organisationFile, { prod }, 'prod').get('mergecast-prod') as Template;

  template.hasResourceProperties('AWS::CodePipeline::Pipeline', {
    Stages: Match.arrayWith([
      Match.objectLike({
        Name: 'Both',
        Actions: Match.arrayWith([
          Match.objectLike({
            Name: 'Commands',
            EnvironmentVariables: [
              { Name: 'VERSION', Value: '#{Build.VERSION}' },
              { Name: 'TOKEN', Value: 'shop/api:token', Type: 'SECRETS_MANAGER' },
            ],
          }),
        ]),
      }),
    ]),
  });
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Action: 'secretsmanager:GetSecretValue',
          Resource: 'arn:aws:secretsmanager:eu-west-1:444444444444:secret:shop/api-??????',
        }),
      ]),
    },
  });
});

test.each<[string, Parameters<typeof commands>, RegExp]>([
  ['no command', [[]], /stage 'Commands': commands\(\) has 0 commands: CodePipeline takes 1 to 50/],
  ['a command of two lines', [['npm ci\nnpm test']], /"npm ci\\nnpm test" is not one line/],
  ['no files to keep', [['true'], { files: [] }], /0 globs in files: CodePipeline takes 1 to 10/],
  ['too many variables', [['true'], { variables: Array<string>(16).fill('A') }], /16 variables: CodePipeline takes 1/],
  [
    'a variable without a name',
    [['true'], { environment: { 'a b': 'c' } }],
    /'a b' is no name of a variable: give letters/,
  ],
  [
    'an artifact that nobody makes',
    [['true'], { input: 'Bild' }],
    /stage 'Commands' reads 'Bild', and the artifacts made before it are Source, Build/,
  ],
])('commands with %s are refused', (_, parameters, words) => {
  const [dev] = parseOrganisation(organisationFile).environments;
  const definition = pipeline('orders')
    .build()
    .step(commands(...parameters));

  expect(() => checkedPipelines(dev as never, [definition])).toThrow(words);
  expect(() => checkedPipelines(dev as never, [definition])).toThrow('OwnerFileInvalid');
});
