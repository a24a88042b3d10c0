import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { type Operation, operation } from '../../world/service.ts';
import { resolveSpecifier } from './commits.ts';
import { mergeInto } from './merge.ts';
import { mergeChoices, mergeSimplified } from './merge-input.ts';
import type { MergeOption } from './merge-result.ts';
import { branchOf, branchRef, headOf } from './refs.ts';
import { findRepository, repositoryAccess } from './tables.ts';

/** Merges by API: `MergeBranchesBy…`. Without a target branch, the destination is the branch that moves. */
export const mergeBranches = (action: string, option: MergeOption): Operation =>
  operation({
    ...(option === 'FAST_FORWARD_MERGE' ? {} : { simplified: mergeSimplified }),
    input: z.object({
      repositoryName: z.string(),
      sourceCommitSpecifier: z.string(),
      destinationCommitSpecifier: z.string(),
      targetBranch: z.string().optional(),
      ...mergeChoices,
    }),
    access: (input, call) => [repositoryAccess(action, input.repositoryName, call, [branchRef(targetOf(input))])],
    run: async (input, call) => {
      const { world } = call;
      const repository = findRepository(world, input.repositoryName, call);
      const branch = targetOf(input);
      const destination = await resolveSpecifier(world, repository, input.destinationCommitSpecifier);
      if (headOf(repository, branch) !== destination)
        throw new AwsError('ConcurrentReferenceUpdateException', `The head of ${branch} is not ${destination}`);
      return mergeInto(call, branch, {
        repository,
        option,
        destination,
        source: await resolveSpecifier(world, repository, input.sourceCommitSpecifier),
        detail: input.conflictDetailLevel,
        strategy: input.conflictResolutionStrategy,
        message: input.commitMessage,
        authorName: input.authorName,
        email: input.email,
      });
    },
  });

/** A target is a branch's short name; a destination may be its full name. */
const targetOf = (input: { readonly targetBranch?: string | undefined; readonly destinationCommitSpecifier: string }) =>
  input.targetBranch ?? branchOf(input.destinationCommitSpecifier);
