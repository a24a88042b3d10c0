import { AwsError } from '../../world/failure.ts';
import type { World } from '../../world/world.ts';
import { type Difference, diff } from './diff.ts';
import { git } from './git.ts';
import type { Repository } from './tables.ts';
import { readTree, writeTree } from './trees.ts';

/** How CodeCommit merges. */
export type MergeOption = 'FAST_FORWARD_MERGE' | 'SQUASH_MERGE' | 'THREE_WAY_MERGE';

/** When the same file, changed on both sides, is a conflict: always, or where the same lines are changed. */
export type ConflictDetail = 'FILE_LEVEL' | 'LINE_LEVEL';

/** What becomes of a conflict: nothing, or one side wins. */
export type ConflictStrategy = 'NONE' | 'ACCEPT_SOURCE' | 'ACCEPT_DESTINATION' | 'AUTOMERGE';

/** The three commits of a merge. */
export interface Tips {
  readonly source: string;
  readonly destination: string;
  readonly base: string;
}

/** A file that both sides changed so that CodeCommit does not merge it by itself. */
export interface Conflict {
  readonly path: string;
  /** Missing where the side left the file as it was. */
  readonly source?: Difference;
  readonly destination?: Difference;
}

/** A merged tree, or the conflicts that are in its way. */
export type MergeResult = { readonly treeId: string } | { readonly conflicts: readonly Conflict[] };

/** The tips with their common ancestor. Throws TipsDivergenceExceededException when they have none. */
export async function tipsOf(
  world: World,
  { directory }: Repository,
  source: string,
  destination: string,
): Promise<Tips> {
  const { code, stdout } = await git(world, directory, ['merge-base', destination, source]);
  if (code > 1) throw new AwsError('CommitDoesNotExistException', `${source} or ${destination} names no commit`);
  if (code === 1) throw new AwsError('TipsDivergenceExceededException', 'The commits have no common ancestor');
  return { source, destination, base: stdout.toString().trim() };
}

/**
 * Merges the trees; no ref moves. Simplified: ACCEPT_SOURCE and ACCEPT_DESTINATION take a conflicting file as a whole from that side,
 * where AWS with LINE_LEVEL takes the conflicting lines.
 */
export async function mergeTrees(
  world: World,
  repository: Repository,
  tips: Tips,
  { detail, strategy }: { readonly detail: ConflictDetail; readonly strategy: ConflictStrategy },
): Promise<MergeResult> {
  const changes = await changesOf(world, repository, tips);
  const merged = await mergeByGit(world, repository, tips);
  const paths = new Set([...merged.conflicts, ...(detail === 'FILE_LEVEL' ? changedByBoth(changes) : [])]);
  if (paths.size === 0) return { treeId: merged.treeId };
  if (strategy === 'ACCEPT_SOURCE' || strategy === 'ACCEPT_DESTINATION') {
    const side = strategy === 'ACCEPT_SOURCE' ? tips.source : tips.destination;
    return { treeId: await takeSide(world, repository, merged.treeId, side, paths) };
  }
  return { conflicts: [...paths].sort().map((path) => changesAt(changes, path)) };
}

/** What each side changed since the common ancestor, by path. */
export interface Changes {
  readonly source: ReadonlyMap<string, Difference>;
  readonly destination: ReadonlyMap<string, Difference>;
}

/** Reads it. */
export async function changesOf(
  world: World,
  repository: Repository,
  { base, source, destination }: Tips,
): Promise<Changes> {
  const [theirs, ours] = await Promise.all([
    diff(world, repository, base, source),
    diff(world, repository, base, destination),
  ]);
  const byPath = (all: readonly Difference[]) => new Map(all.map((each) => [each.path, each]));
  return { source: byPath(theirs), destination: byPath(ours) };
}

/** The conflicts of a merge; undefined when the tips cannot be merged at all: a fast-forward that is none. */
export async function conflictsOf(
  world: World,
  repository: Repository,
  tips: Tips,
  option: MergeOption,
  choices: Parameters<typeof mergeTrees>[3],
): Promise<readonly Conflict[] | undefined> {
  if (option === 'FAST_FORWARD_MERGE') return tips.base === tips.destination ? [] : undefined;
  const result = await mergeTrees(world, repository, tips, choices);
  return 'conflicts' in result ? result.conflicts : [];
}

/** The same change on both sides is none. */
function changedByBoth({ source, destination }: Changes): readonly string[] {
  const differs = ([path, { afterBlob }]: [string, Difference]) => {
    const other = destination.get(path);
    return (
      other !== undefined &&
      (other.afterBlob?.blobId !== afterBlob?.blobId || other.afterBlob?.mode !== afterBlob?.mode)
    );
  };
  return [...source].filter(differs).map(([path]) => path);
}

/** What the two sides changed at a path. */
export function changesAt({ source, destination }: Changes, path: string): Conflict {
  const [theirs, ours] = [source.get(path), destination.get(path)];
  return {
    path,
    ...(theirs === undefined ? {} : { source: theirs }),
    ...(ours === undefined ? {} : { destination: ours }),
  };
}

async function mergeByGit(
  world: World,
  { directory }: Repository,
  { source, destination }: Tips,
): Promise<{ treeId: string; conflicts: readonly string[] }> {
  const parameters = ['merge-tree', '--write-tree', '-z', '--no-messages', '--name-only', destination, source];
  const { code, stdout, stderr } = await git(world, directory, parameters);
  if (code > 1) throw new AwsError('GitFailed', `merging needs git 2.38 or newer: ${stderr.trim()}`, 500);
  const [treeId = '', ...conflicts] = stdout.toString('utf8').split('\0');
  return { treeId, conflicts: conflicts.filter((path) => path !== '') };
}

async function takeSide(
  world: World,
  repository: Repository,
  treeId: string,
  side: string,
  paths: ReadonlySet<string>,
): Promise<string> {
  const [files, chosen] = await Promise.all([readTree(world, repository, treeId), readTree(world, repository, side)]);
  for (const path of paths) {
    const entry = chosen.get(path);
    if (entry === undefined) files.delete(path);
    else files.set(path, entry);
  }
  return writeTree(world, repository, files);
}
