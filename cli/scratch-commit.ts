import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Fault } from '../shared/fault.ts';
import { git } from './git.ts';
import { checkRepository } from './seed.ts';

/** A commit of a whole working tree, in a repository of its own. */
export interface ScratchCommit {
  /** The bare repository that holds it. */
  readonly repository: string;
  readonly commitId: string;
  /** How many files differ from the working tree's own last commit. */
  readonly changed: number;
}

/**
 * Commits a working tree as it lies there, with what is neither committed nor tracked yet, but not with what git ignores, on `branch` of a new bare
 * repository at `repository`. The user's own repository is only read: its index is copied and its objects are borrowed. The commit has no parent, so
 * shallow clones will do. Throws RepositoryUnusable for a path that is no working tree, GitFailed.
 */
export async function scratchCommit(path: string, repository: string, branch: string): Promise<ScratchCommit> {
  await checkRepository(path);
  const tree = await git(path, 'rev-parse', '--show-toplevel').catch(() => {
    throw new Fault('RepositoryUnusable', `'${path}' is a repository without a working tree`);
  });
  await mkdir(repository, { recursive: true });
  await git(repository, 'init', '--quiet', '--bare');
  await borrow(tree, repository);
  const own = (...parameters: readonly string[]) =>
    git(tree, `--git-dir=${repository}`, `--work-tree=${tree}`, '-c', 'core.bare=false', ...parameters);
  await own('add', '--all');
  const treeId = await own('write-tree');
  const commitId = await own('commit-tree', '-m', 'The working tree, as mergecast run found it', treeId);
  await own('update-ref', `refs/heads/${branch}`, commitId);
  return { repository, commitId, changed: await changedFiles(tree, own, treeId) };
}

/** Copies the index and the rules of what is ignored, and names the objects to read. */
async function borrow(tree: string, repository: string): Promise<void> {
  const at = async (name: string) => resolve(tree, await git(tree, 'rev-parse', '--git-path', name));
  const index = await at('index');
  if (existsSync(index)) {
    await copyFile(index, join(repository, 'index'));
    for (const shared of (await readdir(dirname(index))).filter((name) => name.startsWith('sharedindex.')))
      await copyFile(join(dirname(index), shared), join(repository, shared));
  }
  await mkdir(join(repository, 'objects', 'info'), { recursive: true });
  await writeFile(join(repository, 'objects', 'info', 'alternates'), `${await at('objects')}\n`);
  const rules = [await at('info/exclude'), await globalRules(tree)];
  const texts = await Promise.all(rules.map((file) => readFile(file, 'utf8').catch(() => '')));
  await mkdir(join(repository, 'info'), { recursive: true });
  await writeFile(join(repository, 'info', 'exclude'), texts.join('\n'));
}

/** The file of what the user ignores everywhere; what is nowhere is an empty one. */
async function globalRules(tree: string): Promise<string> {
  const home = process.env['HOME'] ?? '/';
  const usual = join(process.env['XDG_CONFIG_HOME'] ?? join(home, '.config'), 'git', 'ignore');
  const files = [join(home, '.gitconfig'), join(home, '.config', 'git', 'config')].filter((file) => existsSync(file));
  for (const file of files) {
    const named = await git(tree, 'config', '--file', file, '--path', 'core.excludesFile').catch(() => '');
    if (named !== '') return named;
  }
  return usual;
}

async function changedFiles(
  tree: string,
  own: (...parameters: readonly string[]) => Promise<string>,
  treeId: string,
): Promise<number> {
  const head = await git(tree, 'rev-parse', '--verify', '--quiet', 'HEAD').catch(() => undefined);
  const from = head ?? '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
  const names = await own('diff-tree', '-r', '--name-only', from, treeId).catch(() => '');
  return names === '' ? 0 : names.split('\n').length;
}
