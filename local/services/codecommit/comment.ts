import { AwsError } from '../../world/failure.ts';
import { principalName } from '../../world/principal.ts';
import type { Call, Place } from '../../world/service.ts';
import { table } from '../../world/store.ts';
import type { World } from '../../world/world.ts';
import { type Repository, repositories } from './tables.ts';

/** A line of a file that a comment is about. */
export interface Location {
  readonly filePath: string;
  /** Counted from 1; a comment on the file as a whole has none. */
  readonly filePosition?: number;
  readonly relativeFileVersion: 'BEFORE' | 'AFTER';
}

/** What comments are about: two commits, or one, of a repository; of a pull request or not. */
export interface Subject {
  /** The repository's UUID, which it keeps when it is renamed. */
  readonly repositoryId: string;
  readonly pullRequestId?: string;
  readonly beforeCommitId?: string;
  readonly afterCommitId: string;
  readonly beforeBlobId?: string;
  readonly afterBlobId?: string;
  readonly location?: Location;
}

/** A comment. A reply is about what its comment is about. */
export interface Comment extends Place {
  readonly id: string;
  readonly subject: Subject;
  readonly content: string;
  readonly inReplyTo?: string;
  readonly authorArn: string;
  readonly deleted: boolean;
  readonly clientRequestToken?: string;
  /** Milliseconds of world time. */
  readonly createdAt: number;
  readonly changedAt: number;
}

/** By id. */
export const comments = table<Comment>('codecommit/comments');

/** A comment has at most so many characters. Source: the quotas page of the guide. */
const longestComment = 10_240;

/** Throws CommentContentRequiredException, CommentContentSizeLimitExceededException. */
export function checkContent(content: string): void {
  if (content === '') throw new AwsError('CommentContentRequiredException', 'A comment needs content');
  if (content.length > longestComment)
    throw new AwsError(
      'CommentContentSizeLimitExceededException',
      `The comment has ${content.length} characters; the limit is ${longestComment}`,
    );
}

/** The comment of that id, in the account and region. Throws InvalidCommentIdException, CommentDoesNotExistException. */
export function findComment(world: World, id: string, { account, region }: Place): Comment {
  if (!/^[0-9a-f-]{36}$/.test(id))
    throw new AwsError('InvalidCommentIdException', `'${id.slice(0, 80)}' is not a valid comment ID`);
  const found = world.store.in(comments).get(id);
  if (found === undefined || found.account !== account || found.region !== region)
    throw new AwsError('CommentDoesNotExistException', `Comment ${id} does not exist`);
  return found;
}

/** The repository that a comment is in. Throws CommentDoesNotExistException when it is deleted. */
export function repositoryOf(world: World, { id, subject }: Comment): Repository {
  const [found] = world.store.in(repositories).where((row) => row.id === subject.repositoryId);
  if (found === undefined) throw new AwsError('CommentDoesNotExistException', `Comment ${id} does not exist`);
  return found;
}

/** A comment that is about to be made. */
export interface NewComment {
  readonly subject: Subject;
  readonly content: string;
  readonly inReplyTo?: string;
  readonly clientRequestToken?: string | undefined;
}

/**
 * Makes a comment; the same request again answers the one it made. Throws CommentContentRequiredException,
 * CommentContentSizeLimitExceededException, InvalidClientRequestTokenException, IdempotencyParameterMismatchException.
 */
export function makeComment(
  { world, account, region, caller }: Call,
  { clientRequestToken: token, ...wanted }: NewComment,
): { comment: Comment; isNew: boolean } {
  checkContent(wanted.content);
  const authorArn = principalName(caller);
  const known = byToken(world, { account, region }, authorArn, token);
  if (known !== undefined) {
    if (requestOf(known) === requestOf(wanted)) return { comment: known, isNew: false };
    throw new AwsError(
      'IdempotencyParameterMismatchException',
      `The client request token ${known.clientRequestToken} was used for another comment: use a new one`,
    );
  }
  const now = world.clock.now();
  const comment: Comment = {
    ...wanted,
    id: world.chance.uuid(),
    account,
    region,
    authorArn,
    deleted: false,
    createdAt: now,
    changedAt: now,
    ...(token === undefined ? {} : { clientRequestToken: token }),
  };
  world.store.in(comments).put(comment.id, comment);
  return { comment, isNew: true };
}

const longestToken = 64;

function byToken(world: World, at: Place, authorArn: string, token: string | undefined): Comment | undefined {
  if (token === undefined) return undefined;
  if (token === '' || token.length > longestToken)
    throw new AwsError(
      'InvalidClientRequestTokenException',
      `A client request token has 1 to ${longestToken} characters`,
    );
  const isIt = (row: Comment) =>
    row.clientRequestToken === token &&
    row.authorArn === authorArn &&
    row.account === at.account &&
    row.region === at.region;
  return world.store.in(comments).where(isIt)[0];
}

/** What makes two requests the same: all but the token. An edited comment is no longer the one that was asked for. */
const requestOf = ({ subject, content, inReplyTo }: Pick<NewComment, 'subject' | 'content' | 'inReplyTo'>): string =>
  JSON.stringify([subject, content, inReplyTo]);

/** A comment as the API shows it. */
export const shownComment = (comment: Comment) => ({
  commentId: comment.id,
  ...(comment.deleted ? {} : { content: comment.content }),
  inReplyTo: comment.inReplyTo,
  creationDate: new Date(comment.createdAt),
  lastModifiedDate: new Date(comment.changedAt),
  authorArn: comment.authorArn,
  deleted: comment.deleted,
  clientRequestToken: comment.clientRequestToken,
  callerReactions: [],
  reactionCounts: {},
});

/** What comments are about, as the API shows it. */
export const shownSubject = (subject: Subject, repositoryName: string) => ({
  repositoryName,
  pullRequestId: subject.pullRequestId,
  beforeCommitId: subject.beforeCommitId,
  afterCommitId: subject.afterCommitId,
  beforeBlobId: subject.beforeBlobId,
  afterBlobId: subject.afterBlobId,
  location: subject.location,
});
