import * as api from '@aws-sdk/client-codecommit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CodeCommitWorld, codecommitWorld, failure, repositoryName, unknownCommit } from './codecommit-world.ts';
import { owner } from './git-world.ts';

let cloud: CodeCommitWorld;
let aws: api.CodeCommitClient;
let commits: { base: string; feature: string };
let onRequest: { pullRequestId: string; repositoryName: string; beforeCommitId: string; afterCommitId: string };
beforeEach(async () => {
  cloud = await codecommitWorld();
  aws = cloud.codecommit;
  commits = await cloud.twoBranches({ 'a.txt': 'one\n2\n' });
  const targets = [{ repositoryName, sourceReference: 'feature', destinationReference: 'main' }];
  const { pullRequest } = await aws.send(new api.CreatePullRequestCommand({ title: 't', targets }));
  const pullRequestId = pullRequest?.pullRequestId ?? '';
  onRequest = { pullRequestId, repositoryName, beforeCommitId: commits.base, afterCommitId: commits.feature };
});
afterEach(() => cloud.close());

const line = { filePath: 'a.txt', filePosition: 1, relativeFileVersion: 'AFTER' } as const;
const post = (input: Partial<api.PostCommentForPullRequestInput> = {}) =>
  aws.send(new api.PostCommentForPullRequestCommand({ ...onRequest, content: 'why?', ...input }));
const reply = (inReplyTo: string | undefined, input: Partial<api.PostCommentReplyInput> = {}) =>
  aws.send(new api.PostCommentReplyCommand({ inReplyTo, content: 'because', ...input }));
const onCommit = (input: Partial<api.PostCommentForComparedCommitInput> = {}) =>
  aws.send(
    new api.PostCommentForComparedCommitCommand({
      repositoryName,
      afterCommitId: commits.feature,
      content: 'c',
      ...input,
    }),
  );
const author = `arn:aws:iam::${owner}:user/administrator`;

test('a comment on a line of a pull request and its reply are read as one thread and told', async () => {
  const { comment, ...about } = await post({ location: line });
  const answer = await reply(comment?.commentId);
  await post({ content: 'in general' });

  const { commentsForPullRequestData: threads } = await aws.send(new api.GetCommentsForPullRequestCommand(onRequest));

  expect(about).toMatchObject({ ...onRequest, location: line });
  expect(threads).toMatchObject([
    {
      ...onRequest,
      location: line,
      beforeBlobId: expect.stringMatching(/^[0-9a-f]{40}$/) as string,
      afterBlobId: expect.stringMatching(/^[0-9a-f]{40}$/) as string,
      comments: [
        { commentId: comment?.commentId, content: 'why?', authorArn: author, deleted: false },
        { commentId: answer.comment?.commentId, content: 'because', inReplyTo: comment?.commentId },
      ],
    },
    { ...onRequest, comments: [{ content: 'in general' }] },
  ]);
  expect(threads?.[0]?.comments?.[0]?.creationDate).toBeInstanceOf(Date);
  expect((await cloud.told('CodeCommit Comment on Pull Request')).slice(0, 2)).toEqual([
    {
      event: 'commentOnPullRequestCreated',
      ...onRequest,
      repositoryId: expect.any(String) as string,
      commentId: comment?.commentId,
      callerUserArn: author,
      notificationBody: expect.stringContaining('orders') as string,
    },
    expect.objectContaining({ event: 'commentOnPullRequestCreated', inReplyTo: comment?.commentId }),
  ]);
});

test('comments on commits are apart from those of pull requests', async () => {
  await post();
  await onCommit({ content: 'alone' });
  await onCommit({ content: 'compared', beforeCommitId: commits.base });
  const read = async (input: Partial<api.GetCommentsForComparedCommitInput>) =>
    (
      await aws.send(
        new api.GetCommentsForComparedCommitCommand({ repositoryName, afterCommitId: commits.feature, ...input }),
      )
    ).commentsForComparedCommitData?.flatMap(({ comments = [] }) => comments.map(({ content }) => content));

  expect(await read({})).toEqual(['alone', 'compared']);
  expect(await read({ beforeCommitId: commits.base })).toEqual(['compared']);
  expect((await cloud.told('CodeCommit Comment on Commit')).map(({ event }) => event)).toEqual([
    'commentOnCommitCreated',
    'commentOnCommitCreated',
  ]);
});

test('a repeated request makes one comment, and its token no other one', async () => {
  const first = await post({ clientRequestToken: 'once' });
  const second = await post({ clientRequestToken: 'once' });

  expect(second.comment?.commentId).toBe(first.comment?.commentId);
  expect(await failure(post({ clientRequestToken: 'once', content: 'else' }))).toBe(
    'IdempotencyParameterMismatchException',
  );
  expect(await cloud.told('CodeCommit Comment on Pull Request')).toHaveLength(1);
});

test('only its author changes a comment, and deleted content is gone', async () => {
  const { comment } = await post();
  const commentId = comment?.commentId;
  const other = new api.CodeCommitClient(cloud.user('eve', [{ Effect: 'Allow', Action: '*', Resource: '*' }]).client);
  const change = { commentId, content: 'changed' };

  expect(await failure(other.send(new api.UpdateCommentCommand(change)))).toBe('CommentNotCreatedByCallerException');
  await aws.send(new api.UpdateCommentCommand(change));
  expect((await aws.send(new api.GetCommentCommand({ commentId }))).comment?.content).toBe('changed');
  expect((await cloud.told('CodeCommit Comment on Pull Request')).at(-1)).toMatchObject({
    event: 'commentOnPullRequestUpdated',
    commentId,
  });
  const gone = await other.send(new api.DeleteCommentContentCommand({ commentId }));

  expect([gone.comment?.deleted, gone.comment?.content]).toEqual([true, undefined]);
  expect(JSON.stringify(await aws.send(new api.GetCommentsForPullRequestCommand(onRequest)))).not.toContain('changed');
  expect({
    get: await failure(aws.send(new api.GetCommentCommand({ commentId }))),
    update: await failure(aws.send(new api.UpdateCommentCommand(change))),
    delete: await failure(aws.send(new api.DeleteCommentContentCommand({ commentId }))),
  }).toEqual({
    get: 'CommentDeletedException',
    update: 'CommentDeletedException',
    delete: 'CommentDeletedException',
  });
});

test('comments come in pages, and none is lost when the repository is renamed', async () => {
  for (const content of ['1', '2', '3', '4', '5']) await post({ content });
  await aws.send(new api.UpdateRepositoryNameCommand({ oldName: repositoryName, newName: 'shop' }));
  const read: (string | undefined)[][] = [];
  const pages = { client: aws, pageSize: 2 };

  for await (const page of api.paginateGetCommentsForPullRequest(pages, { pullRequestId: onRequest.pullRequestId }))
    read.push((page.commentsForPullRequestData ?? []).flatMap(({ comments = [] }) => comments.map((c) => c.content)));

  expect(read).toEqual([['1', '2'], ['3', '4'], ['5']]);
});

/** Attempts, and what each is refused with. */
const refused: readonly (readonly [string, () => Promise<unknown>, string])[] = [
  ['no content', () => post({ content: '' }), 'CommentContentRequiredException'],
  ['too long', () => post({ content: 'x'.repeat(10_241) }), 'CommentContentSizeLimitExceededException'],
  ['another repository', () => post({ repositoryName: 'other' }), 'RepositoryNotAssociatedWithPullRequestException'],
  ['no pull request', () => post({ pullRequestId: '99' }), 'PullRequestDoesNotExistException'],
  ['one commit', () => post({ beforeCommitId: commits.feature }), 'BeforeCommitIdAndAfterCommitIdAreSameException'],
  ['unknown commit', () => post({ afterCommitId: unknownCommit }), 'CommitDoesNotExistException'],
  ['no commit', () => onCommit({ afterCommitId: '--help' }), 'InvalidCommitIdException'],
  ['no file', () => post({ location: { ...line, filePath: 'none' } }), 'PathDoesNotExistException'],
  ['a path outside', () => post({ location: { ...line, filePath: '../x' } }), 'InvalidPathException'],
  ['no path', () => post({ location: { filePosition: 1 } }), 'PathRequiredException'],
  ['line 0', () => post({ location: { ...line, filePosition: 0 } }), 'InvalidFilePositionException'],
  [
    'neither version',
    () => post({ location: { ...line, relativeFileVersion: 'NOW' as 'AFTER' } }),
    'InvalidRelativeFileVersionEnumException',
  ],
  [
    'before nothing',
    () => onCommit({ location: { ...line, relativeFileVersion: 'BEFORE' } }),
    'InvalidFileLocationException',
  ],
  ['token', () => post({ clientRequestToken: 'x'.repeat(65) }), 'InvalidClientRequestTokenException'],
  ['no comment', () => reply('0'.repeat(36)), 'CommentDoesNotExistException'],
  ['no id', () => reply('../x'), 'InvalidCommentIdException'],
  [
    'commits without repository',
    () => aws.send(new api.GetCommentsForPullRequestCommand({ ...onRequest, repositoryName: undefined })),
    'RepositoryNameRequiredException',
  ],
];

test('what is no comment is refused in AWS’s words', async () => {
  const names: Record<string, unknown> = {};
  for (const [what, attempt] of refused) names[what] = await failure(attempt());

  expect(names).toEqual(Object.fromEntries(refused.map(([what, , name]) => [what, name])));
});

test('who may not read a repository reads no comment of it, in any account', async () => {
  const { comment } = await post();
  const { client } = cloud.user('eve', [
    { Effect: 'Allow', Action: 'codecommit:*', Resource: `arn:aws:codecommit:*:${owner}:other` },
  ]);
  const eve = new api.CodeCommitClient(client);
  const stranger = new api.CodeCommitClient(cloud.client('222222222222'));
  const get = new api.GetCommentCommand({ commentId: comment?.commentId });

  expect(await failure(eve.send(get))).toBe('AccessDeniedException');
  expect(await failure(eve.send(new api.GetCommentsForPullRequestCommand(onRequest)))).toBe('AccessDeniedException');
  expect(await failure(stranger.send(get))).toBe('CommentDoesNotExistException');
});
