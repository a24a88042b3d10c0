import { AwsError } from '../../world/failure.ts';
import type { World } from '../../world/world.ts';
import { git } from './git.ts';
import type { Repository } from './tables.ts';

/** A file on one side of a difference. */
export interface Side {
  readonly blobId: string;
  readonly path: string;
  /** Six octal digits. */
  readonly mode: string;
}

/** One path that differs between two commits. */
export interface Difference {
  readonly path: string;
  readonly beforeBlob?: Side;
  readonly afterBlob?: Side;
  readonly changeType: 'A' | 'M' | 'D';
}

/** The tree without files: every git knows it. */
export const emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/** The paths that differ between two commits, in git's order; with `paths`, those at or under one of them. Throws CommitDoesNotExistException. */
export async function diff(
  world: World,
  { directory, name }: Repository,
  before: string,
  after: string,
  paths: readonly string[] = [],
): Promise<readonly Difference[]> {
  const parameters = ['diff-tree', '-r', '-z', '--raw', '--no-renames', '--no-abbrev', before, after, '--', ...paths];
  const { code, stdout } = await git(world, directory, parameters);
  if (code !== 0) throw new AwsError('CommitDoesNotExistException', `${before} or ${after} names no commit of ${name}`);
  return parse(stdout.toString('utf8'));
}

function parse(raw: string): readonly Difference[] {
  const parts = raw.split('\0');
  const found: Difference[] = [];
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const [oldMode = '', newMode = '', oldId = '', newId = '', type] = (parts[at] ?? '').slice(1).split(' ');
    const path = parts[at + 1] ?? '';
    const side = (mode: string, blobId: string) => (/^0+$/.test(blobId) ? undefined : { blobId, path, mode });
    const [beforeBlob, afterBlob] = [side(oldMode, oldId), side(newMode, newId)];
    found.push({
      path,
      ...(beforeBlob === undefined ? {} : { beforeBlob }),
      ...(afterBlob === undefined ? {} : { afterBlob }),
      changeType: type === 'A' || type === 'D' ? type : 'M',
    });
  }
  return found;
}
