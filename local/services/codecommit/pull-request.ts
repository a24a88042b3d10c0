import { AwsError } from '../../world/failure.ts';
import type { Place } from '../../world/service.ts';
import { table } from '../../world/store.ts';
import type { World } from '../../world/world.ts';
import { type Approval, type ApprovalRule, contentSha256, type RuleOverride } from './approval-rules.ts';
import type { MergeOption } from './merge-result.ts';
import { branchRef, readRef } from './refs.ts';
import type { Repository } from './tables.ts';

/** A pull request between two branches of one repository. */
export interface PullRequest {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly repositoryArn: string;
  readonly repositoryName: string;
  readonly sourceBranch: string;
  readonly destinationBranch: string;
  /** The head of the source branch, as of the last change. */
  readonly sourceCommit: string;
  /** The head of the destination branch when the request was opened or closed. */
  readonly destinationCommit: string;
  /** The common ancestor when it was opened. */
  readonly mergeBase: string;
  readonly authorArn: string;
  /** Changes with each change of the source branch. */
  readonly revisionId: string;
  readonly status: 'OPEN' | 'CLOSED';
  readonly merged?: { readonly by: string; readonly commitId: string; readonly option: MergeOption };
  readonly rules?: readonly ApprovalRule[];
  /** Of all revisions; those of the current one count. */
  readonly approvals?: readonly Approval[];
  readonly override?: RuleOverride;
  readonly clientRequestToken?: string;
  /** Milliseconds of world time. */
  readonly createdAt: number;
  readonly changedAt: number;
}

/** By `<account>/<region>/<id>`. */
export const pullRequests = table<PullRequest>('codecommit/pull-requests');

/** The key of a pull request in its table. */
export const pullRequestKey = ({ account, region }: Place, id: string): string => `${account}/${region}/${id}`;

/** The pull request of that number. Throws InvalidPullRequestIdException, PullRequestDoesNotExistException. */
export function findPullRequest(world: World, id: string, place: Place): PullRequest {
  if (!/^\d{1,18}$/.test(id))
    throw new AwsError('InvalidPullRequestIdException', `'${id.slice(0, 40)}' is not a valid pull request ID`);
  const found = world.store.in(pullRequests).get(pullRequestKey(place, id));
  if (found === undefined) throw new AwsError('PullRequestDoesNotExistException', `Pull request ${id} does not exist`);
  return found;
}

/** Throws RepositoryNotAssociatedWithPullRequestException when a caller names another repository. */
export function checkRepository({ id, repositoryName }: PullRequest, given: string): void {
  if (repositoryName !== given)
    throw new AwsError('RepositoryNotAssociatedWithPullRequestException', `Pull request ${id} is not of ${given}`);
}

/** A pull request as the API shows it. */
export const shownPullRequest = (request: PullRequest, repository: Repository) => ({
  pullRequest: {
    pullRequestId: request.id,
    title: request.title,
    description: request.description,
    authorArn: request.authorArn,
    pullRequestStatus: request.status,
    revisionId: request.revisionId,
    clientRequestToken: request.clientRequestToken,
    approvalRules: (request.rules ?? []).map(shownRule),
    creationDate: new Date(request.createdAt),
    lastActivityDate: new Date(request.changedAt),
    pullRequestTargets: [
      {
        repositoryName: request.repositoryName,
        sourceReference: branchRef(request.sourceBranch),
        destinationReference: branchRef(request.destinationBranch),
        sourceCommit: request.sourceCommit,
        destinationCommit: destinationOf(request, repository),
        mergeBase: request.mergeBase,
        mergeMetadata: {
          isMerged: request.merged !== undefined,
          mergedBy: request.merged?.by,
          mergeCommitId: request.merged?.commitId,
          mergeOption: request.merged?.option,
        },
      },
    ],
  },
});

/** The destination moves under an open request. */
export const destinationOf = (request: PullRequest, repository: Repository): string =>
  (request.status === 'OPEN' ? readRef(repository, branchRef(request.destinationBranch)) : undefined) ??
  request.destinationCommit;

/** An approval rule as the API shows it. */
export const shownRule = ({ id: approvalRuleId, name, content, createdAt, changedAt, userArn }: ApprovalRule) => ({
  ruleContentSha256: contentSha256({ content }),
  approvalRuleId,
  approvalRuleName: name,
  approvalRuleContent: content,
  lastModifiedDate: new Date(changedAt),
  creationDate: new Date(createdAt),
  lastModifiedUser: userArn,
});
