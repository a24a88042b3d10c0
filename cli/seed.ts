import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fault } from '../shared/fault.ts';
import { git } from './git.ts';

/** A working copy that merges are made in; gone with `discard`. */
export interface WorkingCopy {
  readonly directory: string;
  discard(): Promise<void>;
}

/** Makes a git repository from the example, with one commit on `main`. Its template says the repository's name, whatever that is. */
export async function exampleCopy(example: string, repository: string): Promise<WorkingCopy> {
  const directory = await mkdtemp(join(tmpdir(), 'mergecast-example-'));
  await cp(example, directory, { recursive: true });
  const template = join(directory, 'template.yaml');
  if (existsSync(template))
    await writeFile(template, (await readFile(template, 'utf8')).replace('Default: orders', `Default: ${repository}`));
  await git(directory, 'init', '--quiet', '--initial-branch=main');
  await git(directory, 'add', '--all');
  await git(directory, 'commit', '--quiet', `--message=The ${repository} service`);
  return { directory, discard: () => rm(directory, { recursive: true, force: true }) };
}

/** Makes a change on a branch of its own and merges it into `branch`, as a developer does; answers the merge commit's id. */
export async function mergeChange(directory: string, branch: string, from: string): Promise<string> {
  await git(directory, 'checkout', '--quiet', '-B', branch, 'main');
  if (from === 'main') {
    await git(directory, 'checkout', '--quiet', '-b', 'feature/greeting');
    await writeFile(join(directory, 'CHANGES.md'), 'A friendlier answer.\n');
    await git(directory, 'add', '--all');
    await git(directory, 'commit', '--quiet', '--message=A friendlier answer');
    await git(directory, 'checkout', '--quiet', branch);
    await git(directory, 'merge', '--quiet', '--no-ff', '--message=Merge feature/greeting', 'feature/greeting');
  } else {
    await git(directory, 'merge', '--quiet', '--no-ff', `--message=Merge ${from} into ${branch}`, from);
  }
  return git(directory, 'rev-parse', 'HEAD');
}

/** Pushes branches to the local cloud under their own names. */
export async function pushBranches(directory: string, url: string, branches: readonly string[]): Promise<void> {
  if (branches.length === 0) return;
  await git(
    directory,
    'push',
    '--quiet',
    url,
    ...branches.map((branch) => `refs/heads/${branch}:refs/heads/${branch}`),
  );
}

/** Throws RepositoryUnusable for a path that is no git repository. */
export async function checkRepository(path: string): Promise<void> {
  await git(path, 'rev-parse', '--git-dir').catch(() => {
    throw new Fault('RepositoryUnusable', `'${path}' is not a git repository`);
  });
}

/** Those of the followed branches that a user's repository has. Throws RepositoryUnusable when it has none, or is no repository. */
export async function followedBranches(path: string, followed: readonly string[]): Promise<readonly string[]> {
  await checkRepository(path);
  const listed = await git(path, 'for-each-ref', '--format=%(refname:strip=2)', 'refs/heads');
  const branches = followed.filter((branch) => listed.split('\n').includes(branch));
  if (branches.length === 0)
    throw new Fault('RepositoryUnusable', `'${path}' has none of the followed branches ${followed.join(', ')}`);
  return branches;
}
