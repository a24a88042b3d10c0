import * as api from '@aws-sdk/client-codecommit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeObject } from '../../local/services/codecommit/objects.ts';
import { repositories } from '../../local/services/codecommit/tables.ts';
import { type CodeCommitWorld, codecommitWorld, failure, repositoryName } from './codecommit-world.ts';
import { owner } from './git-world.ts';

let cloud: CodeCommitWorld;
let aws: api.CodeCommitClient;
beforeEach(async () => {
  cloud = await codecommitWorld();
  aws = cloud.codecommit;
});
afterEach(() => cloud.close());

const author = `arn:aws:iam::${owner}:user/administrator`;

test('the history of a pull request tells what happened, by whom, and in detail', async () => {
  const { base, feature } = await cloud.twoBranches();
  const targets = [{ repositoryName, sourceReference: 'feature', destinationReference: 'main' }];
  const { pullRequest } = await aws.send(new api.CreatePullRequestCommand({ title: 't', targets }));
  const pullRequestId = pullRequest?.pullRequestId ?? '';
  const newer = await cloud.put('feature', { more: 'm' }, feature);
  const now = (await aws.send(new api.GetPullRequestCommand({ pullRequestId }))).pullRequest;
  const revision = { pullRequestId, revisionId: now?.revisionId };
  const approvalRuleContent = JSON.stringify({
    Version: '2018-11-08',
    Statements: [{ Type: 'Approvers', NumberOfApprovalsNeeded: 1 }],
  });
  const rule = { pullRequestId, approvalRuleName: 'two eyes', approvalRuleContent };
  await aws.send(new api.CreatePullRequestApprovalRuleCommand(rule));
  const other = new api.CodeCommitClient(cloud.user('eve', [{ Effect: 'Allow', Action: '*', Resource: '*' }]).client);
  await other.send(new api.UpdatePullRequestApprovalStateCommand({ ...revision, approvalState: 'APPROVE' }));
  await other.send(new api.OverridePullRequestApprovalRulesCommand({ ...revision, overrideStatus: 'OVERRIDE' }));
  await aws.send(new api.MergePullRequestByFastForwardCommand({ pullRequestId, repositoryName }));

  const ask = (input: Partial<api.DescribePullRequestEventsInput> = {}) =>
    aws.send(new api.DescribePullRequestEventsCommand({ pullRequestId, ...input }));
  const { pullRequestEvents } = await ask();

  expect(pullRequestEvents).toMatchObject([
    {
      pullRequestId,
      pullRequestEventType: 'PULL_REQUEST_CREATED',
      actorArn: author,
      eventDate: expect.any(Date) as Date,
      pullRequestCreatedEventMetadata: {
        repositoryName,
        sourceCommitId: feature,
        destinationCommitId: base,
        mergeBase: base,
      },
    },
    {
      pullRequestEventType: 'PULL_REQUEST_SOURCE_REFERENCE_UPDATED',
      pullRequestSourceReferenceUpdatedEventMetadata: { repositoryName, beforeCommitId: feature, afterCommitId: newer },
    },
    {
      pullRequestEventType: 'PULL_REQUEST_APPROVAL_RULE_CREATED',
      approvalRuleEventMetadata: { approvalRuleName: 'two eyes', approvalRuleContent },
    },
    {
      pullRequestEventType: 'PULL_REQUEST_APPROVAL_STATE_CHANGED',
      actorArn: `arn:aws:iam::${owner}:user/eve`,
      approvalStateChangedEventMetadata: { revisionId: revision.revisionId, approvalStatus: 'APPROVE' },
    },
    {
      pullRequestEventType: 'PULL_REQUEST_APPROVAL_RULE_OVERRIDDEN',
      approvalRuleOverriddenEventMetadata: { revisionId: revision.revisionId, overrideStatus: 'OVERRIDE' },
    },
    {
      pullRequestEventType: 'PULL_REQUEST_MERGE_STATE_CHANGED',
      pullRequestMergedStateChangedEventMetadata: {
        destinationReference: 'refs/heads/main',
        mergeMetadata: { isMerged: true, mergedBy: author, mergeCommitId: newer, mergeOption: 'FAST_FORWARD_MERGE' },
      },
    },
  ]);
  const types = async (input: Partial<api.DescribePullRequestEventsInput>) =>
    (await ask(input)).pullRequestEvents?.map((event) => event.pullRequestEventType);
  expect(await types({ actorArn: `arn:aws:iam::${owner}:user/eve` })).toHaveLength(2);
  expect(await types({ pullRequestEventType: 'PULL_REQUEST_CREATED' })).toEqual(['PULL_REQUEST_CREATED']);
  const page = await ask({ maxResults: 4 });
  expect(await types({ maxResults: 4, nextToken: page.nextToken })).toHaveLength(2);
  expect({
    type: await failure(ask({ pullRequestEventType: 'NONE' as 'PULL_REQUEST_CREATED' })),
    actor: await failure(ask({ actorArn: 'eve' })),
    size: await failure(ask({ maxResults: 0 })),
    token: await failure(ask({ nextToken: '!' })),
    request: await failure(ask({ pullRequestId: '99' })),
  }).toEqual({
    type: 'InvalidPullRequestEventTypeException',
    actor: 'InvalidActorArnException',
    size: 'InvalidMaxResultsException',
    token: 'InvalidContinuationTokenException',
    request: 'PullRequestDoesNotExistException',
  });
});

test('the history of a file has the commits that changed it, and which came after which', async () => {
  const first = await cloud.put('main', { 'a.txt': '1', 'b.txt': 'b' });
  const other = await cloud.put('main', { 'b.txt': 'B' }, first);
  const second = await cloud.put('main', { 'a.txt': '2' }, other);
  const input = { repositoryName, filePath: 'a.txt' };
  const ask = async (more: Partial<api.ListFileCommitHistoryRequest> = {}) =>
    await aws.send(new api.ListFileCommitHistoryCommand({ ...input, ...more }));

  const { revisionDag } = await ask();

  expect(revisionDag).toMatchObject([
    { commit: { commitId: second }, path: 'a.txt', revisionChildren: [] },
    { commit: { commitId: first }, path: 'a.txt', revisionChildren: [second] },
  ]);
  expect(new Set(revisionDag?.map(({ blobId }) => blobId)).size).toBe(2);
  const page = await ask({ maxResults: 1 });
  expect((await ask({ nextToken: page.nextToken })).revisionDag).toMatchObject([{ commit: { commitId: first } }]);
  expect((await ask({ commitSpecifier: first })).revisionDag).toHaveLength(1);
  expect(await failure(ask({ maxResults: 0 }))).toBe('InvalidMaxResultsException');
  expect(await failure(ask({ commitSpecifier: 'none' }))).toBe('CommitDoesNotExistException');
});

test('a commit whose author is not written as git writes it is read at once', async () => {
  const tree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
  const [repository] = cloud.world.store.in(repositories).rows();
  if (repository === undefined) throw new Error('there is no repository');
  const read = async (author: string) => {
    const content = Buffer.from(`tree ${tree}\nauthor ${author}\ncommitter ${author}\n\nm\n`);
    const commitId = await writeObject(cloud.world, repository, 'commit', content);
    return (await aws.send(new api.GetCommitCommand({ repositoryName, commitId }))).commit?.author;
  };

  expect(await read('A <B> C <a@example.com> 1 +0000')).toEqual({
    name: 'A <B> C',
    email: 'a@example.com',
    date: '1 +0000',
  });
  expect(await read('nobody')).toEqual({ name: '', email: '', date: '' });
  // As long as a push may make it: brackets by the thousand, and an end that no reader of lines expects.
  expect(await read(`${'a <b> '.repeat(20_000)}\r`)).toMatchObject({ email: 'b', date: '\r' });
});
