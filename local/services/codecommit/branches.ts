import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import { announceRefs } from './announce.ts';
import { readCommit } from './commits.ts';
import { gitText } from './git.ts';
import { checkBranchName, headOf, listRefs, readRef } from './refs.ts';
import { findRepository, repositoryAccess } from './tables.ts';

const onBranch = z.object({ repositoryName: z.string(), branchName: z.string() });
const refOf = (branch: string): string => `refs/heads/${branch}`;

/** The head of a branch; reads files only. */
export const getBranch = operation({
  input: onBranch,
  access: ({ repositoryName }, call) => [repositoryAccess('GetBranch', repositoryName, call)],
  run: ({ repositoryName, branchName }, call) => ({
    branch: { branchName, commitId: headOf(findRepository(call.world, repositoryName, call), branchName) },
  }),
});

/** The names of all branches. */
export const listBranches = operation({
  input: z.object({ repositoryName: z.string() }),
  access: ({ repositoryName }, call) => [repositoryAccess('ListBranches', repositoryName, call)],
  run: ({ repositoryName }, call) => ({
    branches: [...listRefs(findRepository(call.world, repositoryName, call), 'refs/heads/').keys()]
      .map((ref) => ref.slice(11))
      .sort(),
  }),
});

/** Makes a branch at a commit. */
export const createBranch = operation({
  input: onBranch.extend({ commitId: z.string() }),
  access: ({ repositoryName, branchName }, call) => [
    repositoryAccess('CreateBranch', repositoryName, call, [refOf(branchName)]),
  ],
  run: async ({ repositoryName, branchName, commitId }, call) => {
    const repository = findRepository(call.world, repositoryName, call);
    checkBranchName(branchName);
    if (readRef(repository, refOf(branchName)) !== undefined)
      throw new AwsError('BranchNameExistsException', `Branch ${branchName} already exists`);
    await readCommit(call.world, repository, commitId);
    await gitText(call.world, repository.directory, ['update-ref', refOf(branchName), commitId, '0'.repeat(40)]);
    announceRefs(call.world, repository, [{ ref: refOf(branchName), after: commitId }], call.caller, call.cause);
    return {};
  },
});

/** Deletes a branch other than the default one; one that is not there is no error. */
export const deleteBranch = operation({
  input: onBranch,
  access: ({ repositoryName, branchName }, call) => [
    repositoryAccess('DeleteBranch', repositoryName, call, [refOf(branchName)]),
  ],
  run: async ({ repositoryName, branchName }, call) => {
    const repository = findRepository(call.world, repositoryName, call);
    checkBranchName(branchName);
    if (repository.defaultBranch === branchName)
      throw new AwsError(
        'DefaultBranchCannotBeDeletedException',
        `${branchName} is the default branch and cannot be deleted`,
      );
    const before = readRef(repository, refOf(branchName));
    if (before === undefined) return {};
    await gitText(call.world, repository.directory, ['update-ref', '-d', refOf(branchName), before]);
    announceRefs(call.world, repository, [{ ref: refOf(branchName), before }], call.caller, call.cause);
    return { deletedBranch: { branchName, commitId: before } };
  },
});
