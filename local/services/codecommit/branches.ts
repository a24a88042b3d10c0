import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import { pageOf } from '../page.ts';
import { announceRefs, setDefaultBranch } from './announce.ts';
import { readCommit } from './commits.ts';
import { moveRef } from './move-ref.ts';
import { branchOf, branchRef, checkBranchName, headOf, listRefs, readRef } from './refs.ts';
import { findRepository, repositoryAccess } from './tables.ts';

const onBranch = z.object({ repositoryName: z.string(), branchName: z.string() });

/** The head of a branch; reads files only. */
export const getBranch = operation({
  input: onBranch,
  access: ({ repositoryName }, call) => [repositoryAccess('GetBranch', repositoryName, call)],
  run: ({ repositoryName, branchName }, call) => ({
    branch: { branchName, commitId: headOf(findRepository(call.world, repositoryName, call), branchName) },
  }),
});

/** The names of all branches, in pages. */
export const listBranches = operation({
  input: z.object({ repositoryName: z.string(), nextToken: z.string().optional() }),
  access: ({ repositoryName }, call) => [repositoryAccess('ListBranches', repositoryName, call)],
  run: ({ repositoryName, nextToken }, call) => {
    const refs = listRefs(findRepository(call.world, repositoryName, call), 'refs/heads/');
    const names = [...refs.keys()].map(branchOf).sort();
    const { items, next } = pageOf(names, nextToken, pageLength, 'InvalidContinuationTokenException');
    return { branches: items, nextToken: next };
  },
});

/** The guide names no length; pages of this one keep answers small. */
const pageLength = 1000;

/** Makes another branch the one that a clone checks out. */
export const updateDefaultBranch = operation({
  input: z.object({ repositoryName: z.string(), defaultBranchName: z.string() }),
  access: ({ repositoryName }, call) => [repositoryAccess('UpdateDefaultBranch', repositoryName, call)],
  run: ({ repositoryName, defaultBranchName }, call) => {
    const repository = findRepository(call.world, repositoryName, call);
    headOf(repository, defaultBranchName);
    setDefaultBranch(call.world, repository, defaultBranchName);
    return {};
  },
});

/** Makes a branch at a commit. */
export const createBranch = operation({
  input: onBranch.extend({ commitId: z.string() }),
  access: ({ repositoryName, branchName }, call) => [
    repositoryAccess('CreateBranch', repositoryName, call, [branchRef(branchName)]),
  ],
  run: async ({ repositoryName, branchName, commitId }, call) => {
    const repository = findRepository(call.world, repositoryName, call);
    checkBranchName(branchName);
    if (readRef(repository, branchRef(branchName)) !== undefined)
      throw new AwsError('BranchNameExistsException', `Branch ${branchName} already exists`);
    await readCommit(call.world, repository, commitId, 'CommitDoesNotExistException');
    const change = { ref: branchRef(branchName), after: commitId };
    await moveRef(call.world, repository, change);
    announceRefs(call.world, repository, [change], call.caller, call.cause);
    return {};
  },
});

/** Deletes a branch other than the default one; one that is not there is no error. */
export const deleteBranch = operation({
  input: onBranch,
  access: ({ repositoryName, branchName }, call) => [
    repositoryAccess('DeleteBranch', repositoryName, call, [branchRef(branchName)]),
  ],
  run: async ({ repositoryName, branchName }, call) => {
    const repository = findRepository(call.world, repositoryName, call);
    checkBranchName(branchName);
    if (repository.defaultBranch === branchName)
      throw new AwsError(
        'DefaultBranchCannotBeDeletedException',
        `${branchName} is the default branch and cannot be deleted`,
      );
    const before = readRef(repository, branchRef(branchName));
    if (before === undefined) return {};
    const change = { ref: branchRef(branchName), before };
    await moveRef(call.world, repository, change);
    announceRefs(call.world, repository, [change], call.caller, call.cause);
    return { deletedBranch: { branchName, commitId: before } };
  },
});
