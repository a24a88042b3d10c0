import { z } from 'zod';
import { arn, branchName, commitId, moment, repositoryName, uuid } from './fields.ts';
import type { Merge, MergeOption } from './merge.ts';
import { mergeIdOf, traceparentOf } from './merge-id.ts';
import type { Received } from './reading.ts';
import { envelope, readReceived } from './reading.ts';

/** Who announces: the DevOps account. */
export const branchMergedSource = 'mergecast.devops';

/** The announcement's name on every bus it travels. */
export const branchMergedDetailType = 'Branch Merged';

/**
 * How the branch moved, as far as it can be told. AWS names the option of a merge by its API or console, pull requests
 * included; of a push only the commit is known, so a fast-forward merge that was pushed reads `push`.
 */
const kindsOfMerge = [
  'fast-forward-merge',
  'squash-merge',
  'three-way-merge',
  'merge-commit-push',
  'push',
  'branch-created',
] as const;

/** One of {@link kindsOfMerge}. */
type KindOfMerge = (typeof kindsOfMerge)[number];

const detail = z.object({
  version: z.literal('1'),
  mergeId: uuid,
  repository: repositoryName,
  branch: branchName,
  commitId,
  previousCommitId: commitId.nullable(),
  parents: z.array(commitId).max(1024, 'holds more than 1,024 parents'),
  kind: z.enum(kindsOfMerge),
  mergedBy: arn.optional(),
  sourceEvent: z.object({ id: uuid, time: moment }),
  traceparent: z
    .string()
    .regex(/^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/, 'is not a W3C trace context of version 00'),
});

/**
 * Our announcement of a merge, version 1: everything an environment needs and no personal data but the caller's ARN
 * (which can hold a person's e-mail address as its session name). `mergeId` is the same for an event delivered twice;
 * `previousCommitId` is null for a new branch.
 */
export type BranchMerged = Readonly<z.infer<typeof detail>>;

const schema = envelope(branchMergedSource, branchMergedDetailType, detail);

/** Reads an announcement from a bus; throws EventMalformed rather than guess. */
export function parseBranchMerged(event: unknown): Received<BranchMerged> {
  return readReceived(schema, event);
}

/**
 * The pattern of an environment's rule, in both accounts. `account` is the publisher's and AWS sets it, so no other account
 * passes for DevOps.
 */
export function branchMergedPattern(of: {
  readonly account: string;
  readonly repositories: readonly string[];
  readonly branch: string;
}) {
  return {
    source: [branchMergedSource],
    account: [of.account],
    'detail-type': [branchMergedDetailType],
    detail: { repository: [...new Set(of.repositories)].sort(), branch: [of.branch] },
  };
}

/** Puts a merge into our words; `parents` are those of the commit, in git's order. */
export function announcementOf(merge: Merge, parents: readonly string[]): BranchMerged {
  const mergeId = mergeIdOf(merge.eventId);
  return {
    version: '1',
    mergeId,
    repository: merge.repository,
    branch: merge.branch,
    commitId: merge.commitId,
    previousCommitId: merge.previousCommitId,
    parents: [...parents],
    kind: kindOf(merge, parents.length),
    ...(merge.callerArn === null ? {} : { mergedBy: merge.callerArn }),
    sourceEvent: { id: merge.eventId, time: merge.at },
    traceparent: traceparentOf(mergeId),
  };
}

function kindOf(merge: Merge, parents: number): KindOfMerge {
  if (merge.mergeOption !== null) return kindOfOption[merge.mergeOption];
  if (merge.previousCommitId === null) return 'branch-created';
  return parents > 1 ? 'merge-commit-push' : 'push';
}

const kindOfOption: Readonly<Record<MergeOption, KindOfMerge>> = {
  FAST_FORWARD_MERGE: 'fast-forward-merge',
  SQUASH_MERGE: 'squash-merge',
  THREE_WAY_MERGE: 'three-way-merge',
};
