import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const checkout = join(import.meta.dirname, '..', '..');

interface Run {
  readonly child: ChildProcess;
  /** All that was printed so far. */
  readonly text: () => string;
  readonly ended: Promise<number | null>;
  /** Resolves once the pattern was printed. */
  readonly said: (pattern: RegExp) => Promise<void>;
}

/** `npm start` with these parameters, without npm. */
function start(...parameters: readonly string[]): Run {
  const child = spawn(process.execPath, ['run.mjs', 'start', ...parameters], {
    cwd: checkout,
    env: { ...process.env, NO_COLOR: '1' },
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  onTestFinished(async () => {
    child.kill('SIGINT');
    await ended;
  });
  const said = async (pattern: RegExp) => {
    while (!pattern.test(printed)) {
      if (child.exitCode !== null) throw new Error(`it ended without saying ${pattern}:\n${printed}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  return { child, ended, text: () => printed, said };
}

async function directory(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'mergecast-start-'));
  onTestFinished(() => rm(made, { recursive: true, force: true }));
  return made;
}

const git = (at: string, ...parameters: readonly string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...parameters], {
    cwd: at,
    encoding: 'utf8',
  }).trim();

/** As git runs its hooks, and as behind a proxy: what the surroundings say that a child must not believe. */
function inHookBehindProxy(repository: string): void {
  process.env['GIT_DIR'] = join(repository, '.git');
  process.env['http_proxy'] = 'http://127.0.0.1:9';
  delete process.env['NO_PROXY'];
  delete process.env['no_proxy'];
}

function backOutside(): void {
  delete process.env['GIT_DIR'];
  delete process.env['http_proxy'];
}

test('npm start -- --once merges to three accounts, approves prod, prints the journeys and ends well; from a git hook and behind a proxy it keeps to its own repositories and cloud', async () => {
  const victim = await directory();
  git(victim, 'init', '--quiet', '--initial-branch=main');
  git(victim, 'commit', '--quiet', '--allow-empty', '--message=Mine');
  const before = git(victim, 'log', '--format=%H', '--all');
  onTestFinished(backOutside);
  inHookBehindProxy(victim);
  const { ended, text } = start('--once');
  backOutside();

  expect(await ended, text()).toBe(0);
  expect(git(victim, 'log', '--format=%H', '--all')).toBe(before);
  expect(git(victim, 'status', '--porcelain')).toBe('');
  expect(text()).toContain('approved orders-prod Approve/Approve through PutApprovalResult as profile prod');
  for (const environment of ['dev', 'staging', 'prod']) {
    expect(text()).toMatch(
      new RegExp(
        `\\norders ${environment} [0-9a-f]{40}\\n  merge     event [0-9a-f-]{36} .*\\n  announce  merge id [0-9a-f-]{36}.*\\n  forward   to ${environment} .*\\n  start     started: .*\\n  run       orders-${environment} execution [0-9a-f-]{36}\\n`,
      ),
    );
  }
  expect(text()).toMatch(/3 merges arrived in \d+\.\d s\n$/);
});

test('pipelines that fail end it with 1 and the reasons, also when branches share a commit', async () => {
  const own = await directory();
  await cp(join(checkout, 'examples', 'orders'), own, { recursive: true });
  await writeFile(join(own, 'buildspec.yml'), 'version: 0.2\nphases:\n  build:\n    commands:\n      - exit 3\n');
  git(own, 'init', '--quiet', '--initial-branch=dev');
  git(own, 'add', '--all');
  git(own, 'commit', '--quiet', '--message=Broken');
  git(own, 'branch', 'staging');

  const { ended, text } = start('--once', '--repo', own);

  expect(await ended).toBe(1);
  for (const branch of ['dev', 'staging'])
    expect(text().split(`\norders ${branch} ${git(own, 'rev-parse', 'HEAD')}\n`).length, branch).toBe(2);
  expect(text()).toMatch(/orders-dev Build\/Build failed: .*command 'exit 3' ended with exit status 3/);
  expect(text()).toContain('mail to ops@example.com: AWS Notification Message: "A merge did not arrive in dev');
  expect(text()).toMatch(/2 of 2 merges did not arrive/);
});

test('while it runs, an ordinary clone pushes and sees its pipeline; Ctrl-C ends it cleanly', async () => {
  const { child, said, ended, text } = start('--port', '0');
  await said(/Try next:/);
  const [clone = ''] = /git clone http:\S+/.exec(text()) ?? [];
  const copy = join(await directory(), 'orders');
  git(tmpdir(), 'clone', '--quiet', clone.replace('git clone ', ''), copy, '--branch', 'dev');

  git(copy, 'commit', '--quiet', '--allow-empty', '--message=My change');
  git(copy, 'push', '--quiet', 'origin', 'dev');
  const short = git(copy, 'rev-parse', 'HEAD').slice(0, 8);
  await said(new RegExp(`orders dev is now ${short}[^]*orders-dev succeeded`));
  child.kill('SIGINT');

  expect(await ended).toBe(0);
  expect(text()).toMatch(/\nstopped\n$/);
});

test.each([
  [['--repo', '/nonesuch'], "RepositoryUnusable: '/nonesuch' is not a git repository"],
  [['--port', '70000'], "'70000' is invalid"],
  [['--fast'], "unknown option '--fast'"],
])('a mistake on the command line is one line that says what to do: %j', async (parameters, says) => {
  const { ended, text } = start('--once', ...parameters);

  expect(await ended).not.toBe(0);
  expect(text()).toContain(says);
  expect(text()).not.toMatch(/\n\s+at /);
});

test('a port that is taken is told, with the way out', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void other.close());
  const { port } = other.address() as { port: number };

  const { ended, text } = start('--port', String(port));

  expect(await ended).toBe(2);
  expect(text()).toContain(
    `PortInUse: port ${port} on 127.0.0.1 is taken (choose another with --port, or --port 0 for any free one)`,
  );
});
