import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type BuildWorld, building, buildWorld, printed, spec } from './codebuild-world.ts';

let cloud: BuildWorld;
beforeEach(async () => {
  cloud = await buildWorld();
});
afterEach(async () => cloud.close());

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
