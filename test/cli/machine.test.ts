import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const run = join(import.meta.dirname, '..', '..', 'run.mjs');

const mergecast = (nodeOptions: readonly string[], environment: NodeJS.ProcessEnv = process.env) =>
  spawnSync(process.execPath, [...nodeOptions, run, '--help'], { env: environment, encoding: 'utf8' });

test('without git, one line says what to do', () => {
  const onlyNode = mkdtempSync(join(tmpdir(), 'mergecast-path-'));
  onTestFinished(() => rmSync(onlyNode, { recursive: true, force: true }));
  symlinkSync(process.execPath, join(onlyNode, 'node'));

  const { status, stderr } = mergecast([], { PATH: onlyNode });

  expect(status).toBe(2);
  expect(stderr).toBe(
    'mergecast needs git and cannot find it on PATH: install it from https://git-scm.com/downloads\n',
  );
});

test.each(['18.20.4', '20.18.3'])('with Node %s, one line says what to do', (version) => {
  const pretend = `data:text/javascript,Object.defineProperty(process.versions,"node",{value:"${version}"})`;

  const { status, stderr } = mergecast(['--import', pretend]);

  expect(status).toBe(2);
  expect(stderr).toBe(
    `mergecast needs Node 20.19 or newer and this is ${version}: install a newer one from https://nodejs.org\n`,
  );
});
