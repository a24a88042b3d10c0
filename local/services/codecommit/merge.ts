import { AwsError } from '../../world/failure.ts';
import type { Call } from '../../world/service.ts';
import { announceRefs } from './announce.ts';
import { authorOf } from './commit-files.ts';
import { readCommit } from './commits.ts';
import {
  type ConflictDetail,
  type ConflictStrategy,
  type MergeOption,
  mergeTrees,
  type Tips,
  tipsOf,
} from './merge-result.ts';
import { moveRef } from './move-ref.ts';
import { writeCommit } from './objects.ts';
import { branchRef } from './refs.ts';
import type { Repository } from './tables.ts';

/** A merge of one commit into another. */
export interface Merging {
  readonly repository: Repository;
  readonly option: MergeOption;
  readonly source: string;
  readonly destination: string;
  readonly detail: ConflictDetail;
  readonly strategy: ConflictStrategy;
  readonly message?: string | undefined;
  readonly authorName?: string | undefined;
  readonly email?: string | undefined;
}

/**
 * Merges into a branch, moves it and tells so. Throws ManualMergeRequiredException for conflicts, TipsDivergenceExceededException, and
 * ConcurrentReferenceUpdateException when the branch moved meanwhile.
 */
export async function mergeInto(
  call: Call,
  branch: string,
  merging: Merging,
): Promise<{ commitId: string; treeId: string }> {
  const { world } = call;
  const { repository, option, source, destination } = merging;
  const tips = await tipsOf(world, repository, source, destination);
  const commitId =
    option === 'FAST_FORWARD_MERGE' ? fastForward(tips) : await commitMerged(call, merging, tips, branch);
  const { treeId } = await readCommit(world, repository, commitId);
  const change = { ref: branchRef(branch), before: destination, after: commitId };
  if (destination !== commitId) await moveRef(world, repository, change);
  announceRefs(world, repository, [{ ...change, merge: mergeFields(merging, tips) }], call.caller, call.cause);
  return { commitId, treeId };
}

/** What an event tells of a merge. Source: facts 1.1. A fast-forward has no conflicts to speak of. */
export const mergeFields = ({ option, detail, strategy }: Merging, { base, source, destination }: Tips) => ({
  baseCommitId: base,
  sourceCommitId: source,
  destinationCommitId: destination,
  mergeOption: option,
  conflictDetailsLevel: detail,
  conflictResolutionStrategy: strategy,
});

function fastForward({ base, destination, source }: Tips): string {
  if (base !== destination) throw manual('the destination has commits that the source has not: merge in another way');
  return source;
}

/** Writes the commit of a merge that is no fast-forward; nothing points at it yet. Throws ManualMergeRequiredException. */
export async function commitMerged(call: Call, merging: Merging, tips: Tips, into: string): Promise<string> {
  const { world } = call;
  const { repository, option, source, destination } = merging;
  const result = await mergeTrees(world, repository, tips, merging);
  if ('conflicts' in result) {
    const paths = result.conflicts.map(({ path }) => path);
    const more = paths.length > 5 ? ` and ${paths.length - 5} more` : '';
    throw manual(`both sides changed ${paths.slice(0, 5).join(', ')}${more}`);
  }
  return writeCommit(world, repository, {
    treeId: result.treeId,
    parents: option === 'SQUASH_MERGE' ? [destination] : [destination, source],
    author: authorOf(call, merging),
    message: merging.message ?? `Merge ${source} into ${into}`,
  });
}

const manual = (why: string) =>
  new AwsError('ManualMergeRequiredException', `The pull request or branches cannot be merged automatically: ${why}`);
