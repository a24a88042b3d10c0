import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
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

test('what an installation says is not taken for the answer of the command', () => {
  const checkout = mkdtempSync(join(tmpdir(), 'mergecast-checkout-'));
  onTestFinished(() => rmSync(checkout, { recursive: true, force: true }));
  copyFileSync(run, join(checkout, 'run.mjs'));
  writeFileSync(join(checkout, 'package-lock.json'), '{}');
  writeFileSync(join(checkout, 'npm'), '#!/bin/sh\necho no such package\nexit 1\n', { mode: 0o755 });
  const environment = { ...process.env, PATH: `${checkout}:${process.env.PATH ?? ''}` };

  const { status, stdout, stderr } = spawnSync(process.execPath, [join(checkout, 'run.mjs'), 'status', '--json'], {
    env: environment,
    encoding: 'utf8',
  });

  expect(status).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toMatch(
    /^installing the packages .*\nno such package\nnpm install failed .*: mend it and try again\n$/,
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
