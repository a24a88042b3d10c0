import { z } from 'zod';
import { operation } from '../../world/service.ts';
import { findComment, makeComment, repositoryOf, shownComment, shownSubject } from './comment.ts';
import { location, subjectOf } from './comment-subject.ts';
import { checkRepository, findPullRequest } from './pull-request.ts';
import { findRepository, repositoryAccess } from './tables.ts';
import { tellComment } from './tell-comment.ts';

const posted = { content: z.string(), clientRequestToken: z.string().optional() };

/** Comments on the difference of two commits of a pull request, on a file of it, or on a line. */
export const postCommentForPullRequest = operation({
  input: z.object({
    ...posted,
    pullRequestId: z.string(),
    repositoryName: z.string(),
    beforeCommitId: z.string(),
    afterCommitId: z.string(),
    location: location.optional(),
  }),
  access: ({ repositoryName }, call) => [repositoryAccess('PostCommentForPullRequest', repositoryName, call)],
  run: async ({ content, clientRequestToken, repositoryName, ...wanted }, call) => {
    checkRepository(findPullRequest(call.world, wanted.pullRequestId, call), repositoryName);
    const repository = findRepository(call.world, repositoryName, call);
    const subject = await subjectOf(call.world, repository, wanted);
    const { comment, isNew } = makeComment(call, { subject, content, clientRequestToken });
    if (isNew) tellComment(call, repository, comment, 'Created');
    return { ...shownSubject(comment.subject, repositoryName), comment: shownComment(comment) };
  },
});

/** Comments on a commit, on the difference of two, on a file of it, or on a line. */
export const postCommentForComparedCommit = operation({
  input: z.object({
    ...posted,
    repositoryName: z.string(),
    beforeCommitId: z.string().optional(),
    afterCommitId: z.string(),
    location: location.optional(),
  }),
  access: ({ repositoryName }, call) => [repositoryAccess('PostCommentForComparedCommit', repositoryName, call)],
  run: async ({ content, clientRequestToken, repositoryName, ...wanted }, call) => {
    const repository = findRepository(call.world, repositoryName, call);
    const subject = await subjectOf(call.world, repository, wanted);
    const { comment, isNew } = makeComment(call, { subject, content, clientRequestToken });
    if (isNew) tellComment(call, repository, comment, 'Created');
    return { ...shownSubject(comment.subject, repositoryName), comment: shownComment(comment) };
  },
});

/** Answers a comment; what that one is about is what the reply is about. */
export const postCommentReply = operation({
  input: z.object({ ...posted, inReplyTo: z.string() }),
  access: ({ inReplyTo }, call) => [
    repositoryAccess('PostCommentReply', repositoryOf(call.world, findComment(call.world, inReplyTo, call)).name, call),
  ],
  run: ({ inReplyTo, content, clientRequestToken }, call) => {
    const answered = findComment(call.world, inReplyTo, call);
    const { subject } = answered;
    const { comment, isNew } = makeComment(call, { subject, content, inReplyTo, clientRequestToken });
    if (isNew) tellComment(call, repositoryOf(call.world, answered), comment, 'Created');
    return { comment: shownComment(comment) };
  },
});
