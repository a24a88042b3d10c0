import { AwsError } from '../../world/failure.ts';
import type { Call } from '../../world/service.ts';
import { announceRefs } from './announce.ts';
import { git, gitText } from './git.ts';
import { headOf } from './refs.ts';
import type { Repository } from './tables.ts';

/** How CodeCommit merges. */
export type MergeOption = 'FAST_FORWARD_MERGE' | 'SQUASH_MERGE' | 'THREE_WAY_MERGE';

/** A merge of one commit into a branch. */
export interface Merging {
  readonly repository: Repository;
  readonly option: MergeOption;
  readonly sourceCommitId: string;
  /** The branch that moves. */
  readonly branch: string;
  readonly message?: string;
  readonly authorName?: string;
  readonly email?: string;
}

/**
 * Merges into a branch, moves it and tells so. Conflicts are left to people: ManualMergeRequiredException. Throws
 * ConcurrentReferenceUpdateException when the branch moved meanwhile.
 */
export async function mergeInto(call: Call, merging: Merging): Promise<{ commitId: string; treeId: string }> {
  const { world } = call;
  const { repository, option, sourceCommitId, branch } = merging;
  const destinationCommitId = headOf(repository, branch);
  const baseCommitId = await mergeBase(call, repository, destinationCommitId, sourceCommitId);
  const commitId =
    option === 'FAST_FORWARD_MERGE'
      ? fastForward(baseCommitId, destinationCommitId, sourceCommitId)
      : await commitMerged(call, merging, destinationCommitId);
  const moved = await git(world, repository.directory, [
    'update-ref',
    `refs/heads/${branch}`,
    commitId,
    destinationCommitId,
  ]);
  if (moved.code !== 0)
    throw new AwsError('ConcurrentReferenceUpdateException', `Branch ${branch} has changed since the merge began`);
  const merge = {
    baseCommitId,
    sourceCommitId,
    destinationCommitId,
    mergeOption: option,
    conflictDetailsLevel: 'LINE_LEVEL',
    conflictResolutionStrategy: 'NONE',
  };
  announceRefs(
    world,
    repository,
    [{ ref: `refs/heads/${branch}`, before: destinationCommitId, after: commitId, merge }],
    call.caller,
    call.cause,
  );
  return { commitId, treeId: await gitText(world, repository.directory, ['rev-parse', `${commitId}^{tree}`]) };
}

async function mergeBase({ world }: Call, { directory }: Repository, left: string, right: string): Promise<string> {
  const { code, stdout } = await git(world, directory, ['merge-base', left, right]);
  if (code !== 0) throw new AwsError('TipsDivergenceExceededException', 'The commits have no common ancestor');
  return stdout.toString().trim();
}

function fastForward(base: string, destination: string, source: string): string {
  if (base !== destination)
    throw manual('a fast-forward merge is not possible: the destination has commits of its own');
  return source;
}

async function commitMerged(
  { world }: Call,
  { repository, option, sourceCommitId, branch, ...rest }: Merging,
  destination: string,
): Promise<string> {
  const merged = await git(world, repository.directory, ['merge-tree', '--write-tree', destination, sourceCommitId]);
  if (merged.code > 1) throw new AwsError('GitFailed', `merging needs git 2.38 or newer: ${merged.stderr.trim()}`, 500);
  if (merged.code === 1) throw manual('the changes conflict: merge locally and push');
  const tree = merged.stdout.toString().split('\n')[0] ?? '';
  const parents = option === 'SQUASH_MERGE' ? ['-p', destination] : ['-p', destination, '-p', sourceCommitId];
  const environment = {
    ...(rest.authorName === undefined ? {} : { GIT_AUTHOR_NAME: rest.authorName, GIT_COMMITTER_NAME: rest.authorName }),
    ...(rest.email === undefined ? {} : { GIT_AUTHOR_EMAIL: rest.email, GIT_COMMITTER_EMAIL: rest.email }),
  };
  const message = rest.message ?? `Merge ${sourceCommitId} into ${branch}`;
  return gitText(world, repository.directory, ['commit-tree', tree, ...parents], { input: message, environment });
}

const manual = (why: string) =>
  new AwsError('ManualMergeRequiredException', `The pull request or branches cannot be merged automatically: ${why}`);
