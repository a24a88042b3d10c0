import { type Principal, principalName } from '../../world/principal.ts';
import type { World } from '../../world/world.ts';
import { type PullRequest, pullRequestKey, pullRequests } from './pull-request.ts';
import type { PullRequestNews } from './pull-request-history.ts';
import { branchOf } from './refs.ts';
import type { Repository } from './tables.ts';
import { tellPullRequest } from './tell-pull-request.ts';

/** A branch that moved, was made or is gone. */
export interface Moved {
  readonly ref: string;
  readonly after?: string;
  /** Set when a merge by API moved it: that closes its pull request itself. */
  readonly merge?: unknown;
}

/**
 * What happens to open pull requests when a branch moves: a new head of the source is a new revision; a deleted branch closes them;
 * so does a push that brings the source's head to the destination (facts 1.4, which does not say the event of the last:
 * `pullRequestMergeStatusUpdated` is taken).
 */
export function followRef(
  world: World,
  repository: Repository,
  moved: Moved,
  by: { readonly caller: Principal; readonly cause: string },
): void {
  const branch = branchOf(moved.ref);
  const open = world.store
    .in(pullRequests)
    .where((row) => row.status === 'OPEN' && row.repositoryArn === repository.arn && concerns(row, branch));
  for (const request of open) {
    const change = changeOf(world, request, branch, moved, by.caller);
    if (change === undefined) continue;
    const changed: PullRequest = { ...request, ...change.fields, changedAt: world.clock.now() };
    world.store.in(pullRequests).put(pullRequestKey(repository, request.id), changed);
    const particulars = { beforeCommitId: request.sourceCommit };
    tellPullRequest(world, { event: change.event, request: changed, repository, particulars, ...by });
  }
}

const concerns = ({ sourceBranch, destinationBranch }: PullRequest, branch: string) =>
  sourceBranch === branch || destinationBranch === branch;

function changeOf(
  world: World,
  request: PullRequest,
  branch: string,
  { after, merge }: Moved,
  caller: Principal,
): { event: PullRequestNews['event']; fields: Partial<PullRequest> } | undefined {
  if (after === undefined) return { event: 'pullRequestStatusChanged', fields: { status: 'CLOSED' } };
  if (request.sourceBranch === branch)
    return {
      event: 'pullRequestSourceBranchUpdated',
      fields: { sourceCommit: after, revisionId: world.chance.hex(64) },
    };
  if (merge !== undefined || after !== request.sourceCommit) return undefined;
  const merged = { by: principalName(caller), commitId: after, option: 'FAST_FORWARD_MERGE' as const };
  return { event: 'pullRequestMergeStatusUpdated', fields: { status: 'CLOSED', destinationCommit: after, merged } };
}
