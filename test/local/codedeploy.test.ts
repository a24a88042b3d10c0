import { spawnSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { account, type DeployWorld, deployWorld, revisionOf, roleArn } from './codedeploy-world.ts';

let cloud: DeployWorld;
let count = 0;
let name = '';
let group: object = {};

beforeAll(async () => {
  cloud = await deployWorld();
});
afterAll(() => cloud.close());
beforeEach(() => {
  name = `orders-${count++}`;
  group = { applicationName: name, deploymentGroupName: 'fleet' };
});

async function fleet(servers: number, more: object = {}) {
  await cloud.ask('CreateApplication', { applicationName: name });
  const ec2TagFilters = [{ Key: 'app', Value: name, Type: 'KEY_AND_VALUE' }];
  await cloud.ask('CreateDeploymentGroup', { ...group, serviceRoleArn: roleArn('deployer'), ec2TagFilters, ...more });
  return cloud.servers(name, servers);
}
const deploy = async (files: Readonly<Record<string, string>>, more: object = {}) =>
  cloud.deploy({ ...group, revision: await cloud.revision(files), ...more });
const read = (directory: string, path: string) => readFileSync(join(directory, path), 'utf8');
const statuses = async (id: string, servers: readonly { id: string }[]) =>
  Promise.all(servers.map(async (server) => (await cloud.events(id, server.id)).map(({ status }) => status)));

/** A process that has ended stays as a zombie until its parent looks. */
function isAlive(pid: number): boolean {
  try {
    const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
    return stdout.trim() !== '' && !stdout.trim().startsWith('Z');
  } catch {
    return false;
  }
}

const note = 'echo "$LIFECYCLE_EVENT" >>"$INSTANCE_ROOT/var/log/order"';

describe('on a server', () => {
  test('the lifecycle events run in order, with the variables of AWS, and ApplicationStop is that of the revision before', async () => {
    const [server] = await fleet(1);
    const all = ['ApplicationStop', 'BeforeInstall', 'AfterInstall', 'ApplicationStart', 'ValidateService'];
    const first = revisionOf({ ...Object.fromEntries(all.map((event) => [event, note])), AfterInstall: 'env' });
    await deploy(first);
    const second = revisionOf({ ApplicationStop: 'exit 9' });
    const { id, seen } = await deploy(second);

    expect(seen.status).toBe('Succeeded');
    expect(read(server?.directory ?? '', 'var/log/order').split('\n')).toEqual([
      'BeforeInstall',
      'ApplicationStart',
      'ValidateService',
      'ApplicationStop',
      '',
    ]);
    expect((await cloud.events(id, server?.id ?? '')).map((event) => event.lifecycleEventName)).toEqual([
      'ApplicationStop',
      'DownloadBundle',
      'BeforeInstall',
      'Install',
      'AfterInstall',
      'ApplicationStart',
      'ValidateService',
    ]);
    const log = cloud.world.journal.entries.map(({ text }) => text).join('\n');
    for (const line of [
      `APPLICATION_NAME=${name}`,
      'DEPLOYMENT_GROUP_NAME=fleet',
      'LIFECYCLE_EVENT=AfterInstall',
      'BUNDLE_BUCKET=revisions-of-orders',
    ])
      expect(log).toContain(`${server?.id} AfterInstall: [stdout]${line}`);
  });

  test('files and modes are those of the appspec, and the next revision takes the files of the last one away', async () => {
    const [server] = await fleet(1);
    const directory = server?.directory ?? '';
    const appspec = {
      files: [
        { source: '/app', destination: '/opt/orders' },
        { source: 'run.sh', destination: '/usr/local/bin' },
      ],
      permissions: [{ object: '/usr/local/bin', pattern: '*.sh', mode: '750', type: ['file'] }],
    };
    const files = { 'app/a.txt': 'a', 'app/deep/b.txt': 'b', 'run.sh': 'true' };
    await deploy(revisionOf({}, { files, appspec }));
    expect(read(directory, 'opt/orders/deep/b.txt')).toBe('b');
    expect(statSync(join(directory, 'usr/local/bin/run.sh')).mode & 0o777).toBe(0o750);

    const next = { files: [{ source: 'c.txt', destination: '/opt/orders' }] };
    await deploy(revisionOf({}, { files: { 'c.txt': 'c' }, appspec: next }));

    expect(read(directory, 'opt/orders/c.txt')).toBe('c');
    expect(() => read(directory, 'opt/orders/a.txt')).toThrow('ENOENT');
    expect(() => read(directory, 'opt/orders/deep/b.txt')).toThrow('ENOENT');
  });

  test.each([
    ['DISALLOW', 'Failed', 'mine'],
    ['OVERWRITE', 'Succeeded', 'theirs'],
    ['RETAIN', 'Succeeded', 'mine'],
  ])('a file that nobody deployed: with %s the deployment has %s', async (behavior, status, kept) => {
    const [server] = await fleet(1);
    const directory = server?.directory ?? '';
    writeFileSync(join(directory, 'srv/a.txt'), 'mine');
    const appspec = { files: [{ source: 'a.txt', destination: '/srv' }] };

    const files = revisionOf({}, { files: { 'a.txt': 'theirs' }, appspec });
    const { id, seen } = await deploy(files, { fileExistsBehavior: behavior });

    expect(seen.status).toBe(status);
    expect(read(directory, 'srv/a.txt')).toBe(kept);
    if (status === 'Failed') {
      const failed = (await cloud.events(id, server?.id ?? '')).find((event) => event.status === 'Failed');
      expect(failed).toMatchObject({
        lifecycleEventName: 'Install',
        diagnostics: {
          errorCode: 'UnknownError',
          message: 'The deployment failed because a specified file already exists at this location: /srv/a.txt',
        },
      });
    }
  });

  test('a script that fails is told with its name, exit code and output, and what comes after is skipped', async () => {
    const [server] = await fleet(1);

    const { id, seen } = await deploy(revisionOf({ BeforeInstall: 'echo hello; echo oops >&2; exit 3' }));

    expect(seen).toMatchObject({ status: 'Failed', errorInformation: { code: 'HEALTH_CONSTRAINTS' } });
    const events = await cloud.events(id, server?.id ?? '');
    expect(events.map(({ status }) => status).slice(1)).toEqual([
      'Succeeded',
      'Failed',
      ...['Skipped', 'Skipped', 'Skipped', 'Skipped'],
    ]);
    expect(events[2]?.diagnostics).toEqual({
      errorCode: 'ScriptFailed',
      scriptName: 'scripts/BeforeInstall.sh',
      message: 'Script at specified location: scripts/BeforeInstall.sh failed with exit code 3',
      logTail: 'LifecycleEvent - BeforeInstall\nScript - scripts/BeforeInstall.sh\n[stdout]hello\n[stderr]oops',
    });
  });

  test('a script that takes too long ends with all that it started', async () => {
    const [server] = await fleet(1);
    const script = 'setsid sleep 1000 & echo $! >"$INSTANCE_ROOT/var/log/pid"; sleep 1000';
    const revision = await cloud.revision(revisionOf({ ApplicationStart: script }, { timeout: 30 }));
    const { deploymentId } = await cloud.ask<{ deploymentId: string }>('CreateDeployment', { ...group, revision });
    const pid = () => Number(read(server?.directory ?? '', 'var/log/pid') || Number.NaN);
    await expect.poll(() => pid(), { timeout: 10_000 }).toBeGreaterThan(0);

    await cloud.world.clock.advance(31_000);
    await cloud.ended(deploymentId);

    expect((await cloud.events(deploymentId, server?.id ?? ''))[5]?.diagnostics).toMatchObject({
      errorCode: 'ScriptTimedOut',
      message: 'Script at specified location: scripts/ApplicationStart.sh failed to complete in 30 seconds',
    });
    expect(isAlive(pid())).toBe(false);
  });

  test.each([
    [{ 'readme.txt': 'nothing' }, 'did not find an AppSpec file'],
    [{ 'appspec.yml': '{"version":"0.0","os":"linux","hook":{}}' }, 'hook'],
    [revisionOf({}, { appspec: { hooks: { BeforeInstall: [{ location: 'gone.sh' }] } } }), 'Script does not exist'],
  ])('a revision that cannot be used fails with its reason: %j', async (files, text) => {
    const [server] = await fleet(1);

    const { id, seen } = await deploy(files);

    expect(seen.status).toBe('Failed');
    const failed = (await cloud.events(id, server?.id ?? '')).find(({ status }) => status === 'Failed');
    expect(failed?.diagnostics?.message).toContain(text);
  });
});

describe('on several servers', () => {
  const failsOn = (servers: readonly { id: string; directory: string }[], ...which: number[]) =>
    revisionOf({
      BeforeInstall: `case "$INSTANCE_ROOT" in ${which.map((each) => `*${servers[each]?.id}`).join('|')}) exit 1;; esac`,
    });

  test.each([
    ['OneAtATime', [1], 'Failed', { Succeeded: 1, Failed: 1, Skipped: 1 }],
    ['OneAtATime', [2], 'Succeeded', { Succeeded: 2, Failed: 1, Skipped: 0 }],
    ['HalfAtATime', [0], 'Failed', { Succeeded: 0, Failed: 1, Skipped: 2 }],
    ['AllAtOnce', [0, 1], 'Succeeded', { Succeeded: 1, Failed: 2, Skipped: 0 }],
    ['AllAtOnce', [0, 1, 2], 'Failed', { Succeeded: 0, Failed: 3, Skipped: 0 }],
  ])('%s with failures on %j of three is %s', async (config, which, status, overview) => {
    const servers = await fleet(3);

    const { seen } = await deploy(failsOn(servers, ...which), {
      deploymentConfigName: `CodeDeployDefault.${config}`,
    });

    expect(seen.status).toBe(status);
    expect(seen.deploymentOverview).toMatchObject(overview);
  });

  test("a configuration of one's own keeps so many in service, and is refused when it cannot", async () => {
    await cloud.ask('CreateDeploymentConfig', {
      deploymentConfigName: name,
      minimumHealthyHosts: { type: 'HOST_COUNT', value: 2 },
    });
    await fleet(2, { deploymentConfigName: name });

    const { seen } = await deploy(revisionOf({}));

    expect(seen).toMatchObject({ status: 'Failed', errorInformation: { code: 'HEALTH_CONSTRAINTS_INVALID' } });
    await expect(cloud.ask('DeleteDeploymentConfig', { deploymentConfigName: name })).rejects.toMatchObject({
      name: 'DeploymentConfigInUseException',
    });
  });

  test('a failure deploys the last good revision again, as a deployment of its own, and all of it is told', async () => {
    const events = ['DEPLOYMENT_FAILURE'];
    const servers = await fleet(2, { autoRollbackConfiguration: { enabled: true, events } });
    const appspec = { files: [{ source: 'v.txt', destination: '/srv' }] };
    const good = await deploy(revisionOf({}, { files: { 'v.txt': 'good' }, appspec }));
    const bad = await deploy(revisionOf({ ValidateService: 'exit 1' }, { files: { 'v.txt': 'bad' }, appspec }));

    expect([good.seen.status, bad.seen.status]).toEqual(['Succeeded', 'Failed']);
    const rollback = await cloud.seen(bad.seen.rollbackInfo.rollbackDeploymentId ?? '');
    expect(rollback).toMatchObject({
      status: 'Succeeded',
      creator: 'codeDeployRollback',
      rollbackInfo: { rollbackTriggeringDeploymentId: bad.id },
      revision: good.seen.revision,
    });
    expect(servers.map(({ directory }) => read(directory, 'srv/v.txt'))).toEqual(['good', 'good']);
    await cloud.world.settled();
    const told = cloud.announced().filter(({ detail }) => detail['deploymentId'] === bad.id);
    expect(told.map(({ type, detail }) => [type.split(' ')[1], detail['state']])).toEqual([
      ['Deployment', 'START'],
      ['Instance', 'START'],
      ['Instance', 'FAILURE'],
      ['Deployment', 'FAILURE'],
    ]);
  });

  test('a deployment that is stopped lets the event that runs finish, and begins nothing more', async () => {
    const servers = await fleet(2);
    const script =
      'touch "$INSTANCE_ROOT/var/log/began"; while [ ! -e "$INSTANCE_ROOT/var/log/go" ]; do sleep 0.02; done';
    const revision = await cloud.revision(revisionOf({ BeforeInstall: script }));
    const { deploymentId } = await cloud.ask<{ deploymentId: string }>('CreateDeployment', { ...group, revision });
    await expect(cloud.ask('CreateDeployment', { ...group, revision })).rejects.toMatchObject({
      name: 'DeploymentLimitExceededException',
    });
    const directory = servers[0]?.directory ?? '';
    await expect.poll(() => read(directory, 'var/log/began'), { timeout: 10_000 }).toBe('');

    await cloud.ask('StopDeployment', { deploymentId });
    writeFileSync(join(directory, 'var/log/go'), '');

    expect(await cloud.ended(deploymentId)).toMatchObject({
      status: 'Stopped',
      errorInformation: { code: 'MANUAL_STOP' },
    });
    const [first, second] = await statuses(deploymentId, servers);
    expect(first?.slice(0, 4)).toEqual(['Succeeded', 'Succeeded', 'Succeeded', 'Skipped']);
    expect(new Set(second)).toEqual(new Set(['Skipped']));
    await expect(cloud.ask('StopDeployment', { deploymentId })).rejects.toMatchObject({
      name: 'DeploymentAlreadyCompletedException',
    });
  });
});

test('servers on premises belong by their tags and act as the session they are registered with', async () => {
  await cloud.ask('CreateApplication', { applicationName: name });
  const onPremisesInstanceTagFilters = [{ Key: 'site', Value: name }];
  await cloud.ask('CreateDeploymentGroup', {
    ...group,
    serviceRoleArn: roleArn('deployer'),
    onPremisesInstanceTagFilters,
  });
  expect((await deploy(revisionOf({}))).seen.errorInformation?.code).toBe('NO_INSTANCES');
  const iamSessionArn = `arn:aws:sts::${account}:assumed-role/server/${name}`;
  await cloud.ask('RegisterOnPremisesInstance', { instanceName: name, iamSessionArn });
  const tags = [{ Key: 'site', Value: name }];
  await cloud.ask('AddTagsToOnPremisesInstances', { instanceNames: [name], tags });

  const { id, seen } = await deploy(revisionOf({ AfterInstall: 'echo "$APPLICATION_NAME"' }));

  expect(seen.status).toBe('Succeeded');
  expect((await cloud.events(id, name))[4]?.diagnostics?.logTail).toContain(`[stdout]${name}`);
});
