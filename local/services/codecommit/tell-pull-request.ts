import { type Principal, principalName } from '../../world/principal.ts';
import type { World } from '../../world/world.ts';
import { emit } from '../events/emit.ts';
import { destinationOf, type PullRequest } from './pull-request.ts';
import { branchRef } from './refs.ts';
import type { Repository } from './tables.ts';

/** Something that happened to a pull request. */
export interface PullRequestNews {
  readonly event:
    | 'pullRequestCreated'
    | 'pullRequestSourceBranchUpdated'
    | 'pullRequestStatusChanged'
    | 'pullRequestMergeStatusUpdated'
    | 'pullRequestApprovalRuleCreated'
    | 'pullRequestApprovalRuleUpdated'
    | 'pullRequestApprovalRuleDeleted'
    | 'pullRequestApprovalRuleOverridden'
    | 'pullRequestApprovalStateChanged';
  readonly request: PullRequest;
  readonly repository: Repository;
  readonly caller: Principal;
  readonly cause: string;
}

/** Tells it. The event's own oddities are AWS's: `isMerged` is text, names of repositories are a list, dates are prose (facts 1.2). */
export function tellPullRequest(world: World, { event, request, repository, caller, cause }: PullRequestNews): void {
  const { account, region, arn } = repository;
  const callerUserArn = principalName(caller);
  const detail = {
    event,
    pullRequestId: request.id,
    pullRequestStatus: request.status === 'OPEN' ? 'Open' : 'Closed',
    isMerged: request.merged === undefined ? 'False' : 'True',
    ...(request.merged === undefined ? {} : { mergeOption: request.merged.option }),
    repositoryNames: [repository.name],
    title: request.title,
    description: request.description,
    author: request.authorArn,
    callerUserArn,
    creationDate: prose(request.createdAt),
    lastModifiedDate: prose(request.changedAt),
    sourceReference: branchRef(request.sourceBranch),
    sourceCommit: request.sourceCommit,
    destinationReference: branchRef(request.destinationBranch),
    destinationCommit: destinationOf(request, repository),
    revisionId: request.revisionId,
    notificationBody: `A pull request event occurred in the following AWS CodeCommit repository: ${repository.name}. ${callerUserArn} caused ${event} of pull request ${request.id}, "${request.title}".`,
  };
  emit(world, {
    account,
    region,
    source: 'aws.codecommit',
    detailType: 'CodeCommit Pull Request State Change',
    resources: [arn],
    detail,
    cause,
  });
}

/** `Thu Nov 19 08:00:11 UTC 2026`. */
function prose(milliseconds: number): string {
  const [weekday = '', day = '', month = '', year = '', time = ''] = new Date(milliseconds).toUTCString().split(' ');
  return `${weekday.slice(0, 3)} ${month} ${day} ${time} UTC ${year}`;
}
