import * as api from '@aws-sdk/client-codecommit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CodeCommitWorld, codecommitWorld, failure, repositoryName, unknownCommit } from './codecommit-world.ts';
import { owner } from './git-world.ts';

let cloud: CodeCommitWorld;
let aws: api.CodeCommitClient;
beforeEach(async () => {
  cloud = await codecommitWorld();
  aws = cloud.codecommit;
});
afterEach(() => cloud.close());

const tips = { repositoryName, sourceCommitSpecifier: 'feature', destinationCommitSpecifier: 'main' };
const threeWay = (input: Partial<api.MergeBranchesByThreeWayInput> = {}) =>
  aws.send(new api.MergeBranchesByThreeWayCommand({ ...tips, ...input }));
const squash = (input: object = {}) => aws.send(new api.MergeBranchesBySquashCommand({ ...tips, ...input }));
const fastForward = (input: object = {}) => aws.send(new api.MergeBranchesByFastForwardCommand({ ...tips, ...input }));
const commitOf = async (commitId: string | undefined) =>
  (await aws.send(new api.GetCommitCommand({ repositoryName, commitId }))).commit;
const content = async (filePath: string, commitSpecifier = 'main') =>
  Buffer.from(
    (await aws.send(new api.GetFileCommand({ repositoryName, commitSpecifier, filePath }))).fileContent ?? [],
  ).toString();

test('a fast-forward moves the branch to the source and tells so with the fields of a merge', async () => {
  const { base, feature } = await cloud.twoBranches();

  const { commitId, treeId } = await fastForward();

  expect(commitId).toBe(feature);
  expect(treeId).toBe((await commitOf(feature))?.treeId);
  expect(await cloud.head('main')).toBe(feature);
  expect((await cloud.told()).at(-1)).toEqual({
    event: 'referenceUpdated',
    repositoryName,
    repositoryId: expect.any(String) as string,
    referenceType: 'branch',
    referenceName: 'main',
    referenceFullName: 'refs/heads/main',
    commitId: feature,
    oldCommitId: base,
    baseCommitId: base,
    sourceCommitId: feature,
    destinationCommitId: base,
    mergeOption: 'FAST_FORWARD_MERGE',
    conflictDetailsLevel: 'FILE_LEVEL',
    conflictResolutionStrategy: 'NONE',
    callerUserArn: `arn:aws:iam::${owner}:user/administrator`,
  });
  const told = (await cloud.told()).length;
  expect((await fastForward()).commitId).toBe(feature);
  expect(await cloud.told()).toHaveLength(told);
});

test('a three-way merge has two parents, a squash one, and both have the files of both sides', async () => {
  const { base, feature } = await cloud.twoBranches();
  const main = await cloud.put('main', { 'main.txt': 'm' }, base);
  await cloud.branchAt('other', main);

  const merged = await threeWay({ commitMessage: 'merged', authorName: 'Ada', email: 'ada@example.com' });
  const squashed = await squash({ destinationCommitSpecifier: 'refs/heads/other', commitMessage: 'squashed' });

  expect(await commitOf(merged.commitId)).toMatchObject({
    parents: [main, feature],
    message: 'merged\n',
    author: { name: 'Ada', email: 'ada@example.com' },
  });
  expect((await commitOf(squashed.commitId))?.parents).toEqual([main]);
  expect(squashed.treeId).toBe(merged.treeId);
  expect([await content('main.txt'), await content('feature.txt')]).toEqual(['m', 'f']);
  expect((await cloud.told()).slice(-2).map(({ mergeOption, baseCommitId }) => [mergeOption, baseCommitId])).toEqual([
    ['THREE_WAY_MERGE', base],
    ['SQUASH_MERGE', base],
  ]);
});

test('the same file changed on both sides conflicts, unless lines are looked at and differ', async () => {
  const { base } = await cloud.twoBranches({ 'a.txt': 'one\n2\n3\n4\n5\n' });
  await cloud.put('main', { 'a.txt': '1\n2\n3\n4\nfive\n' }, base);

  expect(await failure(threeWay())).toBe('ManualMergeRequiredException');
  expect(await failure(fastForward())).toBe('ManualMergeRequiredException');
  const conflicts = await aws.send(new api.GetMergeConflictsCommand({ ...tips, mergeOption: 'THREE_WAY_MERGE' }));
  expect(conflicts).toMatchObject({
    mergeable: false,
    baseCommitId: base,
    conflictMetadataList: [
      {
        filePath: 'a.txt',
        fileSizes: { source: 12, destination: 13, base: 10 },
        fileModes: { source: 'NORMAL', destination: 'NORMAL', base: 'NORMAL' },
        objectTypes: { source: 'FILE', destination: 'FILE', base: 'FILE' },
        numberOfConflicts: 1,
        contentConflict: true,
        fileModeConflict: false,
        mergeOperations: { source: 'M', destination: 'M' },
      },
    ],
  });
  await threeWay({ conflictDetailLevel: 'LINE_LEVEL' });
  expect(await content('a.txt')).toBe('one\n2\n3\n4\nfive\n');
});

test.each([
  ['ACCEPT_SOURCE', 'source'],
  ['ACCEPT_DESTINATION', 'destination'],
] as const)('with %s the %s wins', async (conflictResolutionStrategy, winner) => {
  const { base } = await cloud.twoBranches({ 'a.txt': 'source', 'only.txt': 'kept' });
  await cloud.put('main', { 'a.txt': 'destination' }, base);

  const lines = { conflictDetailLevel: 'LINE_LEVEL', mergeOption: 'SQUASH_MERGE' } as const;
  const asked = await aws.send(new api.GetMergeConflictsCommand({ ...tips, ...lines }));
  expect([asked.mergeable, asked.conflictMetadataList?.length]).toEqual([false, 1]);
  expect(await failure(squash(lines))).toBe('ManualMergeRequiredException');

  await squash({ conflictResolutionStrategy });
  expect([await content('a.txt'), await content('only.txt')]).toEqual([winner, 'kept']);
});

test('a file deleted here and changed there conflicts, and one side can win', async () => {
  const { base } = await cloud.twoBranches({ 'a.txt': 'changed' });
  const gone = { repositoryName, branchName: 'main', parentCommitId: base, filePath: 'a.txt' };
  await aws.send(new api.DeleteFileCommand(gone));

  const { conflictMetadataList } = await aws.send(
    new api.GetMergeConflictsCommand({ ...tips, mergeOption: 'THREE_WAY_MERGE', conflictDetailLevel: 'LINE_LEVEL' }),
  );
  expect(conflictMetadataList?.map((each) => each.mergeOperations)).toEqual([{ source: 'M', destination: 'D' }]);
  await threeWay({ conflictResolutionStrategy: 'ACCEPT_DESTINATION' });
  expect(await failure(content('a.txt'))).toBe('FileDoesNotExistException');
});

test('what cannot be merged has AWS’s name', async () => {
  const { base, feature } = await cloud.twoBranches();
  const copy = await cloud.workingCopy('stranger');
  await cloud.git(copy, 'push', 'origin', 'main:refs/heads/stranger', 'HEAD:refs/tags/tag');

  expect({
    stranger: await failure(threeWay({ sourceCommitSpecifier: 'stranger' })),
    missing: await failure(threeWay({ sourceCommitSpecifier: 'none' })),
    unknown: await failure(threeWay({ sourceCommitSpecifier: unknownCommit })),
    option: await failure(threeWay({ sourceCommitSpecifier: '--help' })),
    intoCommit: await failure(threeWay({ destinationCommitSpecifier: base })),
    intoTag: await failure(threeWay({ destinationCommitSpecifier: 'tag' })),
    stale: await failure(threeWay({ destinationCommitSpecifier: feature, targetBranch: 'main' })),
  }).toEqual({
    stranger: 'TipsDivergenceExceededException',
    missing: 'CommitDoesNotExistException',
    unknown: 'CommitDoesNotExistException',
    option: 'InvalidCommitException',
    intoCommit: 'BranchDoesNotExistException',
    intoTag: 'BranchNameIsTagNameException',
    stale: 'ConcurrentReferenceUpdateException',
  });
  expect(await cloud.head('main')).toBe(base);
});

test('of many merges at once into one branch no commit is lost and each has its event', async () => {
  const { base } = await cloud.twoBranches();
  const names = Array.from({ length: 4 }, (_, at) => `f${at}`);
  for (const name of names) {
    await cloud.branchAt(name, base);
    await cloud.put(name, { [`${name}.txt`]: name }, base);
  }

  const attempts = names.map((sourceCommitSpecifier) => threeWay({ sourceCommitSpecifier }));
  const won = (await Promise.allSettled(attempts)).filter(({ status }) => status === 'fulfilled').length;

  const log = await cloud.git(cloud.directory, 'clone', '-q', cloud.url, 'c');
  expect(log.code).toBe(0);
  const merges = await cloud.git(`${cloud.directory}/c`, 'rev-list', '--merges', '--count', 'origin/main');
  expect([won > 0, Number(merges.text)]).toEqual([true, won]);
  expect((await cloud.told()).filter(({ mergeOption }) => mergeOption === 'THREE_WAY_MERGE')).toHaveLength(won);
});

test('IAM can close a branch to every way of writing it, by its full name', async () => {
  const { base, feature } = await cloud.twoBranches();
  const closed = {
    Effect: 'Deny',
    Action: '*',
    Resource: '*',
    Condition: { StringEquals: { 'codecommit:References': 'refs/heads/main' } },
  };
  const { client } = cloud.user('dev', [{ Effect: 'Allow', Action: '*', Resource: '*' }, closed]);
  const dev = new api.CodeCommitClient(client);
  const pull = await aws.send(
    new api.CreatePullRequestCommand({
      title: 't',
      targets: [{ repositoryName, sourceReference: 'feature', destinationReference: 'main' }],
    }),
  );
  const merge = { pullRequestId: pull.pullRequest?.pullRequestId, repositoryName };
  const put = {
    repositoryName,
    branchName: 'main',
    parentCommitId: base,
    filePath: 'x',
    fileContent: Buffer.from('x'),
  };
  const attempts = [
    dev.send(new api.MergeBranchesByFastForwardCommand(tips)),
    dev.send(new api.MergeBranchesBySquashCommand({ ...tips, destinationCommitSpecifier: 'refs/heads/main' })),
    dev.send(
      new api.MergeBranchesByThreeWayCommand({ ...tips, destinationCommitSpecifier: base, targetBranch: 'main' }),
    ),
    dev.send(new api.MergePullRequestByFastForwardCommand(merge)),
    dev.send(new api.PutFileCommand(put)),
    dev.send(new api.CreateCommitCommand({ ...put, putFiles: [{ filePath: 'x', fileContent: Buffer.from('x') }] })),
    dev.send(new api.DeleteFileCommand({ ...put, filePath: 'a.txt' })),
    dev.send(new api.DeleteBranchCommand({ repositoryName, branchName: 'main' })),
    dev.send(new api.CreateBranchCommand({ repositoryName, branchName: 'main', commitId: feature })),
  ];

  expect(new Set(await Promise.all(attempts.map(failure)))).toEqual(new Set(['AccessDeniedException']));
  expect(await cloud.head('main')).toBe(base);
});
