import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  BatchGetBuildsCommand,
  BatchGetProjectsCommand,
  CodeBuildClient,
  ListBuildsForProjectCommand,
  ListProjectsCommand,
  StartBuildCommand,
  StopBuildCommand,
} from '@aws-sdk/client-codebuild';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { buildEnd } from '../../local/services/codebuild/running.ts';
import { type BuildWorld, building, buildWorld, printed } from './codebuild-world.ts';

let cloud: BuildWorld;
beforeEach(async () => {
  cloud = await buildWorld();
});
afterEach(async () => cloud.close());

/** Whether a process runs, zombies not counted. */
function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    const stat = `/proc/${pid}/stat`;
    return !existsSync(stat) || !readFileSync(stat, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

async function eventually(holds: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 100 && !holds(); attempt++) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(holds()).toBe(true);
}

describe('the end of a build', () => {
  const lasting = building('sleep 300 & echo "pid $!"; touch started; wait');
  const pidOf = async (id: string): Promise<number> => {
    const said = () => cloud.told('log').find((text) => text.startsWith('pid '));
    await eventually(() => said() !== undefined);
    expect(id).toContain('orders:');
    return Number(said()?.slice(4));
  };

  test('StopBuild ends the build with everything it started', async () => {
    const id = await cloud.start({ buildspec: lasting });
    const pid = await pidOf(id);
    const { build } = await cloud.builds.send(new StopBuildCommand({ id }));

    expect(build?.buildStatus).toBe('STOPPED');
    await eventually(() => !runs(pid));
    expect(await cloud.end(id)).toMatchObject({ status: 'STOPPED', reason: 'the build was stopped' });
  });

  test('the time-out is told as what it is', async () => {
    const id = await cloud.start({ buildspec: lasting });
    const pid = await pidOf(id);
    await cloud.world.clock.advance(15 * 60_000);

    expect(await buildEnd(cloud.world, id)).toMatchObject({
      status: 'TIMED_OUT',
      reason: 'the build took longer than 15 minutes',
    });
    await eventually(() => !runs(pid));
  });

  test.each([
    ['true', 'SUCCEEDED'],
    ['exit 1', 'FAILED'],
    ['exit 0', 'SUCCEEDED'],
  ])('what a build left running ends with it, after %j too', async (last, status) => {
    const id = await cloud.start({ buildspec: building('sleep 300 >/dev/null 2>&1 & echo "pid $!"', last) });
    const pid = await pidOf(id);

    expect(await cloud.end(id)).toMatchObject({ status });
    await eventually(() => !runs(pid));
    expect(readdirSync(join(cloud.world.directory, 'builds'))).toEqual([]);
  });

  test.each([
    ['setsid sleep', 1],
    ["setsid sh -c 'setsid sleep", 2],
    ['setsid env -i sleep', 3],
  ])('%s, which leaves its process group, ends with its build too', async (command, distinct) => {
    const seconds = distinct * 10_000_000 + process.pid;
    const rest = command.includes("'") ? " & wait'" : '';
    const find = `until ps -eo pid,args | grep '[0-9] sleep ${seconds}$'; do sleep 0.05; done`;
    const ended = await cloud.run({
      buildspec: building(`${command} ${seconds}${rest} >/dev/null 2>&1 &`, find),
    });
    const pid = Number.parseInt(printed(ended).at(-1) ?? '', 10);

    expect(ended).toMatchObject({ status: 'SUCCEEDED' });
    expect(pid).toBeGreaterThan(1);
    await eventually(() => !runs(pid));
  });

  test('a build ends with its world', async () => {
    const { directory } = cloud.world;
    const id = await cloud.start({ buildspec: lasting });
    const pid = await pidOf(id);
    await cloud.close();

    expect(existsSync(directory)).toBe(false);
    await eventually(() => !runs(pid));
    cloud = await buildWorld();
  });

  test('start and end are told as events and in the journal', async () => {
    const { build } = await cloud.run({ buildspec: building('true') });
    await cloud.world.settled();

    expect(cloud.told('state')).toEqual(
      expect.arrayContaining([`build ${build.id} is IN_PROGRESS`, `build ${build.id} is SUCCEEDED`]),
    );
    expect(cloud.told('event').filter((text) => text.includes('CodeBuild Build State Change'))).toHaveLength(2);
  });
});

describe('the API', () => {
  const stranger = '222222222222';

  test('projects and builds can be listed and read', async () => {
    const first = await cloud.run({ buildspec: building('true') });
    const second = await cloud.run({ buildspec: building('true') });

    expect((await cloud.builds.send(new ListProjectsCommand({}))).projects).toEqual(['orders']);
    const read = await cloud.builds.send(new BatchGetProjectsCommand({ names: ['orders', 'none'] }));
    expect(read.projects?.[0]).toMatchObject({ arn: cloud.projectArn, timeoutInMinutes: 15 });
    expect(read.projectsNotFound).toEqual(['none']);
    const { ids } = await cloud.builds.send(new ListBuildsForProjectCommand({ projectName: 'orders' }));
    expect(ids).toEqual([second.build.id, first.build.id]);
    const both = await cloud.builds.send(new BatchGetBuildsCommand({ ids: [first.build.arn ?? '', 'orders:none'] }));
    expect(both.builds?.[0]?.id).toBe(first.build.id);
    expect(both.buildsNotFound).toEqual(['orders:none']);
  });

  test('a build started by hand needs a source, and may bring another buildspec', async () => {
    const bare = new StartBuildCommand({ projectName: 'orders' });
    await expect(cloud.builds.send(bare)).rejects.toMatchObject({ name: 'InvalidInputException' });
    const ended = await cloud.run({
      buildspec: building('false'),
      input: { buildspecOverride: building('echo other'), timeoutInMinutesOverride: 5 },
    });

    expect(printed(ended)).toEqual(['other']);
    await expect(cloud.builds.send(new StartBuildCommand({ projectName: 'none' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  test('another account sees, starts and stops nothing', async () => {
    const { build } = await cloud.run({ buildspec: building('true') });
    const other = new CodeBuildClient(cloud.client(stranger));

    const seen = await other.send(new BatchGetBuildsCommand({ ids: [build.id ?? ''] }));
    expect(seen.builds).toEqual([]);
    await expect(other.send(new StopBuildCommand({ id: build.id }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await expect(other.send(new StartBuildCommand({ projectName: cloud.projectArn }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
    other.destroy();
  });
});
