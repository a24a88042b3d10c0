import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { principalName } from '../../world/principal.ts';
import { type Operation, operation } from '../../world/service.ts';
import { checkApproved } from './approval-rules.ts';
import { checkCommitId } from './commits.ts';
import { mergeInto } from './merge.ts';
import { mergeChoices, mergeSimplified } from './merge-input.ts';
import type { MergeOption } from './merge-result.ts';
import {
  checkRepository,
  findPullRequest,
  type PullRequest,
  pullRequestKey,
  pullRequests,
  shownPullRequest,
} from './pull-request.ts';
import { branchRef, headOf } from './refs.ts';
import { findRepository, repositoryAccess } from './tables.ts';
import { tellPullRequest } from './tell-pull-request.ts';

/** Merges a pull request and closes it: `MergePullRequestBy…`. */
export const mergePullRequest = (action: string, option: MergeOption): Operation =>
  operation({
    ...(option === 'FAST_FORWARD_MERGE' ? {} : { simplified: mergeSimplified }),
    input: z.object({
      pullRequestId: z.string(),
      repositoryName: z.string(),
      sourceCommitId: z.string().optional(),
      ...mergeChoices,
    }),
    access: ({ pullRequestId, repositoryName }, call) => {
      const request = findPullRequest(call.world, pullRequestId, call);
      checkRepository(request, repositoryName);
      return [repositoryAccess(action, repositoryName, call, [branchRef(request.destinationBranch)])];
    },
    run: async ({ pullRequestId, sourceCommitId, ...input }, call) => {
      const request = findPullRequest(call.world, pullRequestId, call);
      checkOpen(request, sourceCommitId);
      checkApproved(request);
      const repository = findRepository(call.world, request.repositoryName, call);
      const destination = headOf(repository, request.destinationBranch);
      const { commitId } = await mergeInto(call, request.destinationBranch, {
        repository,
        option,
        destination,
        source: request.sourceCommit,
        detail: input.conflictDetailLevel,
        strategy: input.conflictResolutionStrategy,
        message: input.commitMessage,
        authorName: input.authorName,
        email: input.email,
      });
      const merged: PullRequest = {
        ...request,
        status: 'CLOSED',
        destinationCommit: destination,
        merged: { by: principalName(call.caller), commitId, option },
        changedAt: call.world.clock.now(),
      };
      call.world.store.in(pullRequests).put(pullRequestKey(call, pullRequestId), merged);
      tellPullRequest(call.world, { event: 'pullRequestMergeStatusUpdated', request: merged, repository, ...call });
      return shownPullRequest(merged, repository);
    },
  });

/** What is merged is what was looked at: a caller may name the head it has seen. */
function checkOpen({ id, status, sourceCommit }: PullRequest, seen: string | undefined): void {
  if (status !== 'OPEN') throw new AwsError('PullRequestAlreadyClosedException', `Pull request ${id} is closed`);
  if (seen === undefined) return;
  checkCommitId(seen);
  if (seen !== sourceCommit)
    throw new AwsError('TipOfSourceReferenceIsDifferentException', `The tip of the source branch is ${sourceCommit}`);
}
