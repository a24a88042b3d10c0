import { Match, type Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { parseOrganisation } from '../../../shared/organisation-schema.ts';
import { checkedPipelines } from '../../../workload-account/owner-file.ts';
import { type PipelineDefinition, pipeline } from '../../../workload-account/pipeline-definition.ts';
import type { DeployServersOptions } from '../../../workload-account/steps/deploy-servers.ts';
import { organisationFile, resourcesOf, synthesized } from '../../synthesis.ts';

const deploying = (options: DeployServersOptions): PipelineDefinition =>
  pipeline('orders').build().deployServers(options);

const templateWith = (options: DeployServersOptions): Template =>
  synthesized(organisationFile, { prod: deploying(options) }, 'prod').get('mergecast-prod') as Template;

test('the build comes to the servers that have all the tags, in batches, and goes back on failure and alarm', () => {
  const template = templateWith({
    tags: { app: 'orders', tier: 'web' },
    batches: 'half at a time',
    alarms: ['errors'],
  });

  template.hasResourceProperties('AWS::CodeDeploy::Application', {
    ApplicationName: 'orders-prod-Deploy',
    ComputePlatform: 'Server',
  });
  template.hasResourceProperties('AWS::CodeDeploy::DeploymentGroup', {
    DeploymentConfigName: 'CodeDeployDefault.HalfAtATime',
    Ec2TagSet: {
      Ec2TagSetList: [
        { Ec2TagGroup: [{ Key: 'app', Value: 'orders', Type: 'KEY_AND_VALUE' }] },
        { Ec2TagGroup: [{ Key: 'tier', Value: 'web', Type: 'KEY_AND_VALUE' }] },
      ],
    },
    AlarmConfiguration: { Alarms: [{ Name: 'errors' }], Enabled: true },
    AutoRollbackConfiguration: { Enabled: true, Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM'] },
  });
  expect(JSON.stringify(resourcesOf(template, 'AWS::IAM::Role'))).not.toContain('AWSCodeDeployRole');
});

test('only its own role may deploy, and only to its own group; going back can be left out', () => {
  const template = templateWith({ tags: { app: 'orders' }, application: 'shop', rollBack: false });

  const policies = Object.values(resourcesOf(template, 'AWS::IAM::Policy'));
  const [group] = Object.values(resourcesOf(template, 'AWS::CodeDeploy::DeploymentGroup'));

  expect(policies.filter((each) => JSON.stringify(each).includes('codedeploy:CreateDeployment'))).toHaveLength(1);
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Action: ['codedeploy:CreateDeployment', 'codedeploy:GetDeployment'],
          Resource: Match.not('*'),
        }),
      ]),
    },
  });
  expect(group?.Properties).not.toMatchObject({ AutoRollbackConfiguration: { Enabled: true } });
});

test.each<Readonly<Record<string, string>>>([{}, { a: '1', b: '2', c: '3', d: '4' }])(
  'servers are chosen by one to three tags, not %o',
  (tags) => {
    const [, , prod] = parseOrganisation(organisationFile).environments;

    expect(() => checkedPipelines(prod as never, [deploying({ tags })])).toThrow(
      /OwnerFileInvalid: .*prod\.ts: pipeline\('orders'\): stage 'Deploy': deployServers\(\) has . tags: name one to three/,
    );
  },
);
