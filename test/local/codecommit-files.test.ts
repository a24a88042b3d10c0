import { randomBytes } from 'node:crypto';
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as api from '@aws-sdk/client-codecommit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { administrator } from '../../local/accounts.ts';
import { call } from '../../local/world/call.ts';
import { readZipEntry } from '../../local/world/zip.ts';
import {
  type CodeCommitWorld,
  codecommitWorld,
  failure,
  file,
  repositoryName,
  unknownCommit,
} from './codecommit-world.ts';
import { owner } from './git-world.ts';

let cloud: CodeCommitWorld;
let aws: api.CodeCommitClient;
beforeEach(async () => {
  cloud = await codecommitWorld();
  aws = cloud.codecommit;
});
afterEach(() => cloud.close());

describe('commits and files', () => {
  test('a commit by API is one that git reads, and git finds nothing wrong', async () => {
    const first = await cloud.put('main', { 'a.txt': 'a', 'dir/sub/b.txt': 'b', 'dir-x': 'x', dir0: '0' });
    const { commitId, filesAdded, filesUpdated, filesDeleted } = await aws.send(
      new api.CreateCommitCommand({
        repositoryName,
        branchName: 'main',
        parentCommitId: first,
        authorName: 'Ada <x>\n',
        email: 'ada@example.com',
        commitMessage: 'Zeile\n\nmehr ü',
        putFiles: [
          { ...file('run.sh', '#!/bin/sh'), fileMode: 'EXECUTABLE' },
          file('a.txt', 'A'),
          { filePath: 'moved.txt', sourceFile: { filePath: 'dir/sub/b.txt', isMove: true } },
        ],
        deleteFiles: [{ filePath: 'dir0' }],
      }),
    );
    const paths = (files: api.FileMetadata[] | undefined) => files?.map((each) => each.absolutePath);
    expect([filesAdded, filesUpdated, filesDeleted].map(paths)).toEqual([
      ['run.sh', 'moved.txt'],
      ['a.txt'],
      ['dir/sub/b.txt', 'dir0'],
    ]);
    await cloud.git(cloud.directory, 'clone', '-q', cloud.url, 'c');
    const copy = join(cloud.directory, 'c');
    expect((await cloud.git(copy, 'fsck', '--strict')).code).toBe(0);
    expect((await cloud.git(copy, 'ls-files', '-s')).text.replace(/ [0-9a-f]{40} 0/g, '')).toBe(
      '100644\ta.txt\n100644\tdir-x\n100644\tmoved.txt\n100755\trun.sh\n',
    );
    const { commit: found } = await aws.send(new api.GetCommitCommand({ repositoryName, commitId }));
    expect(found).toMatchObject({
      commitId,
      parents: [first],
      message: 'Zeile\n\nmehr ü\n',
      author: { name: 'Ada x', email: 'ada@example.com', date: expect.stringMatching(/^\d{10} \+0000$/) as string },
      additionalData: '',
    });
  });

  test('files and folders are read at branches, tags and commits', async () => {
    const copy = await cloud.workingCopy('a');
    await writeFile(join(copy, 'run.sh'), '#!/bin/sh\n', { mode: 0o755 });
    await symlink('run.sh', join(copy, 'link'));
    await cloud.commit(copy, 'a b ü.txt', 'content');
    await cloud.git(copy, 'update-index', '--add', '--cacheinfo', `160000,${unknownCommit},module`);
    await cloud.git(copy, 'commit', '-q', '-m', 'a module');
    const id = (await cloud.git(copy, 'rev-parse', 'HEAD')).text.trim();
    await cloud.git(copy, 'tag', '-a', '-m', 'v', 'v1');
    await cloud.git(copy, 'push', 'origin', 'main', 'v1');
    for (const commitSpecifier of [undefined, 'HEAD', 'main', 'refs/heads/main', 'v1', 'refs/tags/v1', id]) {
      const found = await aws.send(new api.GetFileCommand({ repositoryName, commitSpecifier, filePath: '/a b ü.txt' }));
      expect([found.commitId, Buffer.from(found.fileContent ?? []).toString(), found.fileMode, found.fileSize]).toEqual(
        [id, 'content', 'NORMAL', 7],
      );
    }
    const folder = await aws.send(new api.GetFolderCommand({ repositoryName, folderPath: '/' }));
    expect(folder.files?.map(({ absolutePath, fileMode }) => [absolutePath, fileMode])).toEqual([
      ['README.md', 'NORMAL'],
      ['a b ü.txt', 'NORMAL'],
      ['run.sh', 'EXECUTABLE'],
    ]);
    expect(folder.symbolicLinks?.map(({ absolutePath, fileMode }) => [absolutePath, fileMode])).toEqual([
      ['link', 'SYMLINK'],
    ]);
    expect(folder.subModules).toEqual([{ commitId: unknownCommit, absolutePath: 'module', relativePath: 'module' }]);
  });

  test('what is not there or not allowed has AWS’s name', async () => {
    const parentCommitId = await cloud.put('main', { 'a.txt': 'a', 'dir/b': 'b' });
    const on = { repositoryName, branchName: 'main', parentCommitId };
    const put = (input: object) => failure(aws.send(new api.PutFileCommand({ ...on, ...file('x', 'x'), ...input })));
    const create = (input: object) => failure(aws.send(new api.CreateCommitCommand({ ...on, ...input })));
    const get = (input: object) =>
      failure(aws.send(new api.GetFileCommand({ repositoryName, filePath: 'a.txt', ...input })));
    expect({
      same: await put(file('a.txt', 'a')),
      outdated: await put({ parentCommitId: unknownCommit }),
      noParent: await put({ parentCommitId: undefined }),
      badParent: await put({ parentCommitId: 'abc' }),
      noBranch: await put({ branchName: 'other' }),
      climbing: await put({ filePath: '../x' }),
      gitFolder: await put({ filePath: 'dir/.GIT/config' }),
      root: await put({ filePath: '/' }),
      fileAsFolder: await put({ filePath: 'a.txt/x' }),
      folderAsFile: await put({ filePath: 'dir' }),
      mode: await create({ putFiles: [{ ...file('x', 'x'), fileMode: 'SETUID' }] }),
      large: await put({ fileContent: Buffer.alloc(6 * 1024 * 1024 + 1) }),
      nothing: await create({}),
      twice: await create({ putFiles: [file('x', '1'), file('/x', '2')] }),
      deleteMissing: await create({ deleteFiles: [{ filePath: 'none' }] }),
      noContent: await create({ putFiles: [{ filePath: 'x' }] }),
      noFile: await get({ filePath: 'none' }),
      noFolder: await failure(aws.send(new api.GetFolderCommand({ repositoryName, folderPath: 'a.txt' }))),
      noCommit: await get({ commitSpecifier: unknownCommit }),
      noName: await get({ commitSpecifier: 'none' }),
      option: await get({ commitSpecifier: '--output=/tmp/x' }),
      noBlob: await failure(aws.send(new api.GetBlobCommand({ repositoryName, blobId: unknownCommit }))),
      badBlob: await failure(aws.send(new api.GetBlobCommand({ repositoryName, blobId: 'HEAD' }))),
      badCommit: await failure(aws.send(new api.GetCommitCommand({ repositoryName, commitId: 'main' }))),
      noSuchCommit: await failure(aws.send(new api.GetCommitCommand({ repositoryName, commitId: unknownCommit }))),
    }).toEqual({
      same: 'SameFileContentException',
      outdated: 'ParentCommitIdOutdatedException',
      noParent: 'ParentCommitIdRequiredException',
      badParent: 'InvalidParentCommitIdException',
      noBranch: 'BranchDoesNotExistException',
      climbing: 'InvalidPathException',
      gitFolder: 'InvalidPathException',
      root: 'PathRequiredException',
      fileAsFolder: 'FileNameConflictsWithDirectoryNameException',
      folderAsFile: 'FileNameConflictsWithDirectoryNameException',
      mode: 'InvalidFileModeException',
      large: 'FileContentSizeLimitExceededException',
      nothing: 'FileEntryRequiredException',
      twice: 'SamePathRequestException',
      deleteMissing: 'FileDoesNotExistException',
      noContent: 'SourceFileOrContentRequiredException',
      noFile: 'FileDoesNotExistException',
      noFolder: 'FolderDoesNotExistException',
      noCommit: 'CommitDoesNotExistException',
      noName: 'CommitDoesNotExistException',
      option: 'InvalidCommitException',
      noBlob: 'BlobIdDoesNotExistException',
      badBlob: 'InvalidBlobIdException',
      badCommit: 'InvalidCommitIdException',
      noSuchCommit: 'CommitIdDoesNotExistException',
    });
    const batch = await aws.send(
      new api.BatchGetCommitsCommand({ repositoryName, commitIds: [parentCommitId, unknownCommit] }),
    );
    expect([batch.commits?.length, batch.errors?.[0]?.errorCode]).toEqual([1, 'CommitIdDoesNotExistException']);
  });

  test('a blob that unpacks to more than is given out, or is asked for as a commit, leaves memory alone', async () => {
    const copy = await cloud.workingCopy('a');
    await writeFile(join(copy, 'zeros'), Buffer.alloc(64 * 1024 * 1024));
    await cloud.commit(copy, 'b', 'b');
    await cloud.git(copy, 'push', 'origin', 'main');
    const blobId = (await cloud.git(copy, 'rev-parse', 'HEAD:zeros')).text.trim();
    const before = process.memoryUsage().rss;
    expect(await failure(aws.send(new api.GetCommitCommand({ repositoryName, commitId: blobId })))).toBe(
      'CommitIdDoesNotExistException',
    );
    expect(await failure(aws.send(new api.GetBlobCommand({ repositoryName, blobId })))).toBe('FileTooLargeException');
    expect(process.memoryUsage().rss - before).toBeLessThan(48 * 1024 * 1024);
  });
});

describe('differences', () => {
  test('are paged, limited to paths, and all files without a first commit', async () => {
    const { base, feature } = await cloud.twoBranches({ 'a.txt': 'new', 'dir/c.txt': 'c', 'e/ä*.txt': 'e' });
    const ask = async (input: object) =>
      (
        await aws.send(new api.GetDifferencesCommand({ repositoryName, afterCommitSpecifier: 'feature', ...input }))
      ).differences?.map(({ changeType, afterBlob, beforeBlob }) => `${changeType} ${(afterBlob ?? beforeBlob)?.path}`);
    const beforeCommitSpecifier = base;
    expect(await ask({ beforeCommitSpecifier })).toEqual(['M a.txt', 'A dir/c.txt', 'A e/ä*.txt']);
    expect(await ask({})).toEqual(['A a.txt', 'A dir/b.txt', 'A dir/c.txt', 'A e/ä*.txt']);
    expect(await ask({ beforeCommitSpecifier, afterPath: 'dir' })).toEqual(['A dir/c.txt']);
    expect(await ask({ beforeCommitSpecifier: feature, afterCommitSpecifier: base, beforePath: '/dir/' })).toEqual([
      'D dir/c.txt',
    ]);
    expect(await ask({ beforeCommitSpecifier, afterPath: 'dir/b.txt' })).toEqual([]);
    expect(await failure(ask({ beforeCommitSpecifier, afterPath: '*' }))).toBe('PathDoesNotExistException');
    expect(await failure(ask({ afterPath: '../x' }))).toBe('InvalidPathException');
    expect(await failure(ask({ MaxResults: 0 }))).toBe('InvalidMaxResultsException');
    expect(await failure(ask({ NextToken: 'nonsense' }))).toBe('InvalidContinuationTokenException');
    expect(await failure(ask({ beforeCommitSpecifier: unknownCommit }))).toBe('CommitDoesNotExistException');
    const pages: (string | undefined)[] = [];
    const from = { repositoryName, beforeCommitSpecifier, afterCommitSpecifier: 'feature' };
    for await (const page of api.paginateGetDifferences({ client: aws, pageSize: 2 }, from))
      pages.push(page.differences?.map(({ afterBlob }) => afterBlob?.path).join());
    expect(pages).toEqual(['a.txt,dir/c.txt', 'e/ä*.txt']);
  });
});

describe('an archive', () => {
  const archive = (commitId: string) =>
    call<{ Body: Buffer }>(cloud.world, {
      caller: administrator(cloud.world, owner),
      account: owner,
      region: 'eu-west-1',
      service: 'codecommit',
      operation: 'UploadArchive',
      input: { repositoryName, commitId },
    });

  test('holds the tree as it was committed, whatever its attributes say, and is no part of the API', async () => {
    const binary = randomBytes(1000).toString('latin1');
    const attributes =
      '* text eol=crlf ident\nsecret export-ignore\nvar export-subst\nx working-tree-encoding=UTF-16\n';
    const id = await cloud.put('main', {
      '.gitattributes': attributes,
      secret: 's\n$Id$\n',
      var: '$Format:%H$',
      x: 'plain',
      'dir/bin': binary,
    });
    const { Body } = await archive(id);
    const entry = async (name: string) => (await readZipEntry(Body, name))?.toString();
    expect(await Promise.all(['secret', 'var', 'x', 'dir/bin'].map(entry))).toEqual([
      's\n$Id$\n',
      '$Format:%H$',
      'plain',
      binary,
    ]);
    expect(await failure(archive(unknownCommit))).toBe('CommitIdDoesNotExistException');
    expect(await failure(archive('--output=/tmp/x'))).toBe('InvalidCommitIdException');
  });
});
