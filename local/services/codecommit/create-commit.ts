import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import { type Committed, commitFiles } from './commit-files.ts';
import { checkFilePath } from './paths.ts';
import { branchRef } from './refs.ts';
import { findRepository, repositoryAccess } from './tables.ts';
import { fileModes } from './trees.ts';

/** Bytes: base64 in JSON. */
const blob = z.union([z.instanceof(Buffer), z.base64().transform((text) => Buffer.from(text, 'base64'))]);

const put = z.object({
  filePath: z.string(),
  fileMode: z.string().optional(),
  fileContent: blob.optional(),
  sourceFile: z.object({ filePath: z.string(), isMove: z.boolean().optional() }).optional(),
});

const onFile = z.object({
  repositoryName: z.string(),
  branchName: z.string(),
  filePath: z.string(),
  parentCommitId: z.string().optional(),
  commitMessage: z.string().optional(),
  name: z.string().optional(),
  email: z.string().optional(),
});

/** Commits several files at once. */
export const createCommit = operation({
  input: z.object({
    repositoryName: z.string(),
    branchName: z.string(),
    parentCommitId: z.string().optional(),
    commitMessage: z.string().optional(),
    authorName: z.string().optional(),
    email: z.string().optional(),
    keepEmptyFolders: z.literal(false, 'true is not played by the local cloud').optional(),
    putFiles: z.array(put).default([]),
    deleteFiles: z.array(z.object({ filePath: z.string() })).default([]),
    setFileModes: z.array(z.object({ filePath: z.string(), fileMode: z.string() })).default([]),
  }),
  access: ({ repositoryName, branchName }, call) => [
    repositoryAccess('CreateCommit', repositoryName, call, [branchRef(branchName)]),
  ],
  run: async ({ repositoryName, branchName, commitMessage, ...input }, call) => {
    const committed = await commitFiles(call, {
      ...input,
      repository: findRepository(call.world, repositoryName, call),
      branch: branchName,
      message: commitMessage,
      unchanged: new AwsError('NoChangeException', 'The commit would change nothing'),
    });
    return { commitId: committed.commitId, treeId: committed.treeId, ...changedFiles(committed) };
  },
});

function changedFiles({ before, after }: Committed) {
  const shown = (files: Committed['after'], paths: readonly string[]) =>
    paths.map((absolutePath) => ({
      absolutePath,
      blobId: files.get(absolutePath)?.id,
      fileMode: fileModes[files.get(absolutePath)?.mode ?? ''],
    }));
  const changed = (path: string) =>
    after.get(path)?.id !== before.get(path)?.id || after.get(path)?.mode !== before.get(path)?.mode;
  const now = [...after.keys()].filter(changed);
  const isNew = (path: string) => !before.has(path);
  return {
    filesAdded: shown(after, now.filter(isNew)),
    filesUpdated: shown(
      after,
      now.filter((path) => !isNew(path)),
    ),
    filesDeleted: shown(
      before,
      [...before.keys()].filter((path) => !after.has(path)),
    ),
  };
}

/** Commits one file. */
export const putFile = operation({
  input: onFile.extend({ fileContent: blob, fileMode: z.string().optional() }),
  access: ({ repositoryName, branchName }, call) => [
    repositoryAccess('PutFile', repositoryName, call, [branchRef(branchName)]),
  ],
  run: async ({ repositoryName, branchName, filePath, fileContent, fileMode, ...input }, call) => {
    const { commitId, treeId, after } = await commitFiles(call, {
      repository: findRepository(call.world, repositoryName, call),
      branch: branchName,
      parentCommitId: input.parentCommitId,
      message: input.commitMessage,
      authorName: input.name,
      email: input.email,
      putFiles: [{ filePath, fileContent, fileMode }],
      deleteFiles: [],
      setFileModes: [],
      unchanged: new AwsError('SameFileContentException', `${filePath} has that content already`),
    });
    return { commitId, treeId, blobId: after.get(checkFilePath(filePath))?.id };
  },
});

/** Commits the end of one file. */
export const deleteFile = operation({
  input: onFile.extend({ keepEmptyFolders: z.literal(false, 'true is not played by the local cloud').optional() }),
  access: ({ repositoryName, branchName }, call) => [
    repositoryAccess('DeleteFile', repositoryName, call, [branchRef(branchName)]),
  ],
  run: async ({ repositoryName, branchName, filePath, ...input }, call) => {
    const { commitId, treeId, before } = await commitFiles(call, {
      repository: findRepository(call.world, repositoryName, call),
      branch: branchName,
      parentCommitId: input.parentCommitId,
      message: input.commitMessage,
      authorName: input.name,
      email: input.email,
      putFiles: [],
      deleteFiles: [{ filePath }],
      setFileModes: [],
      unchanged: new AwsError('NoChangeException', 'The commit would change nothing'),
    });
    return { commitId, treeId, blobId: before.get(checkFilePath(filePath))?.id, filePath };
  },
});
