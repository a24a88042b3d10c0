import type { World } from '../../world/world.ts';
import { git } from './git.ts';
import type { Repository } from './tables.ts';

/** Lines of one file: from `start`, counted from 0, up to and without `end`. */
export interface LineRange {
  readonly start: number;
  readonly end: number;
}

/** A stretch of a file that one side or both changed. */
export interface MergeHunk {
  /** Both sides changed it, and not in the same way. */
  readonly isConflict: boolean;
  readonly source: LineRange;
  readonly destination: LineRange;
  readonly base: LineRange;
}

/** What one side made of some lines of the base. */
interface Edit {
  readonly base: LineRange;
  readonly own: LineRange;
}

/** The three versions of a file's content, as blobs. */
export interface Versions {
  readonly source: string;
  readonly destination: string;
  readonly base: string;
}

/**
 * The hunks of a three-way merge, as git makes them: edits of the two sides that overlap or touch are one hunk. `lines` are those of
 * the two sides, to tell the same edit from another one.
 */
export async function mergeHunks(
  world: World,
  repository: Repository,
  { source, destination, base }: Versions,
  lines: { readonly source: readonly string[]; readonly destination: readonly string[] },
): Promise<readonly MergeHunk[]> {
  const [theirs, ours] = await Promise.all([
    edits(world, repository, base, source),
    edits(world, repository, base, destination),
  ]);
  return grouped(theirs, ours).map((group) => hunkOf(group, theirs, ours, lines));
}

async function edits(world: World, { directory }: Repository, from: string, to: string): Promise<readonly Edit[]> {
  if (from === to) return [];
  const plain = ['--no-ext-diff', '--no-textconv', '--no-color', '--text', '--histogram', '-U0'];
  const { stdout } = await git(world, directory, ['diff', ...plain, from, to]);
  // Split by hand: a carriage return in a file begins a line for RegExp, and not for git.
  const lines = stdout.toString('latin1').split('\n');
  return lines.flatMap((line) => {
    const [head, baseStart, baseCount, ownStart, ownCount] =
      /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line) ?? [];
    return head === undefined ? [] : [{ base: range(baseStart, baseCount), own: range(ownStart, ownCount) }];
  });
}

/** Git counts lines from 1; a range of no lines names the line before it. */
function range(first = '', count = '1'): LineRange {
  const start = count === '0' ? Number(first) : Number(first) - 1;
  return { start, end: start + Number(count) };
}

/** The stretches of the base that are edited, each with what overlaps or touches. */
function grouped(theirs: readonly Edit[], ours: readonly Edit[]): readonly LineRange[] {
  const all = [...theirs, ...ours].map(({ base }) => base).sort((a, b) => a.start - b.start || a.end - b.end);
  const groups: LineRange[] = [];
  for (const { start, end } of all) {
    const last = groups.at(-1);
    if (last === undefined || start > last.end) groups.push({ start, end });
    else groups[groups.length - 1] = { start: last.start, end: Math.max(last.end, end) };
  }
  return groups;
}

function hunkOf(
  base: LineRange,
  theirs: readonly Edit[],
  ours: readonly Edit[],
  lines: { readonly source: readonly string[]; readonly destination: readonly string[] },
): MergeHunk {
  const [source, destination] = [mapped(base, theirs), mapped(base, ours)];
  const touched = (all: readonly Edit[]) => all.some((edit) => within(edit, base));
  const text = (of: readonly string[], { start, end }: LineRange) => of.slice(start, end).join('');
  const differs = text(lines.source, source) !== text(lines.destination, destination);
  return { isConflict: touched(theirs) && touched(ours) && differs, source, destination, base };
}

const within = ({ base }: Edit, { start, end }: LineRange) => base.start >= start && base.end <= end;

/** Where a stretch of the base is on a side: moved by what was edited before it, and as long as its own edits made it. */
function mapped({ start, end }: LineRange, all: readonly Edit[]): LineRange {
  const grown = (edits: readonly Edit[]) =>
    edits.reduce((sum, { base, own }) => sum + (own.end - own.start) - (base.end - base.start), 0);
  const inside = all.filter((edit) => within(edit, { start, end }));
  const before = grown(all.filter((edit) => !inside.includes(edit) && edit.base.end <= start));
  return { start: start + before, end: end + before + grown(inside) };
}
