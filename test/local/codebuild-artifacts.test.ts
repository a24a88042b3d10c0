import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readZipEntry } from '../../local/world/zip.ts';
import { artifact, type BuildWorld, buildWorld, spec } from './codebuild-world.ts';

let cloud: BuildWorld;
beforeEach(async () => {
  cloud = await buildWorld();
});
afterEach(async () => cloud.close());

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
