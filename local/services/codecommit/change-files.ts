import { AwsError } from '../../world/failure.ts';
import type { World } from '../../world/world.ts';
import { writeObject } from './objects.ts';
import { checkFilePath } from './paths.ts';
import type { Repository } from './tables.ts';
import { fileModes, type TreeEntry } from './trees.ts';

/** One file to write, from its content or from another file of the same commit. */
export interface FilePut {
  readonly filePath: string;
  readonly fileMode?: string | undefined;
  readonly fileContent?: Buffer | undefined;
  readonly sourceFile?: { readonly filePath: string; readonly isMove?: boolean | undefined } | undefined;
}

/** What a commit by API changes. */
export interface FileChanges {
  readonly putFiles: readonly FilePut[];
  readonly deleteFiles: readonly { readonly filePath: string }[];
  readonly setFileModes: readonly { readonly filePath: string; readonly fileMode: string }[];
}

const largestFileBytes = 6 * 1024 * 1024;
const mostEntries = 100;

/** The git mode of CodeCommit's word. Throws InvalidFileModeException. */
function gitMode(word: string): string {
  const [mode] = Object.entries(fileModes).find(([, name]) => name === word) ?? [];
  if (mode === undefined)
    throw new AwsError('InvalidFileModeException', `'${word}' is no file mode: use NORMAL, EXECUTABLE or SYMLINK`);
  return mode;
}

/** The files after the changes; nothing but blobs is written yet. Throws AWS's errors of CreateCommit. */
export async function changeFiles(
  world: World,
  repository: Repository,
  before: ReadonlyMap<string, TreeEntry>,
  changes: FileChanges,
): Promise<Map<string, TreeEntry>> {
  checkEntries(changes);
  const after = new Map(before);
  for (const { filePath } of changes.deleteFiles) {
    existing(before, checkFilePath(filePath));
    after.delete(checkFilePath(filePath));
  }
  for (const put of changes.putFiles) await putFile(world, repository, before, after, put);
  for (const { filePath, fileMode } of changes.setFileModes) {
    const path = checkFilePath(filePath);
    after.set(path, { ...existing(after, path), mode: gitMode(fileMode) });
  }
  checkFolders(after);
  return after;
}

function checkEntries({ putFiles, deleteFiles, setFileModes }: FileChanges): void {
  const paths = [...putFiles, ...deleteFiles, ...setFileModes].map(({ filePath }) => checkFilePath(filePath));
  if (paths.length === 0) throw new AwsError('FileEntryRequiredException', 'The commit changes no file');
  if (paths.length > mostEntries)
    throw new AwsError('MaximumFileEntriesExceededException', `A commit may change at most ${mostEntries} files`);
  const twice = paths.find((path, at) => paths.indexOf(path) !== at);
  if (twice !== undefined) throw new AwsError('SamePathRequestException', `The path ${twice} is named twice`);
}

async function putFile(
  world: World,
  repository: Repository,
  before: ReadonlyMap<string, TreeEntry>,
  after: Map<string, TreeEntry>,
  { filePath, fileMode, fileContent, sourceFile }: FilePut,
): Promise<void> {
  const path = checkFilePath(filePath);
  if (fileContent !== undefined && sourceFile !== undefined)
    throw new AwsError('FileContentAndSourceFileSpecifiedException', `${path} has both content and a source file`);
  if (sourceFile !== undefined) {
    const from = checkFilePath(sourceFile.filePath);
    const source = existing(before, from);
    if (sourceFile.isMove === true) after.delete(from);
    after.set(path, fileMode === undefined ? source : { ...source, mode: gitMode(fileMode) });
    return;
  }
  if (fileContent === undefined)
    throw new AwsError('SourceFileOrContentRequiredException', `${path} has neither content nor a source file`);
  if (fileContent.length > largestFileBytes)
    throw new AwsError('FileContentSizeLimitExceededException', `${path} has more than ${largestFileBytes} bytes`);
  const mode = gitMode(fileMode ?? fileModes[before.get(path)?.mode ?? ''] ?? 'NORMAL');
  after.set(path, { mode, id: await writeObject(world, repository, 'blob', fileContent) });
}

function existing(files: ReadonlyMap<string, TreeEntry>, path: string): TreeEntry {
  const entry = files.get(path);
  if (entry === undefined) throw new AwsError('FileDoesNotExistException', `The file ${path} does not exist`);
  return entry;
}

/** No name may be a file and a folder at once. */
function checkFolders(files: ReadonlyMap<string, TreeEntry>): void {
  for (const path of files.keys()) {
    for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) {
      const folder = path.slice(0, at);
      if (files.has(folder))
        throw new AwsError(
          'FileNameConflictsWithDirectoryNameException',
          `${folder} would be a file, and a folder for ${path}`,
        );
    }
  }
}
