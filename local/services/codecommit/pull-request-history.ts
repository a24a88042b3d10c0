import { type Principal, principalName } from '../../world/principal.ts';
import { table } from '../../world/store.ts';
import type { World } from '../../world/world.ts';
import { type PullRequest, pullRequestKey } from './pull-request.ts';
import { branchRef } from './refs.ts';
import type { Repository } from './tables.ts';

/** Something that happened to a pull request. */
export interface PullRequestNews {
  readonly event: keyof typeof eventTypes;
  readonly request: PullRequest;
  readonly repository: Repository;
  readonly caller: Principal;
  readonly cause: string;
  /** What the history tells of it that the request does not, in the API's names: `beforeCommitId`, `approvalStatus`, … */
  readonly particulars?: Readonly<Record<string, string>>;
}

/** The same, as the history keeps it. */
export interface PastEvent {
  readonly type: (typeof eventTypes)[keyof typeof eventTypes];
  readonly actorArn: string;
  /** Milliseconds of world time. */
  readonly at: number;
  /** The member of the API's shape that belongs to the type. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** The oldest first, by the pull request's key. */
export const histories = table<readonly PastEvent[]>('codecommit/pull-request-histories');

/** The history's word for each event. */
export const eventTypes = {
  pullRequestCreated: 'PULL_REQUEST_CREATED',
  pullRequestStatusChanged: 'PULL_REQUEST_STATUS_CHANGED',
  pullRequestSourceBranchUpdated: 'PULL_REQUEST_SOURCE_REFERENCE_UPDATED',
  pullRequestMergeStatusUpdated: 'PULL_REQUEST_MERGE_STATE_CHANGED',
  pullRequestApprovalRuleCreated: 'PULL_REQUEST_APPROVAL_RULE_CREATED',
  pullRequestApprovalRuleUpdated: 'PULL_REQUEST_APPROVAL_RULE_UPDATED',
  pullRequestApprovalRuleDeleted: 'PULL_REQUEST_APPROVAL_RULE_DELETED',
  pullRequestApprovalRuleOverridden: 'PULL_REQUEST_APPROVAL_RULE_OVERRIDDEN',
  pullRequestApprovalStateChanged: 'PULL_REQUEST_APPROVAL_STATE_CHANGED',
} as const;

/** Writes what happened into the history of its pull request. */
export function remember(world: World, news: PullRequestNews): void {
  const key = pullRequestKey(news.repository, news.request.id);
  const past: PastEvent = {
    type: eventTypes[news.event],
    actorArn: principalName(news.caller),
    at: world.clock.now(),
    metadata: metadataOf(news),
  };
  world.store.in(histories).put(key, [...(world.store.in(histories).get(key) ?? []), past]);
}

/** The member of the shape PullRequestEvent that belongs to each type. Source: the API reference. */
function metadataOf({ event, request, particulars = {} }: PullRequestNews): PastEvent['metadata'] {
  const { repositoryName, sourceCommit, destinationCommit, mergeBase, merged } = request;
  switch (event) {
    case 'pullRequestCreated':
      return {
        pullRequestCreatedEventMetadata: {
          repositoryName,
          sourceCommitId: sourceCommit,
          destinationCommitId: destinationCommit,
          mergeBase,
        },
      };
    case 'pullRequestStatusChanged':
      return { pullRequestStatusChangedEventMetadata: { pullRequestStatus: request.status } };
    case 'pullRequestSourceBranchUpdated':
      return {
        pullRequestSourceReferenceUpdatedEventMetadata: {
          repositoryName,
          ...particulars,
          afterCommitId: sourceCommit,
          mergeBase,
        },
      };
    case 'pullRequestMergeStatusUpdated':
      return {
        pullRequestMergedStateChangedEventMetadata: {
          repositoryName,
          destinationReference: branchRef(request.destinationBranch),
          mergeMetadata: {
            isMerged: merged !== undefined,
            mergedBy: merged?.by,
            mergeCommitId: merged?.commitId,
            mergeOption: merged?.option,
          },
        },
      };
    case 'pullRequestApprovalStateChanged':
      return { approvalStateChangedEventMetadata: { revisionId: request.revisionId, ...particulars } };
    case 'pullRequestApprovalRuleOverridden':
      return { approvalRuleOverriddenEventMetadata: { revisionId: request.revisionId, ...particulars } };
    default:
      return { approvalRuleEventMetadata: particulars };
  }
}
