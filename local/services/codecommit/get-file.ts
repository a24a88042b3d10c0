import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { type Call, operation } from '../../world/service.ts';
import { largestBlobBytes } from './blobs.ts';
import { readCommit, resolveSpecifier } from './commits.ts';
import { git } from './git.ts';
import { checkFilePath, checkPath } from './paths.ts';
import { findRepository, type Repository, repositoryAccess } from './tables.ts';
import { fileModes, readEntry, readTree, type TreeEntry } from './trees.ts';

/** The content of a blob, whose size is asked first. Throws BlobIdDoesNotExistException, FileTooLargeException. */
async function readBlob({ world }: Call, { directory, name }: Repository, blobId: string): Promise<Buffer> {
  const { stdout } = await git(world, directory, ['cat-file', '--batch-check'], `${blobId}\n`);
  const [, type, size] = stdout.toString().trim().split(' ');
  if (type !== 'blob') throw new AwsError('BlobIdDoesNotExistException', `Blob ${blobId} does not exist in ${name}`);
  if (Number(size) > largestBlobBytes)
    throw new AwsError('FileTooLargeException', `Blob ${blobId} has ${size} bytes; the limit is ${largestBlobBytes}`);
  return (await git(world, directory, ['cat-file', 'blob', blobId])).stdout;
}

/** The content of a blob by its id. */
export const getBlob = operation({
  input: z.object({ repositoryName: z.string(), blobId: z.string() }),
  access: ({ repositoryName }, call) => [repositoryAccess('GetBlob', repositoryName, call)],
  run: async ({ repositoryName, blobId }, call) => {
    const repository = findRepository(call.world, repositoryName, call);
    if (!/^[0-9a-f]{40}$/.test(blobId))
      throw new AwsError('InvalidBlobIdException', `The blob ID '${blobId.slice(0, 80)}' is not valid`);
    return { content: await readBlob(call, repository, blobId) };
  },
});

const atCommit = z.object({ repositoryName: z.string(), commitSpecifier: z.string().default('HEAD') });

/** The content of a file at a commit, or at the head of a branch. */
export const getFile = operation({
  input: atCommit.extend({ filePath: z.string() }),
  access: ({ repositoryName }, call) => [repositoryAccess('GetFile', repositoryName, call)],
  run: async ({ repositoryName, commitSpecifier, filePath: given }, call) => {
    const repository = findRepository(call.world, repositoryName, call);
    const filePath = checkFilePath(given);
    const commitId = await resolveSpecifier(call.world, repository, commitSpecifier);
    const entry = await readEntry(call.world, repository, commitId, filePath);
    const fileMode = fileModes[entry?.mode ?? ''];
    if (entry === undefined || fileMode === undefined)
      throw new AwsError('FileDoesNotExistException', `${filePath} does not exist at ${commitSpecifier}`);
    const fileContent = await readBlob(call, repository, entry.id);
    return { commitId, blobId: entry.id, filePath, fileMode, fileSize: fileContent.length, fileContent };
  },
});

/** What lies in a folder at a commit. */
export const getFolder = operation({
  input: atCommit.extend({ folderPath: z.string() }),
  access: ({ repositoryName }, call) => [repositoryAccess('GetFolder', repositoryName, call)],
  run: async ({ repositoryName, commitSpecifier, folderPath: given }, call) => {
    const repository = findRepository(call.world, repositoryName, call);
    const folderPath = checkPath(given);
    const commitId = await resolveSpecifier(call.world, repository, commitSpecifier);
    const treeId = await folderId(call, repository, commitId, folderPath);
    const entries = await readTree(call.world, repository, treeId, '');
    return { commitId, treeId, folderPath, ...listed(entries, folderPath) };
  },
});

async function folderId({ world }: Call, repository: Repository, commitId: string, path: string): Promise<string> {
  if (path === '') return (await readCommit(world, repository, commitId, 'CommitDoesNotExistException')).treeId;
  const entry = await readEntry(world, repository, commitId, path);
  if (entry?.mode !== '040000') throw new AwsError('FolderDoesNotExistException', `Folder ${path} does not exist`);
  return entry.id;
}

function listed(entries: ReadonlyMap<string, TreeEntry>, folderPath: string) {
  const rows = [...entries].map(([relativePath, { mode, id }]) => ({
    mode,
    id,
    paths: { absolutePath: folderPath === '' ? relativePath : `${folderPath}/${relativePath}`, relativePath },
  }));
  const of = (...modes: readonly string[]) => rows.filter(({ mode }) => modes.includes(mode));
  const file = ({ mode, id, paths }: (typeof rows)[number]) => ({ blobId: id, ...paths, fileMode: fileModes[mode] });
  return {
    subFolders: of('040000').map(({ id, paths }) => ({ treeId: id, ...paths })),
    files: of('100644', '100755').map(file),
    symbolicLinks: of('120000').map(file),
    subModules: of('160000').map(({ id, paths }) => ({ commitId: id, ...paths })),
  };
}
