#!/usr/bin/env node
// The door of every npm script and of `npx mergecast`, in plain JavaScript so that it works before anything is installed: it checks what the machine
// has, installs what is missing, and starts the command.
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';

// The AWS SDK warns about Node 20 on each start; package.json's engines say what is supported.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const root = import.meta.dirname;
const oldestNode = [20, 19];

/** Ends with one line that says what to do. */
function refuse(line) {
  console.error(line);
  process.exit(2);
}

function checkMachine() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1])) {
    refuse(
      `mergecast needs Node ${oldestNode.join('.')} or newer and this is ${process.versions.node}: install a newer one from https://nodejs.org`,
    );
  }
  try {
    execFileSync('git', ['--version'], { stdio: 'ignore' });
  } catch {
    refuse('mergecast needs git and cannot find it on PATH: install it from https://git-scm.com/downloads');
  }
}

/**
 * Installs once for each lockfile; a copy of the lockfile that was installed last stands in node_modules. Not `npm ci`: it refuses a lockfile
 * without the optional binaries of other platforms, which not every registry holds.
 */
function install() {
  const lockfile = join(root, 'package-lock.json');
  const installed = join(root, 'node_modules', '.installed-lock.json');
  if (existsSync(installed) && readFileSync(installed).equals(readFileSync(lockfile))) return;
  console.error('installing the packages of package-lock.json (once, a minute or less) …');
  const parameters = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  // To standard error all of it: standard output is the command's own, and may be read by a machine.
  const npm = spawnSync('npm', parameters, { cwd: root, stdio: ['ignore', process.stderr.fd, 'inherit'] });
  if (npm.status !== 0) refuse('npm install failed (its reason stands above): mend it and try again');
  copyFileSync(lockfile, installed);
}

const bin = (name) => join(root, 'node_modules', '.bin', name);

function run(command, parameters, environment = {}) {
  const { status, signal } = spawnSync(command, parameters, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  return signal === null ? (status ?? 1) : 1;
}

/** Runs vitest and ends with the line `N passed, N failed`, also when vitest itself breaks down. */
function test(parameters) {
  const directory = mkdtempSync(join(tmpdir(), 'mergecast-test-'));
  const report = join(directory, 'report.json');
  const status = run(bin('vitest'), [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...parameters,
  ]);
  const { passed, failed } = counted(report);
  rmSync(directory, { recursive: true, force: true });
  const failures = status === 0 ? failed : Math.max(1, failed);
  console.log(`${passed} passed, ${failures} failed`);
  return failures === 0 ? 0 : 1;
}

function counted(report) {
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'));
    return { passed: numPassedTests, failed: numFailedTests };
  } catch {
    return { passed: 0, failed: 0 };
  }
}

/** Types, lint, format, architecture and unused code; all are run, so that one call shows all that is wrong. */
function check() {
  const checks = [
    ['types', bin('tsc'), ['--project', '.']],
    ['lint', bin('eslint'), ['.']],
    ['format', bin('biome'), ['check', '--error-on-warnings', '.']],
    ['architecture', bin('vitest'), ['run', 'test/architecture.test.ts', '--reporter=dot']],
    ['unused code', bin('knip'), []],
  ];
  const failed = checks.filter(([name, command, parameters]) => {
    console.log(`check: ${name}`);
    return run(command, parameters) !== 0;
  });
  console.log(failed.length === 0 ? 'check: all well' : `check: ${failed.map(([name]) => name).join(', ')} failed`);
  return failed.length === 0 ? 0 : 1;
}

function synth(parameters) {
  mkdirSync(join(root, 'cdk.out'), { recursive: true });
  return run(process.execPath, ['--import', 'tsx', 'app.ts', ...parameters], {
    CDK_VALIDATION: process.env.CDK_VALIDATION ?? 'false',
    CDK_OUTDIR: join(root, 'cdk.out'),
  });
}

/**
 * In this very process, so that Ctrl-C and memory are the command's own, and from one bundle: a loader that translates while it runs would stay in
 * memory beside the cloud.
 */
async function mergecast(verb, parameters) {
  // The cloud waits most of its time: a smaller heap is worth more than a quicker one.
  if (verb === 'start') setFlagsFromString('--optimize-for-size');
  const main = join(root, 'cli', 'main.ts');
  const bundle = join(root, 'node_modules', '.cache', 'mergecast', `${process.pid}`);
  process.once('exit', () => rmSync(bundle, { recursive: true, force: true }));
  await translate(main, bundle);
  process.argv.splice(1, process.argv.length, main, verb, ...parameters);
  await import(pathToFileURL(join(bundle, 'main.mjs')).href);
}

/** Into a directory of modules: what only one verb needs is one of its own. */
async function translate(entry, outdir) {
  const esbuild = await import('esbuild');
  await esbuild.build({
    entryPoints: [entry],
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: `node${oldestNode[0]}`,
    packages: 'external',
    plugins: [keepPlaces],
  });
  await esbuild.stop();
}

/** In the bundle each file still knows where its source lies. */
const keepPlaces = {
  name: 'keep places',
  setup: (build) =>
    build.onLoad({ filter: /\.ts$/ }, ({ path }) => ({
      loader: 'ts',
      contents: readFileSync(path, 'utf8')
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)))
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
    })),
};

/**
 * Generated cases by the hundred thousand, each judged twice: 600,000 pairs of patterns and events, 200,000 policy requests. Broken texts by
 * the ten thousand for every parser, zips and schedules too; and what is hostile has to be read or refused within 50 ms of a processor.
 * FUZZ_RUNS asks for another number; parameters name other test files.
 */
const fuzz = (parameters) =>
  run(
    bin('vitest'),
    [
      'run',
      ...(parameters.length > 0
        ? parameters
        : [
            'test/languages',
            'test/local/codebuild-reports',
            'test/local/hostile-inputs',
            'test/local/wire',
            'test/audit/proof',
          ]),
    ],
    { FUZZ_RUNS: process.env.FUZZ_RUNS ?? '200000' },
  );

/** Writes what is made from the code: a test fails when one of these files is stale. */
const docs = () =>
  run(process.execPath, ['--import', 'tsx', 'local/write-fidelity.ts']) ||
  run(process.execPath, ['--import', 'tsx', 'audit/write-schemas.ts']);

const [command, ...parameters] = process.argv.slice(2);
checkMachine();
install();
if (command === undefined)
  refuse('give a command: start, test, fuzz, synth, check, docs, or a verb of the command line; --help lists those');
else if (command === 'test') process.exitCode = test(parameters);
else if (command === 'check') process.exitCode = check();
else if (command === 'synth') process.exitCode = synth(parameters);
else if (command === 'fuzz') process.exitCode = fuzz(parameters);
else if (command === 'docs') process.exitCode = docs();
else await mergecast(command, parameters);
