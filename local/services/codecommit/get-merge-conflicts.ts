import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { type Call, operation } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { pageOf } from '../page.ts';
import { resolveSpecifier } from './commits.ts';
import { describeFiles, type FileSides, sidesOf } from './conflict-metadata.ts';
import { mergeChoices } from './merge-input.ts';
import {
  type Changes,
  changesAt,
  changesOf,
  conflictsOf,
  type MergeOption,
  type Tips,
  tipsOf,
} from './merge-result.ts';
import { checkFilePath } from './paths.ts';
import { findRepository, type Repository, repositoryAccess } from './tables.ts';
import { readEntry } from './trees.ts';

const longestPage = 100;
const badToken = 'InvalidContinuationTokenException';
const lineCount = 'Lines of hunks are counted from 0 and a hunk ends before its end line, which AWS does not say.';

const asked = z.object({
  repositoryName: z.string(),
  sourceCommitSpecifier: z.string(),
  destinationCommitSpecifier: z.string(),
  mergeOption: z.enum(['FAST_FORWARD_MERGE', 'SQUASH_MERGE', 'THREE_WAY_MERGE']),
  conflictDetailLevel: mergeChoices.conflictDetailLevel,
  conflictResolutionStrategy: mergeChoices.conflictResolutionStrategy,
  nextToken: z.string().optional(),
});

/** A merge that is asked about. */
interface Asked {
  readonly repository: Repository;
  readonly tips: Tips;
  /** The paths in conflict, in order; undefined when the tips cannot be merged at all. */
  readonly conflicts: readonly string[] | undefined;
  readonly changes: Changes;
}

async function ask({ world, ...call }: Call, input: z.output<typeof asked>): Promise<Asked> {
  const repository = findRepository(world, input.repositoryName, call);
  const source = await resolveSpecifier(world, repository, input.sourceCommitSpecifier);
  const destination = await resolveSpecifier(world, repository, input.destinationCommitSpecifier);
  const tips = await tipsOf(world, repository, source, destination);
  const option: MergeOption = input.mergeOption;
  const choices = { detail: input.conflictDetailLevel, strategy: input.conflictResolutionStrategy };
  const found = await conflictsOf(world, repository, tips, option, choices);
  return {
    repository,
    tips,
    conflicts: found?.map(({ path }) => path),
    changes: await changesOf(world, repository, tips),
  };
}

const tipIds = ({ tips: { source, destination, base } }: Asked) => ({
  sourceCommitId: source,
  destinationCommitId: destination,
  baseCommitId: base,
});

function pageSize(given: number | undefined, code: string, name: string): number {
  if (given !== undefined && given < 1) throw new AwsError(code, `${name} must be at least 1`);
  return Math.min(given ?? longestPage, longestPage);
}

/** Whether two commits can be merged, and the files in the way. */
export const getMergeConflicts = operation({
  input: asked.extend({ maxConflictFiles: z.int().optional() }),
  access: ({ repositoryName }, call) => [repositoryAccess('GetMergeConflicts', repositoryName, call)],
  run: async (input, call) => {
    const size = pageSize(input.maxConflictFiles, 'InvalidMaxConflictFilesException', 'maxConflictFiles');
    const merge = await ask(call, input);
    const { items, next } = pageOf(merge.conflicts ?? [], input.nextToken, size, badToken);
    const files = await describe(call, merge, await filesAt(call, merge, items), input);
    return {
      mergeable: merge.conflicts?.length === 0,
      ...tipIds(merge),
      conflictMetadataList: files.map(({ metadata }) => metadata),
      nextToken: next,
    };
  },
});

const describe = ({ world }: Call, merge: Asked, files: readonly FileSides[], input: z.output<typeof asked>) =>
  describeFiles(world, merge.repository, files, new Set(merge.conflicts), input.conflictDetailLevel);

/** The sides of files; those that neither commit has are left out. */
async function filesAt({ world }: Call, merge: Asked, paths: readonly string[]): Promise<readonly FileSides[]> {
  const found: FileSides[] = [];
  for (const path of paths) {
    const changed = changesAt(merge.changes, path);
    const isChanged = changed.source !== undefined || changed.destination !== undefined;
    const file = isChanged ? sidesOf(changed) : await unchanged(world, merge, path);
    if (file !== undefined) found.push(file);
  }
  return found;
}

async function unchanged(world: World, { repository, tips }: Asked, path: string): Promise<FileSides | undefined> {
  const entry = await readEntry(world, repository, tips.base, path);
  if (entry === undefined || entry.mode === '040000') return undefined;
  const side = { blobId: entry.id, path, mode: entry.mode };
  const operations = { source: undefined, destination: undefined };
  return { path, source: side, destination: side, base: side, operations };
}

/** The hunks of one file of a merge, in pages. Throws FileDoesNotExistException. */
export const describeMergeConflicts = operation({
  simplified: lineCount,
  input: asked.extend({ filePath: z.string(), maxMergeHunks: z.int().optional() }),
  access: ({ repositoryName }, call) => [repositoryAccess('DescribeMergeConflicts', repositoryName, call)],
  run: async (input, call) => {
    const size = pageSize(input.maxMergeHunks, 'InvalidMaxMergeHunksException', 'maxMergeHunks');
    const path = checkFilePath(input.filePath);
    const merge = await ask(call, input);
    const [file] = await describe(call, merge, await filesAt(call, merge, [path]), input);
    if (file === undefined) throw new AwsError('FileDoesNotExistException', missing(path));
    const { items, next } = pageOf(file.hunks, input.nextToken, size, badToken);
    return { conflictMetadata: file.metadata, mergeHunks: items, ...tipIds(merge), nextToken: next };
  },
});

const missing = (path: string) => `${path} does not exist in any of the commits`;

/** The same for several files, or for all that are in conflict; those that do not exist are listed apart. */
export const batchDescribeMergeConflicts = operation({
  simplified: lineCount,
  input: asked.extend({
    filePaths: z.array(z.string()).optional(),
    maxMergeHunks: z.int().optional(),
    maxConflictFiles: z.int().optional(),
  }),
  access: ({ repositoryName }, call) => [repositoryAccess('BatchDescribeMergeConflicts', repositoryName, call)],
  run: async (input, call) => {
    const size = pageSize(input.maxConflictFiles, 'InvalidMaxConflictFilesException', 'maxConflictFiles');
    const hunks = pageSize(input.maxMergeHunks, 'InvalidMaxMergeHunksException', 'maxMergeHunks');
    const merge = await ask(call, input);
    const wanted = input.filePaths?.map(checkFilePath) ?? merge.conflicts ?? [];
    const { items, next } = pageOf(wanted, input.nextToken, size, badToken);
    const files = await filesAt(call, merge, items);
    const found = new Set(files.map(({ path }) => path));
    return {
      conflicts: (await describe(call, merge, files, input)).map((file) => ({
        conflictMetadata: file.metadata,
        mergeHunks: file.hunks.slice(0, hunks),
      })),
      errors: items
        .filter((path) => !found.has(path))
        .map((path) => ({ filePath: path, exceptionName: 'FileDoesNotExistException', message: missing(path) })),
      ...tipIds(merge),
      nextToken: next,
    };
  },
});
