import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { principalName } from '../../world/principal.ts';
import { operation } from '../../world/service.ts';
import { tell } from './announce.ts';
import { readCommit, resolveSpecifier } from './commits.ts';
import { commitMerged, type Merging, mergeFields } from './merge.ts';
import { mergeChoices, mergeSimplified } from './merge-input.ts';
import { tipsOf } from './merge-result.ts';
import { findRepository, repositoryAccess } from './tables.ts';

/** Makes the commit that a merge would be, which no branch points at. Throws ManualMergeRequiredException, InvalidMergeOptionException. */
export const createUnreferencedMergeCommit = operation({
  simplified: mergeSimplified,
  input: z.object({
    repositoryName: z.string(),
    sourceCommitSpecifier: z.string(),
    destinationCommitSpecifier: z.string(),
    mergeOption: z.enum(['FAST_FORWARD_MERGE', 'SQUASH_MERGE', 'THREE_WAY_MERGE']),
    ...mergeChoices,
  }),
  access: ({ repositoryName }, call) => [repositoryAccess('CreateUnreferencedMergeCommit', repositoryName, call)],
  run: async (input, call) => {
    const { world, caller, cause } = call;
    const { mergeOption: option } = input;
    if (option === 'FAST_FORWARD_MERGE')
      throw new AwsError(
        'InvalidMergeOptionException',
        'A fast-forward makes no commit: use SQUASH_MERGE or THREE_WAY_MERGE',
      );
    const repository = findRepository(world, input.repositoryName, call);
    const source = await resolveSpecifier(world, repository, input.sourceCommitSpecifier);
    const destination = await resolveSpecifier(world, repository, input.destinationCommitSpecifier);
    const tips = await tipsOf(world, repository, source, destination);
    const merging: Merging = {
      repository,
      option,
      source,
      destination,
      detail: input.conflictDetailLevel,
      strategy: input.conflictResolutionStrategy,
      message: input.commitMessage,
      authorName: input.authorName,
      email: input.email,
    };
    const commitId = await commitMerged(call, merging, tips, destination);
    tell(world, repository, cause, {
      event: 'unreferencedMergeCommitCreated',
      repositoryName: repository.name,
      repositoryId: repository.id,
      commitId,
      ...mergeFields(merging, tips),
      callerUserArn: principalName(caller),
    });
    return { commitId, treeId: (await readCommit(world, repository, commitId)).treeId };
  },
});
