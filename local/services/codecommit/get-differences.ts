import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { type Call, operation } from '../../world/service.ts';
import { pageOf } from '../page.ts';
import { resolveSpecifier } from './commits.ts';
import { diff, emptyTree } from './diff.ts';
import { checkPath } from './paths.ts';
import { findRepository, type Repository, repositoryAccess } from './tables.ts';
import { readEntry } from './trees.ts';

const defaultPage = 100;
const longestPage = 400;

/**
 * The files that differ between two commits; without the first, all files of the second. Simplified: two different paths limit the
 * differences to both of them, where AWS compares the one with the other.
 */
export const getDifferences = operation({
  simplified: 'Two different paths limit the answer to files under either.',
  input: z.object({
    repositoryName: z.string(),
    beforeCommitSpecifier: z.string().optional(),
    afterCommitSpecifier: z.string(),
    beforePath: z.string().optional(),
    afterPath: z.string().optional(),
    MaxResults: z.int().optional(),
    NextToken: z.string().optional(),
  }),
  access: ({ repositoryName }, call) => [repositoryAccess('GetDifferences', repositoryName, call)],
  run: async (input, call) => {
    const repository = findRepository(call.world, input.repositoryName, call);
    const size = input.MaxResults ?? defaultPage;
    if (size < 1) throw new AwsError('InvalidMaxResultsException', 'MaxResults must be at least 1');
    const after = await resolveSpecifier(call.world, repository, input.afterCommitSpecifier);
    const { beforeCommitSpecifier: first } = input;
    const before = first === undefined ? emptyTree : await resolveSpecifier(call.world, repository, first);
    const paths = pathsOf(input.beforePath, input.afterPath);
    const all = await diff(call.world, repository, before, after, paths);
    if (all.length === 0) await checkPaths(call, repository, [before, after], paths);
    const page = pageOf(all, input.NextToken, Math.min(size, longestPage), 'InvalidContinuationTokenException');
    return { differences: page.items.map(({ path: _, ...difference }) => difference), NextToken: page.next };
  },
});

const pathsOf = (...given: readonly (string | undefined)[]): readonly string[] => [
  ...new Set(
    given
      .filter((path) => path !== undefined)
      .map(checkPath)
      .filter((path) => path !== ''),
  ),
];

/** No difference under a path that neither side has is a mistake. */
async function checkPaths(
  { world }: Call,
  repository: Repository,
  trees: readonly string[],
  paths: readonly string[],
): Promise<void> {
  for (const path of paths) {
    const entries = await Promise.all(trees.map((tree) => readEntry(world, repository, tree, path)));
    if (entries.every((entry) => entry === undefined))
      throw new AwsError('PathDoesNotExistException', `The path ${path} does not exist`);
  }
}
