import { Match, type Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { parseOrganisation } from '../../../shared/organisation-schema.ts';
import { checkedPipelines } from '../../../workload-account/owner-file.ts';
import { type Pipeline, pipeline } from '../../../workload-account/pipeline-definition.ts';
import type { DeployServiceOptions } from '../../../workload-account/steps/deploy-service.ts';
import { organisationFile, resourcesOf, synthesized } from '../../synthesis.ts';

const service: DeployServiceOptions = {
  stage: 'Service',
  cluster: 'shop',
  service: 'orders',
  listenerArn:
    'arn:aws:elasticloadbalancing:eu-west-1:444444444444:listener/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2',
  targetGroups: ['orders-blue', 'orders-green'],
};
const built = pipeline('orders').build();
let made: Template | undefined;

/** One template with all of them, synthesized by the first test that asks. */
const theTemplate = (): Template => {
  const prod = built
    .deployFunction('orders', {
      stage: 'Function',
      shift: 'Canary10Percent5Minutes',
      before: 'check',
      after: 'smoke',
      alarms: ['errors'],
    })
    .deployService(service)
    .deployBeanstalk({ stage: 'Beanstalk', application: 'orders', environment: 'orders-prod' })
    .runStateMachine('nightly', { input: { commit: '#{SourceVariables.CommitId}' } });
  made ??= synthesized(organisationFile, { prod }, 'prod').get('mergecast-prod') as Template;
  return made;
};

test('a function gets its traffic step by step, and back on failure and alarm; a project that no merge changes asks for it', () => {
  const template = theTemplate();
  template.hasResourceProperties('AWS::CodeDeploy::DeploymentGroup', {
    DeploymentGroupName: 'orders-prod-Function',
    DeploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent5Minutes',
    AlarmConfiguration: { Alarms: [{ Name: 'errors' }], Enabled: true },
    AutoRollbackConfiguration: { Enabled: true, Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM'] },
  });
  const project = Object.values(resourcesOf(template, 'AWS::CodeBuild::Project')).find(
    ({ Properties }) => Properties['Name'] === 'orders-prod-function',
  );
  const { BuildSpec } = project?.Properties['Source'] as { BuildSpec: string };
  const { commands } = (JSON.parse(BuildSpec) as { phases: { build: { commands: string[] } } }).phases.build;
  const [, revision = ''] = /echo '(.*)' \|/.exec(commands.join('\n')) ?? [];
  const { appSpecContent } = JSON.parse(revision) as { appSpecContent: { content: string } };

  expect(commands.join('\n')).toContain('lambda update-function-code --function-name orders ');
  expect(JSON.parse(appSpecContent.content)).toMatchObject({
    Resources: [{ target: { Properties: { Name: 'orders', Alias: 'live' } } }],
    Hooks: [{ BeforeAllowTraffic: 'check' }, { AfterAllowTraffic: 'smoke' }],
  });
});

test('a service goes from one target group to the other, and its containers get only bounded roles', () => {
  const template = theTemplate();
  template.hasResourceProperties('AWS::CodeDeploy::DeploymentGroup', {
    DeploymentGroupName: 'orders-prod-Service',
    ECSServices: [{ ClusterName: 'shop', ServiceName: 'orders' }],
    LoadBalancerInfo: {
      TargetGroupPairInfoList: [{ TargetGroups: [{ Name: 'orders-blue' }, { Name: 'orders-green' }] }],
    },
  });
  const passed = Object.values(resourcesOf(template, 'AWS::IAM::Policy'))
    .flatMap(
      ({ Properties }) =>
        (Properties['PolicyDocument'] as { Statement: { Sid?: string; Resource: unknown }[] }).Statement,
    )
    .filter(({ Sid }) => Sid === 'HandRolesToTasks');

  expect(passed.map(({ Resource }) => Resource)).toEqual(
    Array(2).fill('arn:aws:iam::444444444444:role/orders/orders-prod-*'),
  );
});

test('Beanstalk and state machines have actions of their own, with roles that reach the one environment and machine', () => {
  const template = theTemplate();
  template.hasResourceProperties('AWS::CodePipeline::Pipeline', {
    Stages: Match.arrayWith([
      Match.objectLike({
        Actions: [
          Match.objectLike({
            ActionTypeId: Match.objectLike({ Provider: 'ElasticBeanstalk' }),
            Configuration: { ApplicationName: 'orders', EnvironmentName: 'orders-prod' },
          }),
        ],
      }),
      Match.objectLike({
        Actions: [
          Match.objectLike({
            ActionTypeId: Match.objectLike({ Provider: 'StepFunctions' }),
            Configuration: Match.objectLike({
              StateMachineArn: 'arn:aws:states:eu-west-1:444444444444:stateMachine:nightly',
              Input: '{"commit":"#{SourceVariables.CommitId}"}',
            }),
          }),
        ],
      }),
    ]),
  });
  expect(JSON.stringify(resourcesOf(template, 'AWS::IAM::Role'))).not.toContain('AdministratorAccess');
});

test.each<[string, Pipeline, RegExp]>([
  ['a function by its ARN', built.deployFunction('arn:aws:lambda:x'), /'arn:aws:lambda:x' is no name of a function of/],
  ['a function of ours', built.deployFunction('mergecast-prod-start-pipeline'), /is no name of a function of yours/],
  ['an alias that is a number', built.deployFunction('orders', { alias: '7' }), /'7' is no name of an alias/],
  ['a listener without its ARN', built.deployService({ ...service, listenerArn: 'shop' }), /'shop' is no ARN of a/],
  ['one target group', built.deployService({ ...service, targetGroups: ['a', 'a'] }), /both target groups are 'a'/],
  [
    'old containers for days',
    built.deployService({ ...service, keepOldMinutes: 1e4 }),
    /keepOldMinutes is 10000: CodeDeploy takes whole minutes up to 2880/,
  ],
  ['a machine by its ARN', built.runStateMachine('arn:aws:states:x'), /is no name of a state machine: give it without/],
  [
    'an environment of two letters',
    built.deployBeanstalk({ application: 'orders', environment: 'it' }),
    /'it' is no name of an environment: 4 to 40/,
  ],
  ['eleven alarms', built.deployFunction('a', { alarms: Array<string>(11).fill('a') }), /11 alarms, and CodeDeploy/],
])('%s is refused', (_, definition, words) => {
  const [dev] = parseOrganisation(organisationFile).environments;

  expect(() => checkedPipelines(dev as never, [definition])).toThrow(words);
});
