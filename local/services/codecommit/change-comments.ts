import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { principalName } from '../../world/principal.ts';
import { type Call, operation } from '../../world/service.ts';
import { type Comment, checkContent, comments, findComment, repositoryOf, shownComment } from './comment.ts';
import { repositoryAccess } from './tables.ts';
import { tellComment } from './tell-comment.ts';

const access =
  (action: string) =>
  ({ commentId }: { commentId: string }, call: Omit<Call, 'cause'>) => [
    repositoryAccess(action, repositoryOf(call.world, findComment(call.world, commentId, call)).name, call),
  ];

/** Another content; only its author changes a comment. Throws CommentNotCreatedByCallerException, CommentDeletedException. */
export const updateComment = operation({
  input: z.object({ commentId: z.string(), content: z.string() }),
  access: access('UpdateComment'),
  run: ({ commentId, content }, call) => {
    const known = undeleted(call, commentId);
    checkContent(content);
    if (known.authorArn !== principalName(call.caller))
      throw new AwsError('CommentNotCreatedByCallerException', `Comment ${commentId} is ${known.authorArn}'s`);
    const changed = change(call, known, { content });
    tellComment(call, repositoryOf(call.world, changed), changed, 'Updated');
    return { comment: shownComment(changed) };
  },
});

/** Takes the content of a comment away, for good; that there was one stays. Throws CommentDeletedException. */
export const deleteCommentContent = operation({
  input: z.object({ commentId: z.string() }),
  access: access('DeleteCommentContent'),
  run: ({ commentId }, call) => {
    const known = undeleted(call, commentId);
    return { comment: shownComment(change(call, known, { content: '', deleted: true })) };
  },
});

function undeleted(call: Call, commentId: string): Comment {
  const comment = findComment(call.world, commentId, call);
  if (comment.deleted) throw new AwsError('CommentDeletedException', `Comment ${commentId} is deleted`);
  return comment;
}

function change({ world }: Call, known: Comment, wanted: Partial<Comment>): Comment {
  const changed = { ...known, ...wanted, changedAt: world.clock.now() };
  world.store.in(comments).put(known.id, changed);
  return changed;
}
