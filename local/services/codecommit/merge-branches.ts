import { z } from 'zod';
import { type Operation, operation } from '../../world/service.ts';
import { resolveSpecifier } from './commits.ts';
import { type MergeOption, mergeInto } from './merge.ts';
import { findRepository, repositoryAccess } from './tables.ts';

/** Merges by API: `MergeBranchesBy…`. Without a target branch, the destination is the branch that moves. */
export const mergeBranches = (action: string, option: MergeOption): Operation =>
  operation({
    input: z.object({
      repositoryName: z.string(),
      sourceCommitSpecifier: z.string(),
      destinationCommitSpecifier: z.string(),
      targetBranch: z.string().optional(),
      commitMessage: z.string().optional(),
      authorName: z.string().optional(),
      email: z.string().optional(),
    }),
    access: (input, call) => [
      repositoryAccess(action, input.repositoryName, call, [
        `refs/heads/${input.targetBranch ?? input.destinationCommitSpecifier}`,
      ]),
    ],
    run: (input, call) => {
      const repository = findRepository(call.world, input.repositoryName, call);
      return mergeInto(call, {
        repository,
        option,
        sourceCommitId: resolveSpecifier(repository, input.sourceCommitSpecifier),
        branch: input.targetBranch ?? input.destinationCommitSpecifier,
        ...(input.commitMessage === undefined ? {} : { message: input.commitMessage }),
        ...(input.authorName === undefined ? {} : { authorName: input.authorName }),
        ...(input.email === undefined ? {} : { email: input.email }),
      });
    },
  });
