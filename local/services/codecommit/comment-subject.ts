import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import type { World } from '../../world/world.ts';
import type { Location, Subject } from './comment.ts';
import { readCommit } from './commits.ts';
import { checkFilePath } from './paths.ts';
import type { Repository } from './tables.ts';
import { readEntry } from './trees.ts';

/** Where a comment is put. */
export const location = z.object({
  filePath: z.string().optional(),
  filePosition: z.int().optional(),
  relativeFileVersion: z.string().optional(),
});

/** What a new comment is about, as it is asked for. */
export interface WantedSubject {
  readonly pullRequestId?: string;
  readonly beforeCommitId?: string | undefined;
  readonly afterCommitId: string;
  readonly location?: z.output<typeof location> | undefined;
}

/**
 * The subject of a comment, once its commits and its file are known to exist. Throws BeforeCommitIdAndAfterCommitIdAreSameException,
 * InvalidCommitIdException, CommitDoesNotExistException, InvalidFileLocationException, InvalidRelativeFileVersionEnumException,
 * InvalidFilePositionException, PathRequiredException, InvalidPathException, PathDoesNotExistException.
 */
export async function subjectOf(world: World, repository: Repository, wanted: WantedSubject): Promise<Subject> {
  const { beforeCommitId: before, afterCommitId: after, pullRequestId } = wanted;
  if (before === after)
    throw new AwsError('BeforeCommitIdAndAfterCommitIdAreSameException', 'The two commits to compare are the same');
  for (const id of [before, after])
    if (id !== undefined) await readCommit(world, repository, id, 'CommitDoesNotExistException');
  return {
    repositoryId: repository.id,
    ...(pullRequestId === undefined ? {} : { pullRequestId }),
    ...(before === undefined ? {} : { beforeCommitId: before }),
    afterCommitId: after,
    ...(await fileOf(world, repository, wanted)),
  };
}

async function fileOf(
  world: World,
  repository: Repository,
  { beforeCommitId: before, afterCommitId: after, location: given }: WantedSubject,
): Promise<Pick<Subject, 'beforeBlobId' | 'afterBlobId' | 'location'>> {
  if (given === undefined) return {};
  const where = checkLocation(given, before);
  const blobAt = async (commit: string | undefined) =>
    commit === undefined ? undefined : (await readEntry(world, repository, commit, where.filePath))?.id;
  const [beforeBlobId, afterBlobId] = [await blobAt(before), await blobAt(after)];
  const commented = where.relativeFileVersion === 'BEFORE' ? beforeBlobId : afterBlobId;
  if (commented === undefined)
    throw new AwsError('PathDoesNotExistException', `The path ${where.filePath} does not exist in the commit`);
  return {
    ...(beforeBlobId === undefined ? {} : { beforeBlobId }),
    ...(afterBlobId === undefined ? {} : { afterBlobId }),
    location: where,
  };
}

function checkLocation(
  { filePath, filePosition, relativeFileVersion }: z.output<typeof location>,
  before: string | undefined,
): Location {
  if (filePath === undefined) throw new AwsError('PathRequiredException', 'A location needs the path of its file');
  if (relativeFileVersion !== 'BEFORE' && relativeFileVersion !== 'AFTER')
    throw new AwsError(
      'InvalidRelativeFileVersionEnumException',
      `'${(relativeFileVersion ?? '').slice(0, 40)}' is no version of a file: use BEFORE or AFTER`,
    );
  if (relativeFileVersion === 'BEFORE' && before === undefined)
    throw new AwsError('InvalidFileLocationException', 'There is no commit before: the location must be AFTER');
  if (filePosition !== undefined && filePosition < 1)
    throw new AwsError(
      'InvalidFilePositionException',
      `${filePosition} is no line of a file: lines are counted from 1`,
    );
  return {
    filePath: checkFilePath(filePath),
    ...(filePosition === undefined ? {} : { filePosition }),
    relativeFileVersion,
  };
}
