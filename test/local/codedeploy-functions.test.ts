import {
  CreateAliasCommand,
  GetAliasCommand,
  LambdaClient,
  PublishVersionCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { putMetric } from '../../local/services/cloudwatch/metrics.ts';
import { account, type DeployWorld, deployWorld, roleArn } from './codedeploy-world.ts';

let cloud: DeployWorld;
let count = 0;
let name = '';

beforeAll(async () => {
  cloud = await deployWorld();
  await place('hook', "exports.handler = async (event) => console.log('hook ' + JSON.stringify(event))");
});
afterAll(async () => {
  await cloud.close();
});

/** A client in the world's time, which may be ahead. */
const lambda = () =>
  new LambdaClient({
    ...cloud.client(account),
    maxAttempts: 1,
    systemClockOffset: cloud.world.clock.aheadMilliseconds,
  });

const place = (FunctionName: string, ZipFile: string) =>
  cloud.place(account, 'AWS::Lambda::Function', {
    FunctionName,
    Role: roleArn('function'),
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Code: { ZipFile },
  });

/** A function with the versions 1 and 2, an alias at 1, and a group that deploys it. */
async function prepare(config: string, more: object = {}): Promise<void> {
  await place(name, 'exports.handler = async () => 1');
  await lambda().send(new PublishVersionCommand({ FunctionName: name }));
  await lambda().send(new UpdateFunctionConfigurationCommand({ FunctionName: name, Timeout: 5 }));
  await lambda().send(new PublishVersionCommand({ FunctionName: name }));
  await lambda().send(new CreateAliasCommand({ FunctionName: name, Name: 'live', FunctionVersion: '1' }));
  await cloud.ask('CreateApplication', { applicationName: name, computePlatform: 'Lambda' });
  await cloud.ask('CreateDeploymentGroup', {
    applicationName: name,
    deploymentGroupName: 'live',
    serviceRoleArn: roleArn('deployer'),
    deploymentConfigName: `CodeDeployDefault.Lambda${config}`,
    autoRollbackConfiguration: { enabled: true, events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM'] },
    ...more,
  });
}

async function start(Hooks: readonly object[] = []): Promise<string> {
  const Properties = { Name: name, Alias: 'live', CurrentVersion: '1', TargetVersion: '2' };
  const Resources = [{ target: { Type: 'AWS::Lambda::Function', Properties } }];
  const content = JSON.stringify({ version: '0.0', Resources, Hooks });
  const revision = { revisionType: 'AppSpecContent', appSpecContent: { content } };
  const group = { applicationName: name, deploymentGroupName: 'live' };
  return (await cloud.ask<{ deploymentId: string }>('CreateDeployment', { ...group, revision })).deploymentId;
}

/** The version the alias points at, and the share of others. */
async function traffic(): Promise<readonly unknown[]> {
  const alias = await lambda().send(new GetAliasCommand({ FunctionName: name, Name: 'live' }));
  return [alias.FunctionVersion, alias.RoutingConfig?.AdditionalVersionWeights];
}

/** What the hook's function was called with last. */
async function hookCall(before: number): Promise<{ DeploymentId: string; LifecycleEventHookExecutionId: string }> {
  const calls = () => cloud.told('log').filter((text) => text.startsWith('hook '));
  await expect.poll(() => calls().length, { timeout: 10_000 }).toBeGreaterThan(before);
  return JSON.parse(calls().at(-1)?.slice('hook '.length) ?? '') as never;
}
const tell = async (before: number, status: string) => {
  const { DeploymentId, LifecycleEventHookExecutionId } = await hookCall(before);
  return cloud.ask('PutLifecycleEventHookExecutionStatus', {
    deploymentId: DeploymentId,
    lifecycleEventHookExecutionId: LifecycleEventHookExecutionId,
    status,
  });
};
const calls = () => cloud.told('log').filter((text) => text.startsWith('hook ')).length;
const minutes = (many: number) => cloud.world.clock.advance(many * 60_000 + 1000);

beforeEach(() => {
  name = `orders-${count++}`;
});

test('a canary gets a tenth of the traffic for five minutes and then all of it', async () => {
  await prepare('Canary10Percent5Minutes');
  const id = await start();
  await expect.poll(traffic).toEqual(['1', { '2': 0.1 }]);

  await minutes(4);
  expect(await traffic()).toEqual(['1', { '2': 0.1 }]);
  await minutes(1);

  expect((await cloud.ended(id)).status).toBe('Succeeded');
  expect(await traffic()).toEqual(['2', undefined]);
  expect((await cloud.events(id, `${name}:live`)).map(({ status }) => status)).toEqual(Array(3).fill('Succeeded'));
});

test('linear traffic grows by a tenth each minute', async () => {
  await prepare('Linear10PercentEvery1Minute');
  const id = await start();
  for (let tenth = 1; tenth <= 9; tenth++) {
    await expect.poll(traffic).toEqual(['1', { '2': tenth / 10 }]);
    await minutes(1);
  }

  expect((await cloud.ended(id)).status).toBe('Succeeded');
  expect(await traffic()).toEqual(['2', undefined]);
});

test('hooks before and after are functions that tell their status; one that fails brings the traffic back', async () => {
  await prepare('AllAtOnce');
  const before = calls();
  const id = await start([{ BeforeAllowTraffic: 'hook' }, { AfterAllowTraffic: 'hook' }]);
  await hookCall(before);
  expect(await traffic()).toEqual(['1', undefined]);

  await tell(before, 'Succeeded');
  await hookCall(before + 1);
  expect(await traffic()).toEqual(['2', undefined]);
  await tell(before + 1, 'Failed');

  const seen = await cloud.ended(id);
  expect(seen).toMatchObject({ status: 'Failed', errorInformation: { code: 'HOOK_EXECUTION_FAILURE' } });
  const rollback = await cloud.ended(seen.rollbackInfo.rollbackDeploymentId ?? '');
  expect(rollback).toMatchObject({ status: 'Succeeded', creator: 'codeDeployRollback' });
  expect(await traffic()).toEqual(['1', undefined]);
  await expect(tell(before + 1, 'Succeeded')).rejects.toMatchObject({
    name: 'LifecycleEventAlreadyCompletedException',
  });
});

test('a hook that says nothing for an hour fails the deployment before any traffic moves', async () => {
  await prepare('AllAtOnce');
  const before = calls();
  const id = await start([{ BeforeAllowTraffic: 'hook' }]);
  await hookCall(before);

  await minutes(60);

  expect((await cloud.ended(id)).errorInformation?.message).toContain('did not report a status within an hour');
  expect(await traffic()).toEqual(['1', undefined]);
});

test('an alarm stops the shift and brings the traffic back', async () => {
  const metric = { Namespace: 'orders', MetricName: name, Statistic: 'Sum', Period: 60, EvaluationPeriods: 1 };
  const limit = { Threshold: 0, ComparisonOperator: 'GreaterThanThreshold', TreatMissingData: 'notBreaching' };
  await cloud.place(account, 'AWS::CloudWatch::Alarm', { AlarmName: name, ...metric, ...limit });
  await prepare('Canary10Percent30Minutes', { alarmConfiguration: { enabled: true, alarms: [{ name }] } });
  const id = await start();
  await expect.poll(traffic).toEqual(['1', { '2': 0.1 }]);

  const place = { account, region: 'eu-west-1' };
  putMetric(cloud.world, place, { namespace: 'orders', name, dimensions: {}, value: 1 });
  await minutes(2);

  const seen = await cloud.ended(id);
  expect(seen).toMatchObject({ status: 'Stopped', errorInformation: { code: 'ALARM_ACTIVE' } });
  await cloud.ended(seen.rollbackInfo.rollbackDeploymentId ?? '');
  await cloud.world.settled();
  expect(
    cloud
      .announced()
      .filter(({ detail }) => detail['deploymentId'] === id)
      .map(({ detail }) => detail['state']),
  ).toEqual(['START', 'STOP']);
});

test('what is no deployment of a function is refused, or fails with its reason', async () => {
  await prepare('AllAtOnce');
  const group = { applicationName: name, deploymentGroupName: 'live' };
  await expect(cloud.ask('CreateDeployment', group)).rejects.toMatchObject({ name: 'RevisionRequiredException' });
  await expect(
    cloud.ask('CreateDeployment', { ...group, deploymentConfigName: 'CodeDeployDefault.OneAtATime' }),
  ).rejects.toMatchObject({ name: 'InvalidComputePlatformException' });
  await expect(
    cloud.ask('CreateApplication', { applicationName: 'web', computePlatform: 'ECS' }),
  ).rejects.toMatchObject({ message: expect.stringContaining('not played') as unknown });
  await expect(cloud.ask('GetDeployment', { deploymentId: 'd-NONE' })).rejects.toMatchObject({
    name: 'DeploymentDoesNotExistException',
  });
  const revision = { revisionType: 'AppSpecContent', appSpecContent: { content: 'version: 0.0\nResource: []' } };
  const { seen } = await cloud.deploy({ ...group, revision });
  expect(seen).toMatchObject({ status: 'Failed', errorInformation: { code: 'INVALID_LAMBDA_CONFIGURATION' } });
});
