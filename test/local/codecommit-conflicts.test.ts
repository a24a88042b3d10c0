import * as api from '@aws-sdk/client-codecommit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type CodeCommitWorld, codecommitWorld, failure, repositoryName, unknownCommit } from './codecommit-world.ts';
import { owner } from './git-world.ts';

let cloud: CodeCommitWorld;
let aws: api.CodeCommitClient;
beforeAll(async () => {
  cloud = await codecommitWorld();
  aws = cloud.codecommit;
  base = await cloud.put('base', { 'a.txt': '1\n2\n3\n4\n5\n', 'dir/b.txt': 'b' });
});
afterAll(() => cloud.close());

let base = '';
let tests = 0;
let tips: { repositoryName: string; sourceCommitSpecifier: string; destinationCommitSpecifier: string };
/** Each test has two branches of its own, at the same commit: one world serves all. */
beforeEach(async () => {
  tests += 1;
  const [source, destination] = [`feature-${tests}`, `main-${tests}`];
  tips = { repositoryName, sourceCommitSpecifier: source, destinationCommitSpecifier: destination };
  await cloud.branchAt(source, base);
  await cloud.branchAt(destination, base);
});

const lines = () => ({ ...tips, mergeOption: 'THREE_WAY_MERGE', conflictDetailLevel: 'LINE_LEVEL' }) as const;
const describe = (input: Partial<api.DescribeMergeConflictsInput> = {}) =>
  aws.send(new api.DescribeMergeConflictsCommand({ ...lines(), filePath: 'a.txt', ...input }));
const onSource = (files: Record<string, string>) => cloud.put(tips.sourceCommitSpecifier, files, base);
const onDestination = (files: Record<string, string>) => cloud.put(tips.destinationCommitSpecifier, files, base);

/** Both sides change `a.txt`, which has five lines. */
async function diverged(source: string, destination: string): Promise<void> {
  await onSource({ 'a.txt': source });
  await onDestination({ 'a.txt': destination });
}

/** Hunks as `conflict? source|destination|base`, in text. */
const readable = (hunks: readonly api.MergeHunk[] = []) =>
  hunks.map(({ isConflict, source, destination, base }) => {
    const text = [source, destination, base].map((each) =>
      Buffer.from(each?.hunkContent ?? '', 'base64')
        .toString()
        .replaceAll('\n', '/'),
    );
    return `${isConflict ? '!' : ' '} ${text.join('|')}`;
  });

test.each<[string, string, string, readonly string[]]>([
  ['other lines', 'one\n2\n3\n4\n5\n', '1\n2\n3\n4\nfive\n', ['  one/|1/|1/', '  5/|five/|5/']],
  ['the same line', '1\n2\nx\n4\n5\n', '1\n2\ny\n4\n5\n', ['! x/|y/|3/']],
  ['the same line in the same way', '1\n2\nx\n4\n5\n', 'one\n2\nx\n4\n5\n', ['  1/|one/|1/', '  x/|x/|3/']],
  ['one line in the same way, one not', '1\n2\nx\n4\ns\n', '1\n2\nx\n4\nd\n', ['  x/|x/|3/', '! s/|d/|5/']],
  ['lines that touch', '1\ntwo\n3\n4\n5\n', '1\n2\nthree\n4\n5\n', ['! two/3/|2/three/|2/3/']],
  ['lines added at one place', '1\nx\n2\n3\n4\n5\n', '1\ny\n2\n3\n4\n5\n', ['! x/|y/|']],
  ['lines after lines that were added', 'a\nb\n1\n2\n3\n4\nx\n', '1\n2\n3\n4\ny\n', ['  a/b/||', '! x/|y/|5/']],
  ['a line taken away and one changed', '1\n2\n4\n5\n', '1\n2\nx\n4\n5\n', ['! |x/|3/']],
  ['an end without a line end', '1\n2\n3\n4\n5', '1\n2\n3\n4\n6', ['! 5|6|5/']],
  [
    'what looks like a hunk',
    'x\r@@ -9 +9 @@\n2\n3\n4\n5\n',
    '1\n2\n3\n4\ny\n',
    ['  x\r@@ -9 +9 @@/|1/|1/', '  5/|y/|5/'],
  ],
])('hunks tell who changed which lines: %s', async (_what, source, destination, hunks) => {
  await diverged(source, destination);

  const told = await describe();

  expect(readable(told.mergeHunks)).toEqual(hunks);
  const clashes = hunks.filter((hunk) => hunk.startsWith('!')).length;
  expect(told.conflictMetadata?.numberOfConflicts).toBe(clashes);
  const merge = await aws.send(new api.GetMergeConflictsCommand(lines()));
  expect(merge.mergeable).toBe(clashes === 0);
});

test('the lines of a hunk are told, and hunks come in pages', async () => {
  await diverged('one\n2\n3\n4\n5\n6\n', '1\n2\n3\n4\nfive\n');
  const first = await describe({ maxMergeHunks: 1 });
  const second = await describe({ maxMergeHunks: 1, nextToken: first.nextToken });

  expect(first.mergeHunks?.[0]?.source).toMatchObject({ startLine: 0, endLine: 1 });
  expect(second.mergeHunks?.[0]).toMatchObject({
    isConflict: true,
    source: { startLine: 4, endLine: 6 },
    destination: { startLine: 4, endLine: 5 },
    base: { startLine: 4, endLine: 5 },
  });
  expect(second.nextToken).toBeUndefined();
  expect(await failure(describe({ nextToken: '!' }))).toBe('InvalidContinuationTokenException');
  expect(await failure(describe({ maxMergeHunks: 0 }))).toBe('InvalidMaxMergeHunksException');
});

test('of files compared as a whole, deleted, binary or left alone it is told what they are', async () => {
  await onSource({ 'a.txt': 'source', 'binary.bin': 'a\0b' });
  await onDestination({ 'a.txt': 'destination', 'binary.bin': 'c\0d' });

  const { conflicts, errors } = await aws.send(
    new api.BatchDescribeMergeConflictsCommand({
      ...lines(),
      conflictDetailLevel: 'FILE_LEVEL',
      filePaths: ['a.txt', 'binary.bin', 'dir/b.txt', 'none.txt'],
    }),
  );

  expect(
    conflicts?.map(({ conflictMetadata: file, mergeHunks }) => [file?.numberOfConflicts, readable(mergeHunks)]),
  ).toEqual([
    [1, ['! source|destination|1/2/3/4/5/']],
    [1, []],
    [0, ['  b|b|b']],
  ]);
  expect(conflicts?.[1]?.conflictMetadata).toMatchObject({
    isBinaryFile: { source: true, destination: true, base: false },
    contentConflict: true,
    mergeOperations: { source: 'A', destination: 'A' },
  });
  expect(errors).toMatchObject([{ filePath: 'none.txt', exceptionName: 'FileDoesNotExistException' }]);
  const all = await aws.send(new api.BatchDescribeMergeConflictsCommand({ ...lines(), maxConflictFiles: 1 }));
  expect([all.conflicts?.map((each) => each.conflictMetadata?.filePath), typeof all.nextToken]).toEqual([
    ['a.txt'],
    'string',
  ]);
  expect(await failure(describe({ filePath: 'none.txt' }))).toBe('FileDoesNotExistException');
  expect(await failure(describe({ filePath: '../x' }))).toBe('InvalidPathException');
});

test('it is told in which ways two branches can be merged, and by which commit they were', async () => {
  const feature = await onSource({ 'a.txt': 'source' });
  const options = async (input = {}) =>
    (await aws.send(new api.GetMergeOptionsCommand({ ...tips, ...input }))).mergeOptions;
  expect(await options()).toEqual(['FAST_FORWARD_MERGE', 'SQUASH_MERGE', 'THREE_WAY_MERGE']);

  const main = await onDestination({ 'main.txt': 'm' });
  expect(await options()).toEqual(['SQUASH_MERGE', 'THREE_WAY_MERGE']);
  const commits = { repositoryName, sourceCommitSpecifier: feature, destinationCommitSpecifier: main };
  const asked = new api.GetMergeCommitCommand(commits);
  expect(await aws.send(asked)).toMatchObject({
    sourceCommitId: feature,
    destinationCommitId: main,
    baseCommitId: base,
  });
  expect((await aws.send(asked)).mergedCommitId).toBeUndefined();
  const merged = await aws.send(new api.MergeBranchesByThreeWayCommand(tips));
  expect((await aws.send(asked)).mergedCommitId).toBe(merged.commitId);

  await cloud.branchAt('clash', base);
  await cloud.put('clash', { 'a.txt': 'else' }, base);
  const clash = { sourceCommitSpecifier: 'clash' };
  expect(await options(clash)).toEqual([]);
  expect(await options({ ...clash, conflictResolutionStrategy: 'ACCEPT_SOURCE' })).toHaveLength(2);
  expect(await failure(options({ sourceCommitSpecifier: unknownCommit }))).toBe('CommitDoesNotExistException');
});

test('a merge is tried as a commit that no branch points at, and told as such', async () => {
  const feature = await onSource({ 'feature.txt': 'f' });
  const main = await onDestination({ 'main.txt': 'm' });
  const attempt = (mergeOption: api.MergeOptionTypeEnum) =>
    aws.send(new api.CreateUnreferencedMergeCommitCommand({ ...tips, mergeOption, commitMessage: 'tried' }));

  const { commitId, treeId } = await attempt('THREE_WAY_MERGE');

  const { commit } = await aws.send(new api.GetCommitCommand({ repositoryName, commitId }));
  expect(commit).toMatchObject({ parents: [main, feature], treeId, message: 'tried\n' });
  expect(await cloud.head(tips.destinationCommitSpecifier)).toBe(main);
  expect((await cloud.told()).at(-1)).toEqual({
    event: 'unreferencedMergeCommitCreated',
    repositoryName,
    repositoryId: expect.any(String) as string,
    commitId,
    baseCommitId: base,
    sourceCommitId: feature,
    destinationCommitId: main,
    mergeOption: 'THREE_WAY_MERGE',
    conflictDetailsLevel: 'FILE_LEVEL',
    conflictResolutionStrategy: 'NONE',
    callerUserArn: `arn:aws:iam::${owner}:user/administrator`,
  });
  expect(await failure(attempt('FAST_FORWARD_MERGE'))).toBe('InvalidMergeOptionException');
});
