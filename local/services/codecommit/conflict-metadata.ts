import type { World } from '../../world/world.ts';
import { blobSizes, readBlobs } from './blobs.ts';
import type { Side } from './diff.ts';
import { type LineRange, type MergeHunk, mergeHunks } from './merge-hunks.ts';
import type { Conflict, ConflictDetail } from './merge-result.ts';
import type { Repository } from './tables.ts';
import { fileModes } from './trees.ts';

/** A file as the two sides and their ancestor have it; a side that has it not is undefined. */
export interface FileSides {
  readonly path: string;
  readonly source: Side | undefined;
  readonly destination: Side | undefined;
  readonly base: Side | undefined;
  /** What each side did to it, if anything. */
  readonly operations: { readonly source: string | undefined; readonly destination: string | undefined };
}

/** The sides of a file that at least one side changed. */
export function sidesOf({ path, source, destination }: Conflict): FileSides {
  const base = source?.beforeBlob ?? destination?.beforeBlob;
  return {
    path,
    source: source === undefined ? base : source.afterBlob,
    destination: destination === undefined ? base : destination.afterBlob,
    base,
    operations: { source: source?.changeType, destination: destination?.changeType },
  };
}

/** A file of a merge as the API describes it: what differs, and its hunks with their content. */
export interface DescribedFile {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly hunks: readonly object[];
}

/** Describes files of a merge; `inConflict` are the paths that are not merged by themselves. */
export async function describeFiles(
  world: World,
  repository: Repository,
  files: readonly FileSides[],
  inConflict: ReadonlySet<string>,
  detail: ConflictDetail,
): Promise<readonly DescribedFile[]> {
  const ids = files
    .flatMap(({ source, destination, base }) => [source, destination, base])
    .flatMap((side) => side?.blobId ?? []);
  const sizes = await blobSizes(world, repository, [...new Set(ids)]);
  const contents = await readBlobs(world, repository, sizes);
  const found: DescribedFile[] = [];
  // One after another: each may take two processes.
  for (const file of files)
    found.push(await described(world, repository, file, { sizes, contents }, inConflict.has(file.path), detail));
  return found;
}

interface Blobs {
  readonly sizes: ReadonlyMap<string, number>;
  readonly contents: ReadonlyMap<string, Buffer>;
}

async function described(
  world: World,
  repository: Repository,
  file: FileSides,
  { sizes, contents }: Blobs,
  isConflict: boolean,
  detail: ConflictDetail,
): Promise<DescribedFile> {
  const each = <Value>(read: (side: Side | undefined) => Value) => ({
    source: read(file.source),
    destination: read(file.destination),
    base: read(file.base),
  });
  const text = each((side) => linesOf(contents.get(side?.blobId ?? '')));
  const hunks = await hunksOf(world, repository, file, text, isConflict, detail);
  const both = file.source !== undefined && file.destination !== undefined;
  const differ = (read: (side: Side | undefined) => unknown) =>
    isConflict && read(file.source) !== read(file.destination);
  const [modes, types] = [both && differ((side) => side?.mode), both && differ((side) => objectType(side?.mode))];
  const clashes = hunks.filter((hunk) => hunk.isConflict).length + Number(modes) + Number(types);
  return {
    metadata: {
      filePath: file.path,
      fileSizes: each((side) => sizes.get(side?.blobId ?? '') ?? 0),
      fileModes: each((side) => fileModes[side?.mode ?? '']),
      objectTypes: each((side) => objectType(side?.mode)),
      numberOfConflicts: isConflict ? Math.max(1, clashes) : 0,
      isBinaryFile: each((side) => isBinary(contents.get(side?.blobId ?? ''))),
      contentConflict: differ((side) => side?.blobId),
      fileModeConflict: modes,
      objectTypeConflict: types,
      mergeOperations: file.operations,
    },
    hunks: hunks.map((hunk) => shownHunk(hunk, text)),
  };
}

/** The lines of a text with their ends, a character for each byte; undefined for what has no lines. */
function linesOf(content: Buffer | undefined): readonly string[] | undefined {
  if (content === undefined || isBinary(content)) return undefined;
  return content.toString('latin1').match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** As git decides it. */
const isBinary = (content: Buffer | undefined): boolean => content?.subarray(0, 8000).includes(0) ?? false;

type Text = Readonly<Record<'source' | 'destination' | 'base', readonly string[] | undefined>>;

/** Whole files are one hunk, and so is what one side has not; content that has no lines has no hunks. */
async function hunksOf(
  world: World,
  repository: Repository,
  { source, destination, base }: FileSides,
  text: Text,
  isConflict: boolean,
  detail: ConflictDetail,
): Promise<readonly MergeHunk[]> {
  if (text.source === undefined && text.destination === undefined) return [];
  if (source !== undefined && destination !== undefined && base !== undefined && detail === 'LINE_LEVEL') {
    if (text.source === undefined || text.destination === undefined || text.base === undefined) return [];
    const versions = { source: source.blobId, destination: destination.blobId, base: base.blobId };
    const found = await mergeHunks(world, repository, versions, { source: text.source, destination: text.destination });
    return isConflict ? found : found.map((hunk) => ({ ...hunk, isConflict: false }));
  }
  const whole = (lines: readonly string[] | undefined): LineRange => ({ start: 0, end: lines?.length ?? 0 });
  return [{ isConflict, source: whole(text.source), destination: whole(text.destination), base: whole(text.base) }];
}

function shownHunk({ isConflict, ...ranges }: MergeHunk, text: Text): object {
  const side = (name: 'source' | 'destination' | 'base') => {
    const { start, end } = ranges[name];
    const content = (text[name] ?? []).slice(start, end).join('');
    return { startLine: start, endLine: end, hunkContent: Buffer.from(content, 'latin1').toString('base64') };
  };
  return { isConflict, source: side('source'), destination: side('destination'), base: side('base') };
}

const objectType = (mode: string | undefined): string | undefined => {
  if (mode === undefined) return undefined;
  return { '120000': 'SYMBOLIC_LINK', '160000': 'GIT_LINK' }[mode] ?? 'FILE';
};
