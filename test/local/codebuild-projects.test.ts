import * as api from '@aws-sdk/client-codebuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readZipEntry } from '../../local/world/zip.ts';
import { account, artifact, type BuildWorld, building, buildWorld, needed, printed, spec } from './codebuild-world.ts';

let cloud: BuildWorld;
let aws: api.CodeBuildClient;
beforeAll(async () => {
  cloud = await buildWorld();
  aws = cloud.builds;
});
afterAll(async () => cloud.close());

const environment: api.ProjectEnvironment = {
  type: 'LINUX_CONTAINER',
  computeType: 'BUILD_GENERAL1_SMALL',
  image: 'aws/codebuild/standard:7.0',
};
const wanted = (name: string): api.CreateProjectInput => ({
  name,
  serviceRole: `arn:aws:iam::${account}:role/orders-build`,
  source: { type: 'NO_SOURCE', buildspec: building('echo by API') },
  artifacts: { type: 'NO_ARTIFACTS' },
  environment,
});
const create = (name: string, rest: Partial<api.CreateProjectInput> = {}) =>
  aws.send(new api.CreateProjectCommand({ ...wanted(name), ...rest }));
const read = async (name: string) => (await aws.send(new api.BatchGetProjectsCommand({ names: [name] }))).projects?.[0];

test('a project made by API runs, is changed member by member, and leaves its builds when it is deleted', async () => {
  await create('made', { description: 'first', timeoutInMinutes: 20 });
  const { build } = await aws.send(new api.StartBuildCommand({ projectName: 'made' }));
  expect(printed(await cloud.end(build?.id ?? ''))).toEqual(['by API']);

  await aws.send(new api.UpdateProjectCommand({ name: 'made', description: 'second' }));
  expect(await read('made')).toMatchObject({ description: 'second', timeoutInMinutes: 20, environment });

  await aws.send(new api.DeleteProjectCommand({ name: 'made' }));
  await aws.send(new api.DeleteProjectCommand({ name: 'made' }));
  expect(await read('made')).toBeUndefined();
  const kept = await aws.send(new api.BatchGetBuildsCommand({ ids: [build?.id ?? ''] }));
  expect(kept.builds?.[0]?.buildStatus).toBe('SUCCEEDED');
});

test.each<[string, () => Promise<unknown>, string]>([
  ['a name that is taken', () => create('orders'), 'ResourceAlreadyExistsException'],
  ['an unplayed source', () => create('a1', { source: { type: 'GITHUB' } }), 'ValidationException'],
  [
    'an unplayed cache',
    () => create('a1', { cache: { type: 'LOCAL', modes: ['LOCAL_DOCKER_LAYER_CACHE'] } }),
    'ValidationException',
  ],
  ['an unplayed member', () => create('a1', { badgeEnabled: true }), 'ValidationException'],
  [
    'a change to a wrong value',
    () => aws.send(new api.UpdateProjectCommand({ name: 'orders', timeoutInMinutes: 1 })),
    'InvalidInputException',
  ],
  ['an unknown project', () => aws.send(new api.UpdateProjectCommand({ name: 'none' })), 'ResourceNotFoundException'],
  ['an unknown build', () => aws.send(new api.RetryBuildCommand({ id: 'orders:none' })), 'ResourceNotFoundException'],
])('%s is refused', async (_what, attempt, name) => {
  await expect(attempt()).rejects.toMatchObject({ name });
});

test('a build is started again as it was, and all builds are listed newest first', async () => {
  await create('again');
  const environmentVariablesOverride = [{ name: 'WORD', value: 'same' }];
  const buildspecOverride = building('echo "$WORD"');
  const start = new api.StartBuildCommand({ projectName: 'again', buildspecOverride, environmentVariablesOverride });
  const first = (await aws.send(start)).build?.id ?? '';
  await cloud.end(first);
  const second = (await aws.send(new api.RetryBuildCommand({ id: first }))).build?.id ?? '';

  expect(printed(await cloud.end(second))).toEqual(['same']);
  expect((await aws.send(new api.ListBuildsCommand({}))).ids?.slice(0, 2)).toEqual([second, first]);
  const ascending = await aws.send(
    new api.ListBuildsForProjectCommand({ projectName: 'again', sortOrder: 'ASCENDING' }),
  );
  expect(ascending.ids).toEqual([first, second]);
});

test('a build of a pipeline is retried by its stage alone', async () => {
  const { build } = await cloud.run({ buildspec: building('true') });
  await expect(aws.send(new api.RetryBuildCommand({ id: build.id }))).rejects.toMatchObject({
    name: 'InvalidInputException',
    message: `Build ${build.id} was begun by a pipeline: retry its stage`,
  });
});

test.each([
  ['build', true],
  ['post_build', true],
  ['install', false],
  ['pre_build', false],
])('after a failed %s, artifacts are uploaded: %s', async (phase, uploaded) => {
  const ended = await cloud.run({
    buildspec: spec({ phases: { [phase]: { commands: ['false'] } }, artifacts: { files: ['left.txt'] } }),
    files: { 'left.txt': phase },
    input: { artifactsOverride: artifact(phase) },
  });

  expect(ended).toMatchObject({ status: 'FAILED', reason: expect.stringContaining(phase.toUpperCase()) as string });
  expect(ended.build.phases?.some(({ phaseType }) => phaseType === 'UPLOAD_ARTIFACTS')).toBe(uploaded);
  if (uploaded) expect(String(await readZipEntry(await cloud.object(`${phase}.zip`), 'left.txt'))).toBe(phase);
});

test('the first failure is the build’s, also when its artifacts cannot be uploaded', async () => {
  const ended = await cloud.run({ buildspec: building('false'), input: { artifactsOverride: artifact('none') } });

  expect(ended.reason).toContain('BUILD failed');
  expect(ended.build.phases?.find(({ phaseType }) => phaseType === 'UPLOAD_ARTIFACTS')?.phaseStatus).toBe('FAILED');
});

test('each phase is told as it ends', async () => {
  await cloud.allow(needed);
  const before = cloud.told('event').length;
  await cloud.run({ buildspec: building('false') });
  await cloud.world.settled();

  const told = cloud.told('event').slice(before);
  expect(told.filter((text) => text.includes('CodeBuild Build Phase Change'))).toHaveLength(7);
});

test('what goes on after a failure may succeed, and CODEBUILD_BUILD_SUCCEEDING says that something failed', async () => {
  const phases = {
    build: { 'on-failure': 'CONTINUE', commands: ['false'] },
    post_build: { commands: ['echo "succeeding $CODEBUILD_BUILD_SUCCEEDING"'] },
  };
  const ended = await cloud.run({ buildspec: spec({ phases }) });

  expect(ended.status).toBe('SUCCEEDED');
  expect(printed(ended)).toEqual(['succeeding 0']);
});
