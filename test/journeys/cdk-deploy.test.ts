import { CodePipelineClient, GetPipelineCommand } from '@aws-sdk/client-codepipeline';
import { expect, inject, onTestFinished, test } from 'vitest';
import { administratorKeys } from '../../local/accounts.ts';
import { play } from '../../local/play.ts';
import { bareWorld } from '../local/bare-world.ts';
import { cdkCli } from './cdk-deploy-cli.ts';

const region = 'eu-west-1';
const account = '222222222222';

test('cdk bootstrap and cdk deploy bring this app into an empty cloud, and a second deploy finds nothing to do', async () => {
  const open = await bareWorld();
  onTestFinished(() => open.close());
  const { world } = open;
  const keys = administratorKeys(world, account);
  const cdk = await cdkCli(world.endpoint, [{ name: 'dev', account, region, ...keys }]);
  const deploy = ['deploy', 'mergecast-dev', '--app', inject('assembly'), '--require-approval', 'never'];

  expect(await cdk('dev', 'bootstrap', `aws://${account}/${region}`)).toContain('bootstrapped');
  expect(await cdk('dev', ...deploy)).toContain('✅  mergecast-dev');
  expect(await cdk('dev', ...deploy)).toContain('(no changes)');

  const { pipeline } = await new CodePipelineClient(open.client(account)).send(
    new GetPipelineCommand({ name: 'orders-dev' }),
  );
  expect(pipeline?.stages?.map(({ name }) => name)).toEqual(['Source', 'Build', 'Deploy']);
}, 120_000);

test('a cloud that plays the app takes cdk deploy, diff and destroy at once: its accounts are bootstrapped', async () => {
  const cloud = await play(inject('assembly'));
  onTestFinished(() => cloud.stop());
  const cdk = await cdkCli(cloud.endpoint, cloud.profiles);
  const app = ['--app', inject('assembly')];

  expect(await cdk('prod', 'deploy', 'mergecast-prod', ...app, '--require-approval', 'never')).toContain(
    '(no changes)',
  );
  expect(await cdk('prod', 'diff', 'mergecast-prod', ...app)).toContain('There were no differences');
  expect(await cdk('staging', 'destroy', 'mergecast-staging', ...app, '--force')).toContain(
    '✅  mergecast-staging: destroyed',
  );
}, 120_000);
