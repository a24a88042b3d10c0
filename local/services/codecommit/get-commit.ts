import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import { type Commit, readCommit } from './commits.ts';
import { findRepository, repositoryAccess } from './tables.ts';

const shown = (commit: Commit) => ({ ...commit, additionalData: '' });

/** One commit with its parents. */
export const getCommit = operation({
  input: z.object({ repositoryName: z.string(), commitId: z.string() }),
  access: ({ repositoryName }, call) => [repositoryAccess('GetCommit', repositoryName, call)],
  run: async ({ repositoryName, commitId }, call) => ({
    commit: shown(await readCommit(call.world, findRepository(call.world, repositoryName, call), commitId)),
  }),
});

const mostCommits = 100;

/** Several commits; those that are missing are named beside the others. */
export const batchGetCommits = operation({
  input: z.object({ repositoryName: z.string(), commitIds: z.array(z.string()) }),
  access: ({ repositoryName }, call) => [repositoryAccess('BatchGetCommits', repositoryName, call)],
  run: async ({ repositoryName, commitIds }, call) => {
    if (commitIds.length > mostCommits)
      throw new AwsError('CommitIdsLimitExceededException', `At most ${mostCommits} commits can be asked for at once`);
    const repository = findRepository(call.world, repositoryName, call);
    const found: object[] = [];
    const errors: object[] = [];
    for (const commitId of commitIds) {
      try {
        found.push(shown(await readCommit(call.world, repository, commitId)));
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        errors.push({ commitId, errorCode: error.code, errorMessage: error.message });
      }
    }
    return { commits: found, errors };
  },
});
