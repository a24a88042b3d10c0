import { existsSync, readFileSync } from 'node:fs';
import {
  BatchGetBuildBatchesCommand,
  type BuildBatch,
  DeleteBuildBatchCommand,
  ListBuildBatchesCommand,
  ListBuildBatchesForProjectCommand,
  RetryBuildBatchCommand,
  StartBuildBatchCommand,
  StopBuildBatchCommand,
} from '@aws-sdk/client-codebuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readZipEntry } from '../../local/world/zip.ts';
import { batchActions, batchWorld } from './codebuild-batch-world.ts';
import { artifact, building, needed, spec } from './codebuild-world.ts';

let cloud: Awaited<ReturnType<typeof batchWorld>>;
beforeAll(async () => {
  cloud = await batchWorld();
});
afterAll(async () => cloud.close());

const statuses = ({ buildGroups = [] }: BuildBatch) =>
  buildGroups.map(({ identifier, currentBuildSummary }) => [identifier, currentBuildSummary?.buildStatus]);
/** Whether a process runs, zombies not counted. */
const runs = (pid: number): boolean => {
  const stat = `/proc/${pid}/stat`;
  return existsSync(stat) && !readFileSync(stat, 'utf8').includes(') Z ');
};
const phases = (batch: BuildBatch) => batch.phases?.map(({ phaseType }) => phaseType);
/** What each build exported as SEEN. */
const seen = async (batch: BuildBatch) =>
  (await cloud.childrenOf(batch)).map(({ exportedEnvironmentVariables }) => exportedEnvironmentVariables?.[0]?.value);
const exporting = { env: { 'exported-variables': ['SEEN'] } };

describe('a batch', () => {
  test('of a list runs each build with its own environment, buildspec and identifier', async () => {
    const batch = await cloud.runBatch({
      batch: {
        'build-list': [
          { identifier: 'one', env: { variables: { STAGE: 'a' }, image: 'other:1' } },
          { identifier: 'two', buildspec: 'two.yml' },
        ],
      },
      commands: ['SEEN="$CODEBUILD_BATCH_BUILD_IDENTIFIER $STAGE"'],
      rest: exporting,
      files: { 'two.yml': spec({ ...exporting, phases: { build: { commands: ['SEEN="$STAGE own file"'] } } }) },
      input: { environmentVariablesOverride: [{ name: 'STAGE', value: 'b' }] },
    });

    expect(batch).toMatchObject({ buildBatchStatus: 'SUCCEEDED', complete: true, projectName: 'orders' });
    expect(phases(batch)).toEqual(['SUBMITTED', 'DOWNLOAD_BATCHSPEC', 'IN_PROGRESS', 'SUCCEEDED']);
    expect(await seen(batch)).toEqual(['one a', 'b own file']);
    const [first] = await cloud.childrenOf(batch);
    expect(first).toMatchObject({ buildBatchArn: batch.arn, environment: { image: 'other:1' } });
    expect(batch.arn).toMatch(/:build-batch\/orders:[0-9a-f-]{36}$/);
  });

  test('of a graph begins a build when those it depends on have ended well', async () => {
    const batch = await cloud.runBatch({
      batch: {
        'build-graph': [
          { identifier: 'last', 'depend-on': ['broken', 'forgiven'] },
          { identifier: 'after', 'depend-on': ['forgiven'] },
          { identifier: 'forgiven', 'ignore-failure': true },
          { identifier: 'broken', 'depend-on': ['after'] },
        ],
      },
      commands: ['case $CODEBUILD_BATCH_BUILD_IDENTIFIER in forgiven|broken) false;; esac'],
    });

    expect(batch.buildBatchStatus).toBe('FAILED');
    expect(statuses(batch)).toEqual([
      ['last', undefined],
      ['after', 'SUCCEEDED'],
      ['forgiven', 'FAILED'],
      ['broken', 'FAILED'],
    ]);
    expect(batch.buildGroups?.[0]).toMatchObject({ dependsOn: ['broken', 'forgiven'], ignoreFailure: false });
    expect(batch.phases?.at(-1)).toMatchObject({ phaseType: 'FAILED' });
    expect(JSON.stringify(batch.phases)).toContain('builds that did not succeed: last, broken');
  });

  test('of a matrix runs every combination', async () => {
    const batch = await cloud.runBatch({
      batch: {
        'build-matrix': {
          static: { env: { variables: { FIXED: 'f' } } },
          dynamic: { env: { variables: { A: ['1', '2'], B: ['x', 'y', 'z'] } } },
        },
      },
      commands: ['SEEN="$A$B$FIXED"'],
      rest: exporting,
    });

    expect(batch.buildBatchStatus).toBe('SUCCEEDED');
    expect(await seen(batch)).toEqual(['1xf', '1yf', '1zf', '2xf', '2yf', '2zf']);
  });

  test('with fast-fail stops the builds that still run, with all they started', async () => {
    const batch = await cloud.runBatch({
      batch: { 'fast-fail': true, 'build-list': [{ identifier: 'slow' }, { identifier: 'quick' }] },
      commands: ['if [ $CODEBUILD_BATCH_BUILD_IDENTIFIER = quick ]; then false; else sleep 300; fi'],
    });

    expect(batch.buildBatchStatus).toBe('FAILED');
    expect(statuses(batch)).toEqual([
      ['slow', 'STOPPED'],
      ['quick', 'FAILED'],
    ]);
  });

  test.each([
    ['seven builds of six', { 'build-fanout': { parallelism: 7 } }, '7 builds, and 6 are allowed'],
    ['a larger machine', { 'build-list': [{ env: { 'compute-type': 'BUILD_GENERAL1_LARGE' } }] }, 'compute type'],
  ])('is refused beyond its restrictions: %s', async (_name, spec_, words) => {
    const batch = await cloud.runBatch({ batch: spec_ });

    expect(batch).toMatchObject({ buildBatchStatus: 'FAILED', buildGroups: [] });
    expect(JSON.stringify(batch.phases)).toContain(words);
  });

  test('needs a batch in its buildspec', async () => {
    const id = await cloud.startBatch({ batch: {}, input: { buildspecOverride: building('true') } });

    expect(JSON.stringify((await cloud.endBatch(id)).phases)).toContain('the buildspec holds no batch');
  });
});

describe('artifacts', () => {
  const list = { 'build-list': [{ identifier: 'one' }, { identifier: 'two' }] };
  const made = {
    commands: ['echo $CODEBUILD_BATCH_BUILD_IDENTIFIER > $CODEBUILD_BATCH_BUILD_IDENTIFIER.txt; echo same > same.txt'],
    rest: { artifacts: { files: ['*.txt'] } },
  };

  test('each build has a folder of its own', async () => {
    const batch = await cloud.runBatch({
      batch: list,
      ...made,
      input: { artifactsOverride: artifact('apart') as never },
    });

    const text = async (key: string, name: string) => String(await readZipEntry(await cloud.object(key), name));
    expect(await text('one/apart.zip', 'one.txt')).toBe('one\n');
    expect(await text('two/apart.zip', 'two.txt')).toBe('two\n');
    expect(batch.buildGroups?.[1]?.currentBuildSummary?.primaryArtifact?.location).toMatch(/two\/apart\.zip$/);
  });

  test('combined, they are one', async () => {
    const batch = await cloud.runBatch({
      batch: list,
      ...made,
      input: { artifactsOverride: artifact('whole') as never, buildBatchConfigOverride: { combineArtifacts: true } },
    });

    expect(phases(batch)).toEqual(['SUBMITTED', 'DOWNLOAD_BATCHSPEC', 'IN_PROGRESS', 'COMBINE_ARTIFACTS', 'SUCCEEDED']);
    const zip = await cloud.object('whole.zip');
    for (const name of ['one', 'two', 'same']) expect(String(await readZipEntry(zip, `${name}.txt`))).toBe(`${name}\n`);
  });
});

describe('the end of a batch', () => {
  const lasting = {
    batch: { 'build-list': [{ identifier: 'one' }, { identifier: 'two' }] },
    commands: ['sleep 300 & echo "pid $!"; wait'],
  };
  const bothRun = async (id: string): Promise<void> => {
    const running = async () =>
      (await cloud.childrenOf(await cloud.readBatch(id))).filter(({ currentPhase }) => currentPhase === 'BUILD').length;
    await expect.poll(running, { interval: 10 }).toBe(2);
  };

  test('StopBuildBatch stops every build', async () => {
    const id = await cloud.startBatch(lasting);
    await bothRun(id);
    const { buildBatch } = await cloud.builds.send(new StopBuildBatchCommand({ id }));

    expect(buildBatch?.buildBatchStatus).toBe('STOPPED');
    expect(statuses(buildBatch as BuildBatch)).toEqual([
      ['one', 'STOPPED'],
      ['two', 'STOPPED'],
    ]);
    expect(phases(buildBatch as BuildBatch)?.at(-1)).toBe('STOPPED');
    const left = cloud.told('log').flatMap((text) => /^pid (\d+)$/.exec(text)?.[1] ?? []);
    expect(left).toHaveLength(2);
    await expect.poll(() => left.filter((pid) => runs(Number(pid)))).toEqual([]);
  });

  test('StopBuildBatch does not wait for builds that the batch role may not stop', async () => {
    const id = await cloud.startBatch(lasting);
    await bothRun(id);
    await cloud.may(['codebuild:StartBuild']);
    const { buildBatch } = await cloud.builds.send(new StopBuildBatchCommand({ id }));
    await cloud.may(batchActions);

    expect(statuses(buildBatch as BuildBatch)).toEqual([
      ['one', 'IN_PROGRESS'],
      ['two', 'IN_PROGRESS'],
    ]);
    await cloud.builds.send(new StopBuildBatchCommand({ id }));
    expect(await cloud.endBatch(id)).toMatchObject({ buildBatchStatus: 'STOPPED' });
  });

  test('its time-out stops every build', async () => {
    const id = await cloud.startBatch({ ...lasting, input: { buildTimeoutInMinutesOverride: 60 } });
    await bothRun(id);
    await cloud.world.clock.advance(30 * 60_000);

    expect(await cloud.endBatch(id)).toMatchObject({ buildBatchStatus: 'TIMED_OUT' });
  });

  test('a failed batch runs its failed builds again, and keeps what they were', async () => {
    const id = await cloud.startBatch({
      batch: { 'build-graph': [{ identifier: 'good' }, { identifier: 'bad', 'depend-on': ['good'] }] },
      commands: ['[ $CODEBUILD_BATCH_BUILD_IDENTIFIER = good ]'],
    });
    const before = await cloud.endBatch(id);
    await cloud.builds.send(new RetryBuildBatchCommand({ id, retryType: 'RETRY_FAILED_BUILDS' }));
    const after = await cloud.endBatch(id);

    expect(after.buildBatchStatus).toBe('FAILED');
    expect(after.buildGroups?.[0]).toEqual(before.buildGroups?.[0]);
    expect(after.buildGroups?.[1]?.priorBuildSummaryList).toEqual([before.buildGroups?.[1]?.currentBuildSummary]);
    await cloud.builds.send(new RetryBuildBatchCommand({ id, retryType: 'RETRY_ALL_BUILDS' }));
    expect((await cloud.endBatch(id)).buildGroups?.map((group) => group.priorBuildSummaryList?.length)).toEqual([1, 2]);
  });
});

describe('the API', () => {
  test('a batch that succeeded cannot be retried, and a deleted one is gone with its builds', async () => {
    const batch = await cloud.runBatch({ batch: { 'build-list': [{ identifier: 'one' }] } });
    const id = batch.id ?? '';

    await expect(cloud.builds.send(new RetryBuildBatchCommand({ id }))).rejects.toMatchObject({
      name: 'InvalidInputException',
    });
    const { ids = [] } = await cloud.builds.send(new ListBuildBatchesForProjectCommand({ projectName: 'orders' }));
    expect(ids[0]).toBe(id);
    const failed = await cloud.builds.send(new ListBuildBatchesCommand({ filter: { status: 'FAILED' } }));
    expect(failed.ids).not.toContain(id);
    const { buildsDeleted } = await cloud.builds.send(new DeleteBuildBatchCommand({ id }));
    expect(buildsDeleted).toEqual([batch.buildGroups?.[0]?.currentBuildSummary?.arn]);
    const left = await cloud.builds.send(new BatchGetBuildBatchesCommand({ ids: [id] }));
    expect(left).toMatchObject({ buildBatches: [], buildBatchesNotFound: [id] });
    await expect(cloud.builds.send(new StopBuildBatchCommand({ id }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  test('a repeated token starts nothing new, and is refused for another request', async () => {
    const same = {
      projectName: 'orders',
      sourceTypeOverride: 'S3' as const,
      sourceLocationOverride: await cloud.zipped({}),
      idempotencyToken: 't',
    };
    const { buildBatch } = await cloud.builds.send(new StartBuildBatchCommand(same));

    expect((await cloud.builds.send(new StartBuildBatchCommand(same))).buildBatch?.id).toBe(buildBatch?.id);
    const other = new StartBuildBatchCommand({ ...same, sourceVersion: 'v2' });
    await expect(cloud.builds.send(other)).rejects.toMatchObject({ name: 'InvalidInputException' });
    await cloud.endBatch(buildBatch?.id ?? '');
  });

  test('the batch role must be allowed to start builds', async () => {
    await cloud.may(['codebuild:StopBuild']);
    const batch = await cloud.runBatch({ batch: { 'build-list': [{ identifier: 'one' }] } });
    await cloud.may(batchActions);

    expect(batch.buildBatchStatus).toBe('FAILED');
    expect(JSON.stringify(batch.phases)).toContain('one (AccessDeniedException: ');
    expect(cloud.told('call').join('\n')).toMatch(/orders-batch.* may not codebuild:StartBuild/);
  });

  test('the project role alone reads the source', async () => {
    await cloud.allow(needed.filter((action) => action !== 's3:GetObject'));
    const batch = await cloud.runBatch({ batch: { 'build-list': [{ identifier: 'one' }] } });
    await cloud.allow(needed);

    expect(JSON.stringify(batch.phases)).toContain('DOWNLOAD_BATCHSPEC failed: AccessDenied');
  });
});
