import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { numeric } from '../../world/properties.ts';
import { operation } from '../../world/service.ts';
import { readCommit, resolveSpecifier } from './commits.ts';
import { git } from './git.ts';
import { findRepository, repositoryAccess } from './tables.ts';

/** One commit with its parents. */
export const getCommit = operation({
  input: z.object({ repositoryName: z.string(), commitId: z.string() }),
  access: ({ repositoryName }, call) => [repositoryAccess('GetCommit', repositoryName, call)],
  run: async ({ repositoryName, commitId }, call) => {
    const commit = await readCommit(call.world, findRepository(call.world, repositoryName, call), commitId);
    return { commit: { ...commit, additionalData: '' } };
  },
});

const changeTypes: Readonly<Record<string, string>> = { A: 'A', M: 'M', D: 'D', T: 'M' };

/** The files that differ between two commits; without the first, all files of the second. Pages of at most 400. */
export const getDifferences = operation({
  input: z.object({
    repositoryName: z.string(),
    beforeCommitSpecifier: z.string().optional(),
    afterCommitSpecifier: z.string(),
    beforePath: z.string().optional(),
    afterPath: z.string().optional(),
    MaxResults: numeric.optional(),
    NextToken: z.string().optional(),
  }),
  access: ({ repositoryName }, call) => [repositoryAccess('GetDifferences', repositoryName, call)],
  run: async (input, call) => {
    const repository = findRepository(call.world, input.repositoryName, call);
    const after = resolveSpecifier(repository, input.afterCommitSpecifier);
    const before =
      input.beforeCommitSpecifier === undefined
        ? '4b825dc642cb6eb9a060e54bf8d69288fbee4904'
        : resolveSpecifier(repository, input.beforeCommitSpecifier);
    const { code, stdout } = await git(call.world, repository.directory, [
      'diff-tree',
      '-r',
      '-z',
      '--raw',
      '--no-renames',
      '--no-abbrev',
      before,
      after,
    ]);
    if (code !== 0)
      throw new AwsError('CommitDoesNotExistException', `${before} or ${after} names no commit of ${repository.name}`);
    const all = differences(stdout.toString('utf8'));
    const start = Number(input.NextToken ?? '0');
    const end = start + Math.min(input.MaxResults ?? 100, 400);
    return { differences: all.slice(start, end), ...(end < all.length ? { NextToken: String(end) } : {}) };
  },
});

function differences(raw: string): readonly object[] {
  const parts = raw.split('\0');
  const found: object[] = [];
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const [oldMode = '', newMode = '', oldId = '', newId = '', type = 'M'] = (parts[at] ?? '').slice(1).split(' ');
    const path = parts[at + 1] ?? '';
    const side = (mode: string, blobId: string) => (/^0+$/.test(blobId) ? undefined : { blobId, path, mode });
    found.push({
      beforeBlob: side(oldMode, oldId),
      afterBlob: side(newMode, newId),
      changeType: changeTypes[type] ?? 'M',
    });
  }
  return found;
}
