import { principalName } from '../../world/principal.ts';
import type { World } from '../../world/world.ts';
import { emit } from '../events/emit.ts';
import { destinationOf } from './pull-request.ts';
import { type PullRequestNews, remember } from './pull-request-history.ts';
import { branchRef } from './refs.ts';

/** Tells it, and writes it into the request's history. The event's own oddities are AWS's: `isMerged` is text, names of repositories are a list, dates are prose (facts 1.2). */
export function tellPullRequest(world: World, news: PullRequestNews): void {
  const { event, request, repository, caller, cause } = news;
  remember(world, news);
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
