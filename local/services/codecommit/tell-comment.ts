import { principalName } from '../../world/principal.ts';
import type { Call } from '../../world/service.ts';
import { emit } from '../events/emit.ts';
import type { Comment } from './comment.ts';
import type { Repository } from './tables.ts';

/** Tells of a comment on the default bus of the repository's account (facts 1.3). */
export function tellComment(
  { world, caller, cause }: Call,
  { account, region, arn, id: repositoryId, name: repositoryName }: Repository,
  { id: commentId, inReplyTo, subject }: Comment,
  what: 'Created' | 'Updated',
): void {
  const { pullRequestId, beforeCommitId, afterCommitId } = subject;
  const isOnRequest = pullRequestId !== undefined;
  const callerUserArn = principalName(caller);
  const where = isOnRequest ? `pull request ${pullRequestId}` : `commit ${afterCommitId}`;
  emit(world, {
    account,
    region,
    source: 'aws.codecommit',
    detailType: isOnRequest ? 'CodeCommit Comment on Pull Request' : 'CodeCommit Comment on Commit',
    resources: [arn],
    detail: {
      event: `${isOnRequest ? 'commentOnPullRequest' : 'commentOnCommit'}${what}`,
      ...(isOnRequest ? { pullRequestId } : {}),
      repositoryId,
      repositoryName,
      ...(beforeCommitId === undefined ? {} : { beforeCommitId }),
      afterCommitId,
      commentId,
      ...(inReplyTo === undefined ? {} : { inReplyTo }),
      callerUserArn,
      notificationBody: `A comment event occurred in the following AWS CodeCommit repository: ${repositoryName}. ${callerUserArn} commented on ${where}.`,
    },
    cause,
  });
}
