import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { type Access, type Call, operation } from '../../world/service.ts';
import { findPullRequest, type PullRequest, pullRequestKey, pullRequests, shownPullRequest } from './pull-request.ts';
import type { PullRequestNews } from './pull-request-history.ts';
import { findRepository, repositoryAccess } from './tables.ts';
import { tellPullRequest } from './tell-pull-request.ts';

/** The question for an action on a pull request: it stands on the repository. */
export const requestAccess =
  (action: string) =>
  ({ pullRequestId }: { pullRequestId: string }, call: Omit<Call, 'cause'>): readonly Access[] => [
    repositoryAccess(action, findPullRequest(call.world, pullRequestId, call).repositoryName, call),
  ];

/** The open pull request of that number, at that revision. Throws PullRequestAlreadyClosedException, RevisionNotCurrentException. */
export function openRequest(call: Call, pullRequestId: string, revisionId?: string): PullRequest {
  const request = findPullRequest(call.world, pullRequestId, call);
  if (request.status !== 'OPEN')
    throw new AwsError('PullRequestAlreadyClosedException', `Pull request ${pullRequestId} is closed`);
  if (revisionId !== undefined && revisionId !== request.revisionId)
    throw new AwsError('RevisionNotCurrentException', `The revision ${revisionId.slice(0, 64)} is not the current one`);
  return request;
}

/** Writes a change of a pull request down and tells it, where AWS does. */
export function changeRequest(
  call: Call,
  request: PullRequest,
  change: Partial<PullRequest>,
  news?: Pick<PullRequestNews, 'event' | 'particulars'>,
): PullRequest {
  const changed = { ...request, ...change, changedAt: call.world.clock.now() };
  call.world.store.in(pullRequests).put(pullRequestKey(call, request.id), changed);
  const repository = findRepository(call.world, request.repositoryName, call);
  if (news !== undefined) tellPullRequest(call.world, { ...news, request: changed, repository, ...call });
  return changed;
}

const shown = (call: Call, request: PullRequest) =>
  shownPullRequest(request, findRepository(call.world, request.repositoryName, call));

/** Another title. */
export const updatePullRequestTitle = operation({
  input: z.object({ pullRequestId: z.string(), title: z.string().min(1).max(150) }),
  access: requestAccess('UpdatePullRequestTitle'),
  run: ({ pullRequestId, title }, call) =>
    shown(call, changeRequest(call, openRequest(call, pullRequestId), { title })),
});

/** Another description. */
export const updatePullRequestDescription = operation({
  input: z.object({ pullRequestId: z.string(), description: z.string().max(10_240) }),
  access: requestAccess('UpdatePullRequestDescription'),
  run: ({ pullRequestId, description }, call) =>
    shown(call, changeRequest(call, openRequest(call, pullRequestId), { description })),
});
