import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { choose } from '../../cli/choose.ts';
import { shell } from '../../cli/commands/shell.ts';
import { exitCodeOf, exitCodesText } from '../../cli/exit-codes.ts';
import { failedBuildsDirectory } from '../../cli/failed-builds.ts';
import { scratchCommit } from '../../cli/scratch-commit.ts';
import { Fault } from '../../shared/fault.ts';
import { gitEnvironment } from '../journeys/git-environment.ts';

const checkout = join(import.meta.dirname, '..', '..');

function directory(): string {
  const made = mkdtempSync(join(tmpdir(), 'mergecast-trial-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

const git = (at: string, ...parameters: readonly string[]) =>
  execFileSync('git', ['-C', at, ...parameters], { env: gitEnvironment, encoding: 'utf8' }).trim();

/** A tree with a commit, a change to it, a new file, a deleted one and an ignored one. */
function workingTree(): string {
  const tree = directory();
  const write = (name: string, text: string) => writeFileSync(join(tree, name), text);
  git(tree, 'init', '--quiet', '--initial-branch=main');
  for (const name of ['kept', 'changed', 'gone']) write(name, 'before\n');
  write('.gitignore', 'ignored\n');
  write('buildspec.yml', 'version: 0.2\nphases:\n  build:\n    commands: [cat new, exit 4]\n');
  git(tree, 'add', '--all');
  git(tree, 'commit', '--quiet', '--message=One');
  write('changed', 'after\n');
  write('new', 'written since\n');
  write('ignored', 'secret\n');
  rmSync(join(tree, 'gone'));
  return tree;
}

test('a scratch commit holds the tree as it lies there, and the repository it came from is as before', async () => {
  const tree = workingTree();
  const seen = () => [
    git(tree, 'for-each-ref'),
    git(tree, 'count-objects', '-v'),
    readFileSync(join(tree, '.git/index')),
  ];
  const before = seen();

  const { repository, commitId, changed } = await scratchCommit(tree, join(directory(), 'tree.git'), 'dev');

  expect(seen()).toEqual(before);
  expect(changed).toBe(3);
  expect(git(repository, 'ls-tree', '-r', '--name-only', commitId).split('\n')).toEqual([
    '.gitignore',
    'buildspec.yml',
    'changed',
    'kept',
    'new',
  ]);
  expect(git(repository, 'show', `${commitId}:changed`)).toBe('after');
  expect(git(repository, 'rev-parse', 'dev')).toBe(commitId);
});

test('mergecast run builds what is not committed, ends with 1 when that fails, and mergecast shell finds it there', async () => {
  const tree = workingTree();
  const before = git(tree, 'status', '--porcelain');
  const child = spawn(process.execPath, ['run.mjs', 'run', 'dev', '--from', tree, '--until', 'Build'], {
    cwd: checkout,
    env: { ...process.env, NO_COLOR: '1' },
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));

  expect(code, printed).toBe(1);
  expect(printed).toContain('running orders-dev over the working tree, with 3 files that are not committed');
  expect(printed).toContain('| written since');
  expect(git(tree, 'status', '--porcelain')).toBe(before);
  const [, build = ''] = /npx mergecast shell (\S+)/.exec(printed) ?? [];
  onTestFinished(() =>
    rmSync(join(failedBuildsDirectory, build.replace(/[^\w-]/g, '-')), { recursive: true, force: true }),
  );
  const command = 'grep -q "written since" new && test "$CODEBUILD_SRC_DIR" = "$PWD"';
  expect(await shell(build, { command })).toBe(0);
  expect(await shell(build, { command: 'exit 7' })).toBe(7);
});

test('a build that is not kept, or on AWS, is refused with the way there', async () => {
  const none = join(directory(), 'none');

  await expect(shell('x', { directory: none })).rejects.toThrow(
    /^BuildNotKept: build 'x' is not kept; none is .*start-session/,
  );
  await expect(shell('x', { aws: true })).rejects.toThrow(/^BuildNotKept: a build on AWS .*--debug-session-enabled/);
});

const choice = { question: 'which one', code: 'PipelineAmbiguous', subject: 'several' } as const;

/** A terminal at which somebody types this. */
function terminal(typed: string, isTTY = true) {
  const input = Object.assign(new PassThrough(), { isTTY });
  input.end(typed);
  const output = new PassThrough();
  return { input, output, shown: () => String(output.read() ?? '') };
}

test('a person picks by number or name; where nobody can be asked the choices are named', async () => {
  const asked = terminal('2\n');
  expect(await choose(['a', 'b\u001b[31m'], choice, asked)).toBe('b\u001b[31m');
  expect(asked.shown()).toBe('  1  a\n  2  b\\u{1b}[31m\nwhich one? ');
  expect(await choose(['a', 'b'], choice, terminal('a\n'))).toBe('a');
  expect(await choose(['a'], choice, terminal('', false))).toBe('a');
  for (const [typed, isTTY] of [
    ['3\n', true],
    ['0\n', true],
    ['', true],
    ['1\n', false],
  ] as const)
    await expect(choose(['a', 'b'], choice, terminal(typed, isTTY))).rejects.toThrow(
      'PipelineAmbiguous: several: a, b',
    );
});

test.each([
  [new Fault('PeriodInvalid', 'x'), 2],
  [Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), 3],
  [Object.assign(new Error('x'), { name: 'AccessDeniedException' }), 3],
  [Object.assign(new Error('x'), { name: 'CredentialsProviderError' }), 3],
  [Object.assign(new Error('x'), { name: 'PipelineNotFoundException' }), 2],
])('what is thrown has its exit code: %s', (error, code) => {
  expect(exitCodeOf(error)).toBe(code);
});

test('the help lists every exit code, and the page says the same', () => {
  const page = readFileSync(join(checkout, 'docs', 'command-line.md'), 'utf8');
  for (const code of [0, 1, 2, 3, 130]) {
    const [, meaning = 'nothing'] = new RegExp(`\\n  ${code} +(.+)`).exec(exitCodesText()) ?? [];
    expect(page).toContain(`| ${code} | ${meaning} |`);
  }
});
