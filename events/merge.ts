import { z } from 'zod';
import { arn, branchName, commitId, repositoryName } from './fields.ts';
import { envelope, readReceived } from './reading.ts';

/** A branch points at another commit, whichever way that happened. Source: facts 1.1. */
export interface Merge {
  /** UUID of AWS's event. */
  readonly eventId: string;
  /** The account that owns the repository. */
  readonly account: string;
  readonly region: string;
  /** ISO 8601 in UTC, to the second, as EventBridge stamps it. */
  readonly at: string;
  readonly repository: string;
  readonly branch: string;
  /** 40 hexadecimal digits: where the branch points now. */
  readonly commitId: string;
  /** Where it pointed before; null for a new branch. */
  readonly previousCommitId: string | null;
  /** How AWS merged, when the merge was made by its API or console; null for a push. */
  readonly mergeOption: MergeOption | null;
  /** Who did it. AWS leaves it out at times; it may hold a person's e-mail address. */
  readonly callerArn: string | null;
}

/** How CodeCommit's API merges. Source: facts 1.1. */
export type MergeOption = z.infer<typeof mergeOption>;

const mergeOption = z.enum(['FAST_FORWARD_MERGE', 'SQUASH_MERGE', 'THREE_WAY_MERGE']);

/** Who publishes AWS's event. */
export const mergeSource = 'aws.codecommit';

/** AWS's name for it; tags, deletions and unreferenced merge commits share it and are not merges of ours. */
export const mergeDetailType = 'CodeCommit Repository State Change';

const changeOfBranch = {
  repositoryName,
  referenceType: z.literal('branch'),
  referenceName: branchName,
  referenceFullName: z.string().optional(),
  commitId,
  mergeOption: mergeOption.optional(),
  callerUserArn: arn.optional(),
};

const detail = z
  .discriminatedUnion('event', [
    z.object({ event: z.literal('referenceCreated'), ...changeOfBranch }),
    z.object({ event: z.literal('referenceUpdated'), oldCommitId: commitId, ...changeOfBranch }),
  ])
  .refine(
    ({ referenceName, referenceFullName = `refs/heads/${referenceName}` }) =>
      referenceFullName === `refs/heads/${referenceName}`,
    { message: 'is not the full name of the branch in referenceName', path: ['referenceFullName'] },
  );

const schema = envelope(mergeSource, mergeDetailType, detail);

/** Reads AWS's event into our words; throws EventMalformed rather than guess. */
export function parseMerge(event: unknown): Merge {
  const { id, account, region, at, detail: change } = readReceived(schema, event);
  return {
    eventId: id,
    account,
    region,
    at,
    repository: change.repositoryName,
    branch: change.referenceName,
    commitId: change.commitId,
    previousCommitId: change.event === 'referenceUpdated' ? change.oldCommitId : null,
    mergeOption: change.mergeOption ?? null,
    callerArn: change.callerUserArn ?? null,
  };
}

/**
 * The pattern of the rule on the DevOps account's default bus. A tag named as a branch raises the same event, so the type
 * of the reference is matched too.
 */
export function mergePattern(of: {
  readonly account: string;
  readonly repositories: readonly string[];
  readonly branches: readonly string[];
}) {
  return {
    source: [mergeSource],
    account: [of.account],
    'detail-type': [mergeDetailType],
    detail: {
      event: ['referenceCreated', 'referenceUpdated'],
      repositoryName: [...new Set(of.repositories)].sort(),
      referenceType: ['branch'],
      referenceName: [...new Set(of.branches)].sort(),
    },
  };
}
