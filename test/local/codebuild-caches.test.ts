import { type ProjectCache, UpdateProjectCommand } from '@aws-sdk/client-codebuild';
import { afterEach, describe, expect, test } from 'vitest';
import { type BuildWorld, bucket, buildWorld, needed, printed, spec } from './codebuild-world.ts';

let cloud: BuildWorld;
afterEach(async () => cloud.close());

const commands = [
  'cat kept/count 2>/dev/null || echo none',
  'mkdir -p kept && echo "$CODEBUILD_BUILD_NUMBER" > kept/count',
];
const opened = async (Cache: object) => {
  cloud = await buildWorld({ Cache });
  await cloud.allow([...needed, 's3:ListBucket']);
};
const run = (cache: object, files: Record<string, string> = {}, phase: readonly string[] = commands) =>
  cloud.run({ buildspec: spec({ phases: { build: { commands: phase } }, cache }), files });

describe.each([
  ['S3', { Type: 'S3', Location: `${bucket}/caches` }],
  ['LOCAL', { Type: 'LOCAL', Modes: ['LOCAL_CUSTOM_CACHE', 'LOCAL_SOURCE_CACHE'] }],
])('a cache of type %s', (_type, properties) => {
  test('is there in the next build, and each build replaces it', async () => {
    await opened(properties);
    const paths = ['kept/**/*'];
    const first = await run({ paths });
    const second = await run({ paths });
    const third = await run({ paths });

    expect([first, second, third].map((ended) => printed(ended))).toEqual([['none'], ['1'], ['2']]);
  });

  test('with a key is made once, and fallback keys find the newest that begins so', async () => {
    await opened(properties);
    const cache = { key: 'npm-$(codebuild-hash-files lock)', 'fallback-keys': ['npm-'], paths: ['kept/**/*'] };
    const first = await run(cache, { lock: 'a' });
    const second = await run(cache, { lock: 'a' });
    const other = await run(cache, { lock: 'b' });
    const again = await run(cache, { lock: 'b' });

    expect([first, second, other, again].map((ended) => printed(ended))).toEqual([['none'], ['1'], ['1'], ['3']]);
  });
});

test('a build that fails saves nothing, and the home directory is kept as the source is', async () => {
  await opened({ Type: 'LOCAL', Modes: ['LOCAL_CUSTOM_CACHE'] });
  const cache = { paths: ['/root/.npm/**/*', '/var/lib/x'] };
  const failed = await run(cache, {}, ['mkdir ~/.npm', 'echo bad > ~/.npm/it', 'false']);
  const first = await run(cache, {}, ['cat ~/.npm/it || mkdir ~/.npm', 'echo good > ~/.npm/it']);
  const second = await run(cache, {}, ['cat ~/.npm/it']);

  expect(failed.status).toBe('FAILED');
  expect(first.lines.join('\n')).toContain('/var/lib/x lies outside of source and home');
  expect(printed(second)).toEqual(['good']);
});

test('a role that may not reach the cache builds without it, and the log says so', async () => {
  await opened({ Type: 'S3', Location: 'no-such-bucket/caches' });
  const ended = await run({ paths: ['kept/**/*'] });

  expect(ended.status).toBe('SUCCEEDED');
  expect(ended.lines.join('\n')).toMatch(/cache: not restored: .*\n[^]*cache: not saved: /);
});

test.each([
  [{ type: 'LOCAL', modes: ['LOCAL_DOCKER_LAYER_CACHE'] }, 'keeps no layers of Docker'],
  [{ type: 'S3' }, 'needs location'],
] as const)('the cache %j is refused: %s', async (cache, reason) => {
  cloud = await buildWorld();
  const changed = cloud.builds.send(new UpdateProjectCommand({ name: 'orders', cache: cache as ProjectCache }));

  await expect(changed).rejects.toThrow(reason);
});
