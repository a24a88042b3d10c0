import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { type Call, operation } from '../../world/service.ts';
import { pageOf } from '../page.ts';
import { requestAccess } from './change-pull-request.ts';
import {
  type Comment,
  comments,
  findComment,
  repositoryOf,
  type Subject,
  shownComment,
  shownSubject,
} from './comment.ts';
import { readCommit } from './commits.ts';
import { checkRepository, findPullRequest } from './pull-request.ts';
import { findRepository, type Repository, repositoryAccess } from './tables.ts';

/** One comment. Throws CommentDeletedException. */
export const getComment = operation({
  input: z.object({ commentId: z.string() }),
  access: ({ commentId }, call) => [
    repositoryAccess('GetComment', repositoryOf(call.world, findComment(call.world, commentId, call)).name, call),
  ],
  run: ({ commentId }, call) => {
    const comment = findComment(call.world, commentId, call);
    if (comment.deleted) throw new AwsError('CommentDeletedException', `Comment ${commentId} is deleted`);
    return { comment: shownComment(comment) };
  },
});

const paged = { maxResults: z.int().optional(), nextToken: z.string().optional() };

/** The comments of a pull request, by what they are about; of two commits alone if so asked. */
export const getCommentsForPullRequest = operation({
  input: z.object({
    ...paged,
    pullRequestId: z.string(),
    repositoryName: z.string().optional(),
    beforeCommitId: z.string().optional(),
    afterCommitId: z.string().optional(),
  }),
  access: requestAccess('GetCommentsForPullRequest'),
  run: async ({ pullRequestId, repositoryName, beforeCommitId: before, afterCommitId: after, ...wanted }, call) => {
    const request = findPullRequest(call.world, pullRequestId, call);
    if (repositoryName !== undefined) checkRepository(request, repositoryName);
    else if (before !== undefined || after !== undefined)
      throw new AwsError('RepositoryNameRequiredException', 'Commits are named together with their repository');
    const repository = findRepository(call.world, request.repositoryName, call);
    await checkCommits(call, repository, before, after);
    const isWanted = (subject: Subject) =>
      subject.pullRequestId === pullRequestId &&
      (before ?? subject.beforeCommitId) === subject.beforeCommitId &&
      (after ?? subject.afterCommitId) === subject.afterCommitId;
    const { threads, nextToken } = page(call, repository, wanted, isWanted);
    return { commentsForPullRequestData: threads, nextToken };
  },
});

/** The comments on a commit, or on the difference of two, by what they are about; those of pull requests are not among them. */
export const getCommentsForComparedCommit = operation({
  input: z.object({
    ...paged,
    repositoryName: z.string(),
    beforeCommitId: z.string().optional(),
    afterCommitId: z.string(),
  }),
  access: ({ repositoryName }, call) => [repositoryAccess('GetCommentsForComparedCommit', repositoryName, call)],
  run: async ({ repositoryName, beforeCommitId: before, afterCommitId: after, ...wanted }, call) => {
    const repository = findRepository(call.world, repositoryName, call);
    await checkCommits(call, repository, before, after);
    const isWanted = (subject: Subject) =>
      subject.pullRequestId === undefined &&
      (before ?? subject.beforeCommitId) === subject.beforeCommitId &&
      subject.afterCommitId === after;
    const { threads, nextToken } = page(call, repository, wanted, isWanted);
    return { commentsForComparedCommitData: threads, nextToken };
  },
});

async function checkCommits({ world }: Call, repository: Repository, ...ids: readonly (string | undefined)[]) {
  for (const id of ids) if (id !== undefined) await readCommit(world, repository, id, 'CommitDoesNotExistException');
}

/** Source: the API reference of GetCommentsForPullRequest. */
const defaultPage = 100;
const longestPage = 500;

/** A page of comments, the oldest first, those about the same thing together. */
function page(
  { world }: Call,
  repository: Repository,
  { maxResults = defaultPage, nextToken }: { maxResults?: number | undefined; nextToken?: string | undefined },
  isWanted: (subject: Subject) => boolean,
) {
  if (maxResults < 1) throw new AwsError('InvalidMaxResultsException', 'maxResults must be at least 1');
  const found = world.store
    .in(comments)
    .where(({ subject }) => subject.repositoryId === repository.id && isWanted(subject));
  const ordered = threadsOf(found).flat();
  const size = Math.min(maxResults, longestPage);
  const { items, next } = pageOf(ordered, nextToken, size, 'InvalidContinuationTokenException');
  const threads = threadsOf(items).map((thread) => ({
    ...shownSubject(thread[0].subject, repository.name),
    comments: thread.map(shownComment),
  }));
  return { threads, nextToken: next };
}

type Thread = readonly [Comment, ...Comment[]];

function threadsOf(all: readonly Comment[]): readonly Thread[] {
  const threads = new Map<string, Thread>();
  for (const comment of all) {
    const key = JSON.stringify(comment.subject);
    threads.set(key, [...(threads.get(key) ?? []), comment] as unknown as Thread);
  }
  return [...threads.values()];
}
