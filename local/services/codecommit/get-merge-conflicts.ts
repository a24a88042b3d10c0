import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { pageOf } from '../page.ts';
import { resolveSpecifier } from './commits.ts';
import type { Side } from './diff.ts';
import { git } from './git.ts';
import { mergeChoices } from './merge-input.ts';
import { type Conflict, type MergeOption, mergeTrees, type Tips, tipsOf } from './merge-result.ts';
import { findRepository, type Repository, repositoryAccess } from './tables.ts';
import { fileModes } from './trees.ts';

const longestPage = 100;

/** Whether two commits can be merged, and the files in the way. Simplified: a file counts as one conflict, however many lines clash. */
export const getMergeConflicts = operation({
  simplified: 'A file counts as one conflict, however many of its lines clash.',
  input: z.object({
    repositoryName: z.string(),
    sourceCommitSpecifier: z.string(),
    destinationCommitSpecifier: z.string(),
    mergeOption: z.enum(['FAST_FORWARD_MERGE', 'SQUASH_MERGE', 'THREE_WAY_MERGE']),
    conflictDetailLevel: mergeChoices.conflictDetailLevel,
    conflictResolutionStrategy: mergeChoices.conflictResolutionStrategy,
    maxConflictFiles: z.int().optional(),
    nextToken: z.string().optional(),
  }),
  access: ({ repositoryName }, call) => [repositoryAccess('GetMergeConflicts', repositoryName, call)],
  run: async (input, { world, ...call }) => {
    const repository = findRepository(world, input.repositoryName, call);
    const size = input.maxConflictFiles ?? longestPage;
    if (size < 1) throw new AwsError('InvalidMaxConflictFilesException', 'maxConflictFiles must be at least 1');
    const source = await resolveSpecifier(world, repository, input.sourceCommitSpecifier);
    const destination = await resolveSpecifier(world, repository, input.destinationCommitSpecifier);
    const tips = await tipsOf(world, repository, source, destination);
    const [detail, strategy] = [input.conflictDetailLevel, input.conflictResolutionStrategy];
    const found = await conflictsOf(world, repository, tips, input.mergeOption, { detail, strategy });
    const page = pageOf(found ?? [], input.nextToken, Math.min(size, longestPage), 'InvalidContinuationTokenException');
    return {
      mergeable: found !== undefined && found.length === 0,
      sourceCommitId: source,
      destinationCommitId: destination,
      baseCommitId: tips.base,
      conflictMetadataList: await Promise.all(page.items.map((each) => shown(world, repository, each))),
      nextToken: page.next,
    };
  },
});

/** Undefined when the tips cannot be merged at all: a fast-forward that is none. */
async function conflictsOf(
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

async function shown(world: World, repository: Repository, { path, source, destination }: Conflict) {
  const sides = {
    source: source?.afterBlob,
    destination: destination?.afterBlob,
    base: source?.beforeBlob ?? destination?.beforeBlob,
  };
  const each = <Value>(read: (side: Side | undefined) => Value) => ({
    source: read(sides.source),
    destination: read(sides.destination),
    base: read(sides.base),
  });
  const sizes = await sizesOf(world, repository, Object.values(sides));
  const modeConflict = sides.source?.mode !== sides.destination?.mode;
  return {
    filePath: path,
    fileSizes: each((side) => sizes.get(side?.blobId ?? '') ?? 0),
    fileModes: each((side) => fileModes[side?.mode ?? '']),
    objectTypes: each((side) => objectType(side?.mode)),
    numberOfConflicts: 1,
    contentConflict: sides.source?.blobId !== sides.destination?.blobId,
    fileModeConflict: modeConflict,
    objectTypeConflict: objectType(sides.source?.mode) !== objectType(sides.destination?.mode),
    mergeOperations: { source: source?.changeType, destination: destination?.changeType },
  };
}

const objectType = (mode: string | undefined): string | undefined => {
  if (mode === undefined) return undefined;
  return { '120000': 'SYMBOLIC_LINK', '160000': 'GIT_LINK' }[mode] ?? 'FILE';
};

async function sizesOf(
  world: World,
  { directory }: Repository,
  sides: readonly (Side | undefined)[],
): Promise<ReadonlyMap<string, number>> {
  const ids = sides.filter((side) => side !== undefined).map(({ blobId }) => blobId);
  const { stdout } = await git(world, directory, ['cat-file', '--batch-check'], `${ids.join('\n')}\n`);
  const lines = stdout.toString().trim().split('\n');
  return new Map(lines.map((line) => [line.split(' ')[0] ?? '', Number(line.split(' ')[2] ?? 0)]));
}
