import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  BatchGetBuildsCommand,
  BatchGetProjectsCommand,
  ListBuildsForProjectCommand,
  ListProjectsCommand,
  StartBuildCommand,
  StopBuildCommand,
} from '@aws-sdk/client-codebuild';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { buildEnd } from '../../local/services/codebuild/running.ts';
import { readZipEntry } from '../../local/world/zip.ts';
import { account, type BuildWorld, bucket, buildWorld, needed } from './codebuild-world.ts';

let cloud: BuildWorld;
beforeEach(async () => {
  cloud = await buildWorld();
});
afterEach(async () => cloud.close());

/** A buildspec whose build phase runs these commands. */
const building = (...commands: string[]): string => JSON.stringify({ version: '0.2', phases: { build: { commands } } });

const spec = (rest: object): string => JSON.stringify({ version: '0.2', ...rest });

/** The lines that the commands printed, without what CodeBuild says itself. */
const printed = ({ lines }: { lines: readonly string[] }): readonly string[] =>
  lines.filter((line) => !line.startsWith('[Container]'));

const artifact = (name: string) => ({
  artifactIdentifier: name,
  type: 'S3',
  location: bucket,
  name: `${name}.zip`,
  packaging: 'ZIP',
});

/** Whether a process runs, zombies not counted. */
function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function eventually(holds: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 100 && !holds(); attempt++) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(holds()).toBe(true);
}

describe('the shell', () => {
  test('cd and export last from command to command and from phase to phase', async () => {
    const ended = await cloud.run({
      buildspec: spec({
        phases: {
          install: { commands: ['mkdir deep && cd deep', 'export COLOUR=green'] },
          build: { commands: ['echo "$COLOUR in ${PWD#$CODEBUILD_SRC_DIR}"'] },
        },
      }),
    });

    expect(ended).toMatchObject({ status: 'SUCCEEDED' });
    expect(printed(ended)).toEqual(['green in /deep']);
  });

  test('output comes in the order of its making, errors among it, with or without a last line break', async () => {
    const ended = await cloud.run({
      buildspec: building('echo one; echo two >&2; printf three', "printf 'four\\nfive'", 'seq 1 3000 | tail -n 1'),
    });

    expect(printed(ended)).toEqual(['one', 'two', 'three', 'four', 'five', '3000']);
    const asked = ended.lines.findIndex((line) => line.includes("Running command printf 'four"));
    expect(ended.lines.indexOf('three')).toBeLessThan(asked);
  });

  test.each([
    ['false', 1],
    ['exit 7', 7],
    ['set -e; false; echo not reached', 1],
    ['sh -c "exit 42"', 42],
    ['kill -9 $$', 137],
    ['no-such-program', 127],
    ['if true; then', 2],
    ['exec 3>&- 4>&- 5>&-; false', 1],
    ['set -x; false', 1],
    ['printf() { :; }; exec >/dev/null 2>&1; false', 1],
    ['sleep 300 & exit 3', 3],
    ['cat; read line', 1],
  ])('the command %j fails its phase with status %i', async (command, status) => {
    const ended = await cloud.run({ buildspec: building(command, 'echo never') });

    expect(ended.status).toBe('FAILED');
    expect(ended.reason).toBe(`BUILD failed: command '${command}' ended with exit status ${status}`);
    expect(printed(ended)).not.toContain('never');
  });

  test('bash is used where the buildspec asks for it', async () => {
    const buildspec = spec({
      env: { shell: 'bash' },
      phases: { build: { commands: ['[[ ab == a* ]] && echo "$0"'] } },
    });

    expect(printed(await cloud.run({ buildspec }))).toEqual([expect.stringContaining('bash')]);
  });

  test('a line without end and more lines than anybody reads are cut', async () => {
    const ended = await cloud.run({
      buildspec: building("head -c 3000000 /dev/zero | tr '\\\\0' x", 'seq 1 40000', 'echo end'),
    });

    expect(ended.status).toBe('SUCCEEDED');
    expect(Math.max(...ended.lines.map((line) => line.length))).toBeLessThanOrEqual(10_000);
  });
});

describe('phases', () => {
  const say = (name: string, ...more: string[]) => ({
    commands: [`echo ${name}`, ...more],
    finally: [`echo ${name}!`],
  });

  test.each([
    [
      { install: say('i'), pre_build: say('p'), build: say('b'), post_build: say('o') },
      'i i! p p! b b! o o!',
      'SUCCEEDED',
    ],
    [{ install: say('i', 'false'), pre_build: say('p'), build: say('b'), post_build: say('o') }, 'i i!', 'FAILED'],
    [{ pre_build: say('p', 'false'), build: say('b'), post_build: say('o') }, 'p p!', 'FAILED'],
    [{ build: say('b', 'false'), post_build: say('o') }, 'b b! o o!', 'FAILED'],
    [{ build: { ...say('b', 'false'), 'on-failure': 'CONTINUE' }, post_build: say('o') }, 'b b! o o!', 'SUCCEEDED'],
    [{ build: { commands: ['echo b'], finally: ['false'] } }, 'b', 'FAILED'],
    [{ build: { ...say('b', 'false'), 'on-failure': 'RETRY-2' } }, 'b b! b b! b b!', 'FAILED'],
    [
      { build: { ...say('b', 'test -e again || { touch again; false; }'), 'on-failure': 'RETRY' } },
      'b b! b b!',
      'SUCCEEDED',
    ],
    [
      { build: { ...say('b', 'echo ETIMEDOUT; false'), 'on-failure': 'RETRY-1-.*(ETIMEDOUT|ECONNRESET).*' } },
      'b ETIMEDOUT b! b ETIMEDOUT b!',
      'FAILED',
    ],
    [{ build: { ...say('b', 'false'), 'on-failure': 'RETRY-5-.*ETIMEDOUT.*' } }, 'b b!', 'FAILED'],
    [
      { build: { ...say('b', 'echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; false'), 'on-failure': 'RETRY-1-(a+)+$' } },
      'b aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa b!',
      'FAILED',
    ],
  ])('%j prints %j and ends %s', async (phases, words, status) => {
    const ended = await cloud.run({ buildspec: spec({ phases }) });

    expect(printed(ended).join(' ')).toBe(words);
    expect(ended.status).toBe(status);
  });

  test('CODEBUILD_BUILD_SUCCEEDING tells post_build and finally how it went', async () => {
    const commands = ['echo $CODEBUILD_BUILD_SUCCEEDING'];
    const ended = await cloud.run({
      buildspec: spec({
        phases: { build: { commands: [...commands, 'false'], finally: commands }, post_build: { commands } },
      }),
    });

    expect(printed(ended)).toEqual(['1', '0', '0']);
  });

  test('the phases of a build are told with their times and the message of the one that failed', async () => {
    const { build } = await cloud.run({ buildspec: building('false') });

    expect(build.phases?.map(({ phaseType, phaseStatus }) => `${phaseType} ${phaseStatus}`)).toEqual([
      'SUBMITTED SUCCEEDED',
      'QUEUED SUCCEEDED',
      'PROVISIONING SUCCEEDED',
      'DOWNLOAD_SOURCE SUCCEEDED',
      'BUILD FAILED',
      'FINALIZING SUCCEEDED',
      'COMPLETED undefined',
    ]);
    expect(build.phases?.[4]?.contexts?.[0]?.message).toContain("command 'false' ended with exit status 1");
    expect(build).toMatchObject({ buildStatus: 'FAILED', buildComplete: true, currentPhase: 'COMPLETED' });
  });
});

describe('the environment', () => {
  const show = (...names: string[]) => names.map((name) => `echo "$${name}"`);

  test("CodeBuild's own variables tell the build about itself", async () => {
    const ended = await cloud.run({
      buildspec: building(
        ...show(
          'CODEBUILD_BUILD_ID',
          'CODEBUILD_RESOLVED_SOURCE_VERSION',
          'CODEBUILD_INITIATOR',
          'CODEBUILD_BUILD_NUMBER',
        ),
        'test "$PWD" = "$CODEBUILD_SRC_DIR" && echo here',
      ),
      input: { sourceVersion: 'c0ffee', initiator: 'codepipeline/orders-dev' },
    });

    expect(printed(ended).slice(0, 2)).toEqual([ended.build.id, 'c0ffee']);
    expect(printed(ended).slice(3)).toEqual(['1', 'here']);
  });

  test('the call overrides the project, which overrides the buildspec, whatever the kind of variable', async () => {
    await cloud.place(account, 'AWS::SSM::Parameter', { Name: '/orders/word', Type: 'String', Value: 'stored-word' });
    await cloud.close();
    cloud = await buildWorld({
      Environment: {
        Type: 'LINUX_CONTAINER',
        ComputeType: 'BUILD_GENERAL1_SMALL',
        Image: 'any',
        EnvironmentVariables: [
          { Name: 'A', Value: 'project' },
          { Name: 'B', Value: 'project' },
          { Name: 'D', Value: '/orders/none', Type: 'PARAMETER_STORE' },
        ],
      },
    });
    await cloud.place(account, 'AWS::SSM::Parameter', { Name: '/orders/word', Type: 'String', Value: 'stored-word' });
    const variables = { A: 'buildspec', B: 'buildspec', C: '$PATH', D: 'buildspec' };
    const ended = await cloud.run({
      buildspec: spec({ env: { variables }, phases: { build: { commands: ['echo "$A $C $D"', 'echo ${B%word}'] } } }),
      input: {
        environmentVariablesOverride: [
          { name: 'A', value: 'call', type: 'PLAINTEXT' },
          { name: 'B', value: '/orders/word', type: 'PARAMETER_STORE' },
          { name: 'D', value: 'call' },
        ],
      },
    });

    expect(printed(ended)).toEqual(['call $PATH call', 'stored-']);
  });

  test('stored parameters and keys are hidden in the log, and stored parameters are not exported', async () => {
    await cloud.place(account, 'AWS::SSM::Parameter', {
      Name: '/orders/word',
      Type: 'String',
      Value: 'hunter2-hunter2',
    });
    const env = { 'parameter-store': { WORD: '/orders/word' }, 'exported-variables': ['WORD', 'TAG'] };
    const commands = ['echo "word $WORD"', 'echo "key $AWS_SECRET_ACCESS_KEY"', 'export TAG="1 \n2"'];
    const ended = await cloud.run({ buildspec: spec({ env, phases: { build: { commands } } }) });

    expect(printed(ended)).toEqual(['word ***', 'key ***']);
    expect(cloud.world.journal.entries.some(({ text }) => text.includes('hunter2'))).toBe(false);
    expect(ended.exportedVariables).toEqual({ TAG: '1 \n2' });
    expect(ended.build.exportedEnvironmentVariables).toEqual([{ name: 'TAG', value: '1 \n2' }]);
  });

  test('nothing of the machine is seen but its programs', async () => {
    process.env['SECRET_OF_THE_MACHINE'] = 'seen';
    const ended = await cloud.run({ buildspec: building('env | cut -d= -f1 | sort', 'echo "$HOME|$TMPDIR"') });
    delete process.env['SECRET_OF_THE_MACHINE'];

    expect(printed(ended)).not.toContain('SECRET_OF_THE_MACHINE');
    expect(printed(ended)).toEqual(expect.arrayContaining(['AWS_ENDPOINT_URL', 'AWS_SESSION_TOKEN', 'AWS_REGION']));
    expect(printed(ended).at(-1)).toMatch(
      new RegExp(`^${cloud.world.directory}/builds/.*\\|${cloud.world.directory}/`),
    );
  });

  test("the role's keys open the endpoint for what the role may do", async () => {
    const script = `
      import { GetObjectCommand, S3Client } from '${join(process.cwd(), 'node_modules/@aws-sdk/client-s3/dist-cjs/index.js')}';
      const s3 = new S3Client({ forcePathStyle: true });
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: '${bucket}', Key: 'source-0.zip' }));
      console.log('bytes', (await Body.transformToByteArray()).length > 100);`;
    const ended = await cloud.run({ buildspec: building('node read.mjs'), files: { 'read.mjs': script } });

    expect(printed(ended)).toContain('bytes true');
  });
});

describe('artifacts', () => {
  const files = { 'dist/app.js': 'app', 'dist/app.js.map': 'map', 'dist/deep/more.js': 'more', 'infra/t.json': '{}' };
  const phases = { build: { commands: ['echo built > dist/built.txt'] } };
  const listed = async (key: string, names: readonly string[]) => {
    const zip = await cloud.object(key);
    const found = await Promise.all(names.map(async (name) => [name, await readZipEntry(zip, name)] as const));
    return found.filter(([, content]) => content !== undefined).map(([name]) => name);
  };

  test.each([
    [
      { files: ['**/*'], 'base-directory': 'dist', 'exclude-paths': ['**/*.map'] },
      ['app.js', 'deep/more.js', 'built.txt'],
    ],
    [{ files: ['dist/**/*.js'], 'discard-paths': 'yes' }, ['app.js', 'more.js']],
    [{ files: ['./dist/app.js', 'infra/*'] }, ['dist/app.js', 'infra/t.json']],
    [{ files: ['*'], 'base-directory': 'd*t' }, ['app.js', 'app.js.map', 'built.txt']],
  ])('%j makes a zip of %j', async (artifacts, wanted) => {
    const ended = await cloud.run({
      buildspec: spec({ phases, artifacts }),
      files,
      input: { artifactsOverride: artifact('out') },
    });

    expect(ended.reason).toBeUndefined();
    const names = [
      ...Object.keys(files),
      'app.js',
      'app.js.map',
      'more.js',
      'deep/more.js',
      'built.txt',
      'dist/built.txt',
    ];
    expect((await listed('out.zip', names)).sort()).toEqual([...wanted].sort());
  });

  test('several outputs are the secondary artifacts of their names', async () => {
    const artifacts = { 'secondary-artifacts': { code: { files: ['dist/app.js'] }, infra: { files: ['infra/*'] } } };
    const input = { artifactsOverride: artifact('code'), secondaryArtifactsOverride: [artifact('infra')] };
    const ended = await cloud.run({ buildspec: spec({ phases, artifacts }), files, input });

    expect(ended.status).toBe('SUCCEEDED');
    expect(await listed('code.zip', ['dist/app.js', 'infra/t.json'])).toEqual(['dist/app.js']);
    expect(await listed('infra.zip', ['dist/app.js', 'infra/t.json'])).toEqual(['infra/t.json']);
  });

  test('a thousand files become one zip', async () => {
    const commands = ['mkdir many; for i in $(seq 1 1500); do echo $i > many/$i; done'];
    const ended = await cloud.run({
      buildspec: spec({ phases: { build: { commands } }, artifacts: { files: ['many/*'] } }),
      input: { artifactsOverride: artifact('out') },
    });

    expect(ended.status).toBe('SUCCEEDED');
    expect(String(await readZipEntry(await cloud.object('out.zip'), 'many/1500'))).toBe('1500\n');
  });

  test.each([
    [{ files: ['nothing/*'] }, 'UPLOAD_ARTIFACTS failed: CLIENT_ERROR: no matching artifact paths found for nothing/*'],
    [
      { files: ['**'], 'base-directory': '../..' },
      'UPLOAD_ARTIFACTS failed: CLIENT_ERROR: base-directory ../.. leaves the source',
    ],
    [undefined, "UPLOAD_ARTIFACTS failed: CLIENT_ERROR: the buildspec declares no artifact 'out'"],
  ])('%j fails with %j', async (artifacts, reason) => {
    const input = { artifactsOverride: artifact('out') };
    const ended = await cloud.run({ buildspec: spec({ phases, ...(artifacts && { artifacts }) }), files, input });

    expect(ended.status).toBe('FAILED');
    expect(ended.reason).toContain(reason);
  });
});

describe('what goes wrong before the first command', () => {
  test.each([
    ['', 'DOWNLOAD_SOURCE failed: BuildspecInvalid'],
    ['version: 0.1\nphases: {}', 'version 0.1 is refused'],
    ['version: 0.2\nphases: { biuld: { commands: [x] } }', 'biuld'],
    [
      spec({ env: { 'secrets-manager': { A: 'b' } }, phases: { build: { commands: ['true'] } } }),
      'secrets-manager is not played',
    ],
    [spec({ env: { 'parameter-store': { A: '/none' } }, phases: { build: { commands: ['true'] } } }), '/none'],
  ])('the buildspec %j fails the build with a reason that says %j', async (buildspec, reason) => {
    const ended = await cloud.run({ buildspec });

    expect(ended.status).toBe('FAILED');
    expect(ended.reason).toContain(reason);
  });

  test.each([
    ['s3:GetObject', 'DOWNLOAD_SOURCE failed: AccessDenied'],
    ['s3:PutObject', 'UPLOAD_ARTIFACTS failed: AccessDenied'],
  ])('a role without %s ends the build: %s', async (action, reason) => {
    await cloud.allow(needed.filter((each) => each !== action));
    const artifacts = { files: ['**/*'] };
    const ended = await cloud.run({
      buildspec: spec({ phases: { build: { commands: ['true'] } }, artifacts }),
      input: { artifactsOverride: artifact('out') },
    });

    expect(ended.status).toBe('FAILED');
    expect(ended.reason).toContain(reason);
  });

  test('a role that may not write logs builds without them, and the journal says so', async () => {
    await cloud.allow(needed.filter((each) => !each.startsWith('logs:')));
    const ended = await cloud.run({ buildspec: building('echo unheard') });

    expect(ended.status).toBe('SUCCEEDED');
    expect(ended.lines).toEqual([]);
    expect(cloud.told('call')).toContainEqual(expect.stringContaining('may not write its log'));
    expect(cloud.told('log')).toContain('unheard');
  });

  test('a source that is no zip fails the build', async () => {
    const ended = await cloud.run({
      buildspec: building('true'),
      input: { sourceLocationOverride: `${bucket}/none.zip` },
    });

    expect(ended.reason).toContain('DOWNLOAD_SOURCE failed: NoSuchKey');
  });
});

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
    const { CodeBuildClient } = await import('@aws-sdk/client-codebuild');
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
