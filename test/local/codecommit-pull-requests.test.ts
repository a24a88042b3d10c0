import * as api from '@aws-sdk/client-codecommit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CodeCommitWorld, codecommitWorld, failure, repositoryName } from './codecommit-world.ts';
import { owner } from './git-world.ts';

let cloud: CodeCommitWorld;
let aws: api.CodeCommitClient;
beforeEach(async () => {
  cloud = await codecommitWorld();
  aws = cloud.codecommit;
});
afterEach(() => cloud.close());

const target = { repositoryName, sourceReference: 'feature', destinationReference: 'main' };

const open = async (input: Partial<api.CreatePullRequestInput> = {}) =>
  (await aws.send(new api.CreatePullRequestCommand({ title: 'Add it', targets: [target], ...input }))).pullRequest ??
  {};

const shown = async (pullRequestId: string | undefined) =>
  (await aws.send(new api.GetPullRequestCommand({ pullRequestId }))).pullRequest;

const news = async () =>
  (await cloud.told('CodeCommit Pull Request State Change')).map(({ event, pullRequestStatus, isMerged }) =>
    [event, pullRequestStatus, isMerged].join(' '),
  );

test('a pull request is opened, merged and told in AWS’s words', async () => {
  const { base, feature } = await cloud.twoBranches();
  const { pullRequestId } = await open({ description: 'because' });
  expect(await shown(pullRequestId)).toMatchObject({
    pullRequestId: '1',
    title: 'Add it',
    pullRequestStatus: 'OPEN',
    authorArn: `arn:aws:iam::${owner}:user/administrator`,
    pullRequestTargets: [
      {
        sourceReference: 'refs/heads/feature',
        destinationReference: 'refs/heads/main',
        sourceCommit: feature,
        destinationCommit: base,
        mergeBase: base,
        mergeMetadata: { isMerged: false },
      },
    ],
  });

  const merge = { pullRequestId, repositoryName, sourceCommitId: feature };
  const { pullRequest } = await aws.send(new api.MergePullRequestByThreeWayCommand(merge));

  const commitId = await cloud.head('main');
  expect(pullRequest).toMatchObject({
    pullRequestStatus: 'CLOSED',
    pullRequestTargets: [
      { mergeMetadata: { isMerged: true, mergeCommitId: commitId, mergeOption: 'THREE_WAY_MERGE' } },
    ],
  });
  const prose = expect.stringMatching(/^[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d UTC \d{4}$/) as string;
  expect((await cloud.told('CodeCommit Pull Request State Change')).at(-1)).toEqual({
    event: 'pullRequestMergeStatusUpdated',
    pullRequestId,
    pullRequestStatus: 'Closed',
    isMerged: 'True',
    mergeOption: 'THREE_WAY_MERGE',
    repositoryNames: [repositoryName],
    title: 'Add it',
    description: 'because',
    author: `arn:aws:iam::${owner}:user/administrator`,
    callerUserArn: `arn:aws:iam::${owner}:user/administrator`,
    creationDate: prose,
    lastModifiedDate: prose,
    sourceReference: 'refs/heads/feature',
    sourceCommit: feature,
    destinationReference: 'refs/heads/main',
    destinationCommit: base,
    revisionId: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    notificationBody: expect.stringContaining('orders') as string,
  });
  expect((await cloud.told()).at(-1)).toMatchObject({ event: 'referenceUpdated', commitId, sourceCommitId: feature });
});

test.each([
  ['fast-forward', api.MergePullRequestByFastForwardCommand, 'FAST_FORWARD_MERGE'],
  ['squash', api.MergePullRequestBySquashCommand, 'SQUASH_MERGE'],
] as const)('a %s merge closes it with one event of each kind', async (_how, Command, mergeOption) => {
  await cloud.twoBranches();
  const { pullRequestId } = await open();
  const before = (await cloud.told()).length;

  await aws.send(new Command({ pullRequestId, repositoryName }));

  expect(await news()).toEqual(['pullRequestCreated Open False', 'pullRequestMergeStatusUpdated Closed True']);
  expect((await cloud.told()).slice(before)).toMatchObject([{ event: 'referenceUpdated', mergeOption }]);
});

test('a push to the source is a new revision, and what is merged is what was seen', async () => {
  const { feature } = await cloud.twoBranches();
  const { pullRequestId, revisionId } = await open();
  const newer = await cloud.put('feature', { more: 'm' }, feature);

  expect(await news()).toEqual(['pullRequestCreated Open False', 'pullRequestSourceBranchUpdated Open False']);
  const now = await shown(pullRequestId);
  expect([now?.revisionId === revisionId, now?.pullRequestTargets?.[0]?.sourceCommit]).toEqual([false, newer]);
  const stale = new api.MergePullRequestByFastForwardCommand({
    pullRequestId,
    repositoryName,
    sourceCommitId: feature,
  });
  expect(await failure(aws.send(stale))).toBe('TipOfSourceReferenceIsDifferentException');
});

test('a push that brings the source to the destination closes it as merged, and a deleted branch closes it', async () => {
  const { feature } = await cloud.twoBranches();
  const first = await open();
  await cloud.git(cloud.directory, 'clone', '-q', cloud.url, 'c');
  await cloud.git(`${cloud.directory}/c`, 'push', '-q', 'origin', 'origin/feature:main');
  expect((await shown(first.pullRequestId))?.pullRequestTargets?.[0]?.mergeMetadata).toMatchObject({
    isMerged: true,
    mergeCommitId: feature,
  });

  await cloud.put('feature', { more: 'm' }, feature);
  const second = await open();
  await aws.send(new api.DeleteBranchCommand({ repositoryName, branchName: 'feature' }));

  expect((await shown(second.pullRequestId))?.pullRequestStatus).toBe('CLOSED');
  expect(await news()).toEqual([
    'pullRequestCreated Open False',
    'pullRequestMergeStatusUpdated Closed True',
    'pullRequestCreated Open False',
    'pullRequestStatusChanged Closed False',
  ]);
});

test('pull requests are listed by status and closed without a merge, once and for all', async () => {
  await cloud.twoBranches();
  const [first, second] = [await open({ clientRequestToken: 'one' }), await open()];
  expect((await open({ clientRequestToken: 'one' })).pullRequestId).toBe(first.pullRequestId);
  const set = (pullRequestStatus: 'OPEN' | 'CLOSED') =>
    aws.send(new api.UpdatePullRequestStatusCommand({ pullRequestId: first.pullRequestId, pullRequestStatus }));

  await set('CLOSED');
  await set('CLOSED');

  const list = async (input: object) =>
    (await aws.send(new api.ListPullRequestsCommand({ repositoryName, ...input }))).pullRequestIds;
  expect(await list({})).toEqual([second.pullRequestId, first.pullRequestId]);
  expect(await list({ pullRequestStatus: 'CLOSED' })).toEqual([first.pullRequestId]);
  expect(await list({ authorArn: 'arn:aws:iam::1:user/x' })).toEqual([]);
  expect(await news()).toEqual([
    'pullRequestCreated Open False',
    'pullRequestCreated Open False',
    'pullRequestStatusChanged Closed False',
  ]);
  expect(await failure(set('OPEN'))).toBe('InvalidPullRequestStatusUpdateException');
  const merge = new api.MergePullRequestBySquashCommand({ pullRequestId: first.pullRequestId, repositoryName });
  expect(await failure(aws.send(merge))).toBe('PullRequestAlreadyClosedException');
});

test('what cannot be opened or merged has AWS’s name', async () => {
  const { base } = await cloud.twoBranches({ 'a.txt': 'source' });
  await cloud.put('main', { 'a.txt': 'destination' }, base);
  const { pullRequestId } = await open();
  const to = (input: object) => failure(open({ targets: [{ ...target, ...input }] }));
  const merge = (input: object) =>
    failure(aws.send(new api.MergePullRequestByThreeWayCommand({ pullRequestId, repositoryName, ...input })));

  expect({
    same: await to({ destinationReference: 'refs/heads/feature' }),
    noReference: await to({ sourceReference: 'none' }),
    badReference: await to({ sourceReference: '../x' }),
    noRepository: await to({ repositoryName: 'none' }),
    noTarget: await failure(open({ targets: [] })),
    twoTargets: await failure(open({ targets: [target, target] })),
    conflict: await merge({}),
    otherRepository: await merge({ repositoryName: 'other' }),
    unknown: await merge({ pullRequestId: '99' }),
    noNumber: await merge({ pullRequestId: 'x/../1' }),
  }).toEqual({
    same: 'SourceAndDestinationAreSameException',
    noReference: 'ReferenceDoesNotExistException',
    badReference: 'InvalidReferenceNameException',
    noRepository: 'RepositoryDoesNotExistException',
    noTarget: 'TargetsRequiredException',
    twoTargets: 'InvalidTargetsException',
    conflict: 'ManualMergeRequiredException',
    otherRepository: 'RepositoryNotAssociatedWithPullRequestException',
    unknown: 'PullRequestDoesNotExistException',
    noNumber: 'InvalidPullRequestIdException',
  });
});
