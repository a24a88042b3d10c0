import { type ExecFileException, execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CodeCommitClient, CreateRepositoryCommand } from '@aws-sdk/client-codecommit';
import { administrator } from '../../local/accounts.ts';
import { issueGitCredentials } from '../../local/services/codecommit/git-credentials.ts';
import { users } from '../../local/services/iam/tables.ts';
import { issueCredentials } from '../../local/world/credentials.ts';
import type { UserPrincipal } from '../../local/world/principal.ts';
import type { World } from '../../local/world/world.ts';
import { bareWorld, type ClientSettings } from './bare-world.ts';

/** The account that owns the repositories of these tests. */
export const owner = '111111111111';

/** How a git command of a person ended. */
export interface GitRun {
  readonly code: number;
  /** Standard output and error, as a terminal shows them. */
  readonly text: string;
}

/** A world with one repository `orders`, real git, and a directory to work in. */
export interface GitWorld {
  readonly world: World;
  readonly codecommit: CodeCommitClient;
  readonly url: string;
  readonly directory: string;
  client(account: string, region?: string): ClientSettings;
  git(directory: string, ...parameters: readonly string[]): Promise<GitRun>;
  /** Makes a working copy with one commit on `main`, not yet pushed; answers its directory. */
  workingCopy(name: string): Promise<string>;
  /** Writes a file, commits it and answers the commit. */
  commit(directory: string, file: string, content: string): Promise<string>;
  /** The details of the events on the default bus so far, oldest first. */
  told(detailType?: string): Promise<readonly Record<string, unknown>[]>;
  /** A user with this policy alone: a clone URL with its Git credentials, and its SDK settings. */
  user(name: string, statements: readonly object[]): { url: string; client: ClientSettings };
  close(): Promise<void>;
}

/** Opens it. */
export async function gitWorld(): Promise<GitWorld> {
  const bare = await bareWorld();
  const { world } = bare;
  const directory = mkdtempSync(join(tmpdir(), 'mergecast-git-'));
  const codecommit = new CodeCommitClient(bare.client(owner));
  await codecommit.send(new CreateRepositoryCommand({ repositoryName: 'orders' }));
  const urlOf = (principal: UserPrincipal) => {
    const { username, password } = issueGitCredentials(world, principal);
    return `${world.endpoint.replace('//', `//${username}:${password}@`)}/v1/repos/orders`;
  };
  const url = urlOf(administrator(world, owner));
  const git = gitIn(directory);
  const commit = async (copy: string, file: string, content: string) => {
    await writeFile(join(copy, file), content);
    await git(copy, 'add', '.');
    await git(copy, 'commit', '-q', '-m', `write ${file}`);
    return (await git(copy, 'rev-parse', 'HEAD')).text.trim();
  };
  return {
    world,
    client: (account, region) => bare.client(account, region),
    codecommit,
    url,
    directory,
    git,
    commit,
    workingCopy: async (name) => {
      const copy = join(directory, name);
      await git(directory, 'init', '-q', '-b', 'main', copy);
      await git(copy, 'remote', 'add', 'origin', url);
      await commit(copy, 'README.md', '# orders\n');
      return copy;
    },
    told: async (detailType = 'CodeCommit Repository State Change') => {
      await world.settled();
      return world.journal.entries
        .filter(({ kind }) => kind === 'event')
        .map(({ detail }) => (detail as { event: Record<string, unknown> }).event)
        .filter((event) => event['detail-type'] === detailType)
        .map((event) => event['detail'] as Record<string, unknown>);
    },
    user: (name, statements) => {
      const arn = `arn:aws:iam::${owner}:user/${name}`;
      const userId = `AIDA${name.toUpperCase()}`;
      const document = { Version: '2012-10-17', Statement: statements };
      world.store
        .in(users)
        .put(arn, { arn, name, account: owner, id: userId, inline: { all: { name: 'all', document } }, managed: [] });
      const principal: UserPrincipal = { type: 'user', account: owner, arn, userId };
      const { accessKeyId, secretAccessKey } = issueCredentials(world, principal);
      const client = { ...bare.client(owner), credentials: { accessKeyId, secretAccessKey } };
      return { url: urlOf(principal), client };
    },
    close: async () => {
      await bare.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

const gitIn =
  (home: string) =>
  (directory: string, ...parameters: readonly string[]): Promise<GitRun> =>
    new Promise((resolve) => {
      const identity = { GIT_AUTHOR_NAME: 'Ada', GIT_AUTHOR_EMAIL: 'ada@example.com' };
      const env = {
        PATH: process.env['PATH'],
        HOME: home,
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_TERMINAL_PROMPT: '0',
        GIT_COMMITTER_NAME: 'Ada',
        GIT_COMMITTER_EMAIL: 'ada@example.com',
        ...identity,
      };
      const done = (error: ExecFileException | null, stdout: string, stderr: string) =>
        resolve({
          code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1,
          text: stdout + stderr,
        });
      execFile('git', parameters as string[], { cwd: directory, env, maxBuffer: 64 * 1024 * 1024 }, done);
    });
