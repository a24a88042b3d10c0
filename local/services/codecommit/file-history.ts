import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { pageOf } from '../page.ts';
import { readCommit, resolveSpecifier } from './commits.ts';
import { git } from './git.ts';
import { checkFilePath } from './paths.ts';
import { findRepository, type Repository, repositoryAccess } from './tables.ts';
import { readEntry } from './trees.ts';

const longestPage = 100;

/** The commits that changed a file, the newest first. */
export const listFileCommitHistory = operation({
  simplified: 'A file is followed under its present path alone, and a page has at most 100 commits.',
  input: z.object({
    repositoryName: z.string(),
    commitSpecifier: z.string().default('HEAD'),
    filePath: z.string(),
    maxResults: z.int().optional(),
    nextToken: z.string().optional(),
  }),
  access: ({ repositoryName }, call) => [repositoryAccess('ListFileCommitHistory', repositoryName, call)],
  run: async (
    { repositoryName, commitSpecifier, filePath: given, maxResults = longestPage, nextToken },
    { world, ...call },
  ) => {
    const repository = findRepository(world, repositoryName, call);
    if (maxResults < 1) throw new AwsError('InvalidMaxResultsException', 'maxResults must be at least 1');
    const path = checkFilePath(given);
    const commitId = await resolveSpecifier(world, repository, commitSpecifier);
    const all = await revisions(world, repository, commitId, path);
    const size = Math.min(maxResults, longestPage);
    const { items, next } = pageOf(all, nextToken, size, 'InvalidContinuationTokenException');
    const revisionDag: object[] = [];
    for (const { id, children } of items) {
      const [commit, entry] = [await readCommit(world, repository, id), await readEntry(world, repository, id, path)];
      revisionDag.push({
        commit: { ...commit, additionalData: '' },
        blobId: entry?.id,
        path,
        revisionChildren: children,
      });
    }
    return { revisionDag, nextToken: next };
  },
});

interface Revision {
  readonly id: string;
  /** The commits that have the next version of the file. */
  readonly children: readonly string[];
}

/** Git leaves out the commits that do not change the file, and writes the parents anew. Throws CommitDoesNotExistException. */
async function revisions(
  world: World,
  { directory, name }: Repository,
  from: string,
  path: string,
): Promise<readonly Revision[]> {
  const { code, stdout } = await git(world, directory, ['rev-list', '--topo-order', '--parents', from, '--', path]);
  if (code !== 0) throw new AwsError('CommitDoesNotExistException', `${from} names no commit of ${name}`);
  const rows = stdout
    .toString()
    .split('\n')
    .filter((row) => row !== '')
    .map((row) => row.split(' '));
  const children = new Map<string, string[]>();
  for (const [id = '', ...parents] of rows)
    for (const parent of parents) children.set(parent, [...(children.get(parent) ?? []), id]);
  return rows.map(([id = '']) => ({ id, children: children.get(id) ?? [] }));
}
