import { AwsError } from '../../world/failure.ts';
import type { World } from '../../world/world.ts';
import { git, gitText } from './git.ts';
import { writeObject } from './objects.ts';
import type { Repository } from './tables.ts';

/** A file of a tree, a link, a submodule, or (in a listing of one folder) a folder. */
export interface TreeEntry {
  /** Six octal digits: `100644`, `100755`, `120000`, `160000`, `040000`. */
  readonly mode: string;
  readonly id: string;
}

/** CodeCommit's words for git's modes. */
export const fileModes: Readonly<Record<string, string>> = {
  '100644': 'NORMAL',
  '100755': 'EXECUTABLE',
  '120000': 'SYMLINK',
};

/** All files of a commit or tree by path; with `folder`, the entries of that folder alone, by name. */
export async function readTree(
  world: World,
  { directory }: Repository,
  id: string,
  folder?: string,
): Promise<Map<string, TreeEntry>> {
  const tree = folder === undefined || folder === '' ? id : `${id}:${folder}`;
  const parameters = ['ls-tree', '-z', ...(folder === undefined ? ['-r'] : []), '--end-of-options', tree];
  return parseTree(await gitText(world, directory, parameters));
}

/** One entry of a commit by its path, or undefined. */
export async function readEntry(
  world: World,
  { directory }: Repository,
  commitId: string,
  path: string,
): Promise<TreeEntry | undefined> {
  const { code, stdout } = await git(world, directory, ['ls-tree', '-z', commitId, '--', path]);
  if (code !== 0) throw new AwsError('CommitDoesNotExistException', `Commit ${commitId} does not exist`);
  return parseTree(stdout.toString('utf8')).get(path);
}

function parseTree(text: string): Map<string, TreeEntry> {
  const lines = text.split('\0').filter((line) => line !== '');
  return new Map(
    lines.map((line) => {
      const tab = line.indexOf('\t');
      const [mode = '', , id = ''] = line.slice(0, tab).split(' ');
      return [line.slice(tab + 1), { mode, id }];
    }),
  );
}

/** Writes the trees of a whole file list, folder by folder. Answers the id of the root. */
export async function writeTree(
  world: World,
  repository: Repository,
  files: ReadonlyMap<string, TreeEntry>,
): Promise<string> {
  const here = new Map<string, TreeEntry>();
  const folders = new Map<string, Map<string, TreeEntry>>();
  for (const [path, entry] of files) {
    const slash = path.indexOf('/');
    if (slash < 0) here.set(path, entry);
    else {
      const folder = folders.get(path.slice(0, slash)) ?? new Map<string, TreeEntry>();
      folders.set(path.slice(0, slash), folder.set(path.slice(slash + 1), entry));
    }
  }
  for (const [name, content] of folders)
    here.set(name, { mode: '040000', id: await writeTree(world, repository, content) });
  return writeObject(world, repository, 'tree', treeContent(here));
}

/** Git sorts by bytes, folders as if their names ended in a slash. */
function treeContent(entries: ReadonlyMap<string, TreeEntry>): Buffer {
  const rows = [...entries].map(([name, { mode, id }]) => ({
    key: Buffer.from(mode === '040000' ? `${name}/` : name),
    row: Buffer.concat([Buffer.from(`${mode.replace(/^0/, '')} ${name}\0`), Buffer.from(id, 'hex')]),
  }));
  return Buffer.concat(rows.sort((a, b) => Buffer.compare(a.key, b.key)).map(({ row }) => row));
}
