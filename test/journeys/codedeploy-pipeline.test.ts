import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CodeCommitClient, CreateCommitCommand } from '@aws-sdk/client-codecommit';
import {
  CodePipelineClient,
  ListActionExecutionsCommand,
  ListPipelineExecutionsCommand,
  StartPipelineExecutionCommand,
} from '@aws-sdk/client-codepipeline';
import { expect, onTestFinished, test } from 'vitest';
import { parseTemplate } from '../../languages/template/parse.ts';
import { administrator } from '../../local/accounts.ts';
import { deploy } from '../../local/services/cloudformation/deploy.ts';
import { instances } from '../../local/services/ec2/tables.ts';
import { bareWorld } from '../local/bare-world.ts';
import { signedPost } from '../local/events-signed.ts';

const place = { account: '222222222222', region: 'eu-west-1' };
const arn = (name: string) => ({ 'Fn::GetAtt': [name, 'Arn'] });

const role = (service: string, ...Action: readonly string[]) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    RoleName: service.replace('code', ''),
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: `${service}.amazonaws.com` }, Action: 'sts:AssumeRole' }],
    },
    Policies: [
      {
        PolicyName: 'needed',
        PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] },
      },
    ],
  },
});

const server = {
  Type: 'AWS::EC2::Instance',
  Properties: {
    ImageId: 'ami-0abc',
    InstanceType: 't3.micro',
    IamInstanceProfile: { Ref: 'Profile' },
    Tags: [{ Key: 'app', Value: 'orders' }],
  },
};

const ground = {
  Repository: { Type: 'AWS::CodeCommit::Repository', Properties: { RepositoryName: 'orders' } },
  Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'orders-artifacts' } },
  ServerRole: role('ec2', 's3:GetObject'),
  Profile: { Type: 'AWS::IAM::InstanceProfile', Properties: { Roles: [{ Ref: 'ServerRole' }] } },
  One: server,
  Two: server,
  Three: server,
  DeployRole: role('codedeploy', 'ec2:DescribeInstances'),
  Application: { Type: 'AWS::CodeDeploy::Application', Properties: { ApplicationName: 'orders' } },
  Group: {
    Type: 'AWS::CodeDeploy::DeploymentGroup',
    Properties: {
      ApplicationName: { Ref: 'Application' },
      DeploymentGroupName: 'fleet',
      ServiceRoleArn: arn('DeployRole'),
      DeploymentConfigName: 'CodeDeployDefault.OneAtATime',
      Ec2TagFilters: [{ Key: 'app', Value: 'orders', Type: 'KEY_AND_VALUE' }],
      AutoRollbackConfiguration: { Enabled: true, Events: ['DEPLOYMENT_FAILURE'] },
    },
  },
  BuildRole: role('codebuild', 's3:GetObject', 's3:PutObject', 'logs:CreateLogStream', 'logs:PutLogEvents'),
  Project: {
    Type: 'AWS::CodeBuild::Project',
    Properties: {
      Name: 'orders',
      ServiceRole: arn('BuildRole'),
      Artifacts: { Type: 'CODEPIPELINE' },
      Source: { Type: 'CODEPIPELINE' },
      Environment: {
        Type: 'LINUX_CONTAINER',
        ComputeType: 'BUILD_GENERAL1_SMALL',
        Image: 'aws/codebuild/amazonlinux-x86_64-standard:5.0',
      },
    },
  },
  PipelineRole: role(
    'codepipeline',
    'codecommit:*',
    's3:*',
    'codebuild:StartBuild',
    'codebuild:BatchGetBuilds',
    ...['CreateDeployment', 'GetDeployment', 'GetDeploymentConfig', 'RegisterApplicationRevision'].map(
      (action) => `codedeploy:${action}`,
    ),
  ),
};

const action = (Category: string, Provider: string, Configuration: object, more: object) => ({
  Name: Category,
  Actions: [
    { Name: Category, ActionTypeId: { Category, Owner: 'AWS', Provider, Version: '1' }, Configuration, ...more },
  ],
});

const pipeline = {
  Pipeline: {
    Type: 'AWS::CodePipeline::Pipeline',
    Properties: {
      Name: 'orders',
      RoleArn: `arn:aws:iam::${place.account}:role/pipeline`,
      PipelineType: 'V2',
      ArtifactStore: { Type: 'S3', Location: 'orders-artifacts' },
      Stages: [
        action(
          'Source',
          'CodeCommit',
          { RepositoryName: 'orders', BranchName: 'main', PollForSourceChanges: false },
          { OutputArtifacts: [{ Name: 'Code' }] },
        ),
        action(
          'Build',
          'CodeBuild',
          { ProjectName: 'orders' },
          { InputArtifacts: [{ Name: 'Code' }], OutputArtifacts: [{ Name: 'Built' }] },
        ),
        action(
          'Deploy',
          'CodeDeploy',
          { ApplicationName: 'orders', DeploymentGroupName: 'fleet' },
          { InputArtifacts: [{ Name: 'Built' }] },
        ),
      ],
    },
  },
};

/** Built, installed, and checked on each server: a server with `etc/broken` takes no version but the first. */
const files = (version: string) => ({
  'version.txt': version,
  'buildspec.yml': `version: 0.2
phases: { build: { commands: [ 'mkdir app', 'sed s/^/version-/ version.txt >app/version.txt' ] } }
artifacts: { files: [ 'app/**/*', 'scripts/*', appspec.yml ] }
`,
  'appspec.yml': `version: 0.0
os: linux
files: [ { source: /app, destination: /opt/orders } ]
hooks: { ValidateService: [ { location: scripts/check.sh, timeout: 60 } ] }
`,
  'scripts/check.sh': `#!/bin/sh
grep -q version-one "$INSTANCE_ROOT/opt/orders/version.txt" || [ ! -e "$INSTANCE_ROOT/etc/broken" ]
`,
});

interface Info {
  readonly deploymentId: string;
  readonly status: string;
  readonly creator: string;
  readonly rollbackInfo: { readonly rollbackDeploymentId?: string };
}

async function world() {
  const open = await bareWorld();
  onTestFinished(() => open.close());
  const settings = open.client(place.account);
  const caller = administrator(open.world, place.account);
  const stack = async (stackName: string, Resources: object) => {
    const template = parseTemplate(JSON.stringify({ Resources }));
    expect(await deploy(open.world, { ...place, stackName, template, parameters: {}, tags: {}, caller })).toMatchObject(
      {
        failed: false,
      },
    );
  };
  const codecommit = new CodeCommitClient(settings);
  const codepipeline = new CodePipelineClient(settings);
  let parentCommitId: string | undefined;
  const ask = async <Answer>(operation: string, input: object): Promise<Answer> => {
    const headers = {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `CodeDeploy_20141006.${operation}`,
    };
    const answer = await signedPost(`${open.world.endpoint}/`, 'codedeploy', settings, headers, JSON.stringify(input));
    return (await answer.json()) as Answer;
  };
  return {
    ...open,
    stack,
    commit: async (version: string) => {
      const putFiles = Object.entries(files(version)).map(([filePath, text]) => ({
        filePath,
        fileContent: Buffer.from(text),
      }));
      const command = new CreateCommitCommand({
        repositoryName: 'orders',
        branchName: 'main',
        parentCommitId,
        putFiles,
      });
      parentCommitId = (await codecommit.send(command)).commitId;
    },
    start: () => codepipeline.send(new StartPipelineExecutionCommand({ name: 'orders' })),
    /** Waits for the end of the newest execution; answers its status and that of its actions. */
    end: async () => {
      const newest = async () =>
        (await codepipeline.send(new ListPipelineExecutionsCommand({ pipelineName: 'orders' })))
          .pipelineExecutionSummaries?.[0];
      await expect.poll(async () => (await newest())?.status, { timeout: 20_000 }).not.toBe('InProgress');
      const execution = await newest();
      const filter = { pipelineExecutionId: execution?.pipelineExecutionId };
      const { actionExecutionDetails: actions = [] } = await codepipeline.send(
        new ListActionExecutionsCommand({ pipelineName: 'orders', filter }),
      );
      return { status: execution?.status, deploy: actions.find(({ stageName }) => stageName === 'Deploy') };
    },
    deployment: async (deploymentId: string) =>
      (await ask<{ deploymentInfo: Info }>('GetDeployment', { deploymentId })).deploymentInfo,
    /** The servers of a deployment in their order, with their status. */
    targets: async (deploymentId: string) => {
      const { targetIds } = await ask<{ targetIds: string[] }>('ListDeploymentTargets', { deploymentId });
      const { deploymentTargets } = await ask<{
        deploymentTargets: { instanceTarget: { targetId: string; status: string } }[];
      }>('BatchGetDeploymentTargets', { deploymentId, targetIds });
      return deploymentTargets.map(({ instanceTarget }) => ({
        status: instanceTarget.status,
        directory: open.world.store.in(instances).get(instanceTarget.targetId)?.directory ?? '',
      }));
    },
  };
}

const versionOn = ({ directory }: { directory: string }) =>
  readFileSync(join(directory, 'opt/orders/version.txt'), 'utf8').trim();

test('a pipeline builds once and deploys server by server; the second fails, the third is spared and all go back', async () => {
  const flow = await world();
  await flow.stack('ground', ground);
  await flow.commit('one');
  await flow.stack('pipeline', pipeline);

  const first = await flow.end();
  expect(first).toMatchObject({ status: 'Succeeded' });
  const good = first.deploy?.output?.executionResult?.externalExecutionId ?? '';
  const servers = await flow.targets(good);
  expect(servers.map(versionOn)).toEqual(['version-one', 'version-one', 'version-one']);
  writeFileSync(join(servers[1]?.directory ?? '', 'etc/broken'), '');
  await flow.commit('two');
  await flow.start();

  const second = await flow.end();
  expect(second.status).toBe('Failed');
  const result = second.deploy?.output?.executionResult;
  expect(result?.errorDetails).toMatchObject({
    code: 'JobFailed',
    message: expect.stringContaining('HEALTH_CONSTRAINTS') as unknown,
  });
  const bad = result?.externalExecutionId ?? '';
  expect((await flow.targets(bad)).map(({ status }) => status)).toEqual(['Succeeded', 'Failed', 'Skipped']);
  const { rollbackInfo } = await flow.deployment(bad);
  const rollback = rollbackInfo.rollbackDeploymentId ?? '';
  await flow.world.settled();
  expect(await flow.deployment(rollback)).toMatchObject({ status: 'Succeeded', creator: 'codeDeployRollback' });
  expect((await flow.targets(rollback)).map(versionOn)).toEqual(['version-one', 'version-one', 'version-one']);
});
