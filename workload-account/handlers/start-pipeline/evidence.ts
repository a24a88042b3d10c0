import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetCommitCommand } from '@aws-sdk/client-codecommit';
import { evidencePattern, type Finished, finishedIn, type Required } from '../../../events/evidence.ts';
import { trailLogGroupName } from '../../../shared/names.ts';
import type { Performs, Place } from './place.ts';

const day = 24 * 60 * 60_000;

/** How far back evidence is looked for, in steps: what is young is found soon. What is older than 30 days counts no longer. */
const reaches = [day, 7 * day, 30 * day] as const;

/** Pages of the trail that are read at most for one environment, and how long: the function ends after 60 s, and has other pipelines to look at. */
const pagesAtMost = 60;
const timeMilliseconds = 12_000;

/** Commits whose tree is compared with the head's, newest first. */
const treesAtMost = 20;

/** Whether each required environment finished the commit, or one with the same tree, within 30 days: by the DevOps account's trail. */
export async function readEvidence(
  place: Place,
  { commitId }: Parameters<Performs['read-evidence']>[0],
): ReturnType<Performs['read-evidence']> {
  const required = place.own.requires ?? [];
  const proofs = await Promise.all(
    required.map(async (each) => ({ ...each, proof: await finishedBy(place, each, commitId) })),
  );
  const missing = proofs.flatMap(({ environment, pipeline, proof }) =>
    typeof proof === 'string' ? [`${environment} has not finished this commit (${pipeline}: ${proof})`] : [],
  );
  if (missing.length > 0) return { missing: missing.join('; ') };
  const found = proofs.flatMap(({ environment, proof }) =>
    typeof proof === 'string'
      ? []
      : [
          `${environment} finished ${proof.commitId === commitId ? 'it' : `its tree as ${proof.commitId}`} in execution ${proof.executionId}`,
        ],
  );
  return { missing: null, found: found.join('; ') };
}

/** The execution that is the evidence, or in words why there is none. */
async function finishedBy(place: Place, required: Required, commitId: string): Promise<Finished | string> {
  const trees = treeOf(place);
  const compared = new Set<string>();
  const lines: string[] = [];
  const limit = { pages: pagesAtMost, until: place.clients.now() + timeMilliseconds };
  let until = place.clients.now();
  const now = until;
  for (const reach of reaches) {
    const isWhole = await readTrail(place, required, { from: now - reach, until }, lines, limit);
    const finished = finishedIn(lines, required);
    const same = finished.find((each) => each.commitId === commitId);
    if (same !== undefined) return same;
    for (const each of [...finished].reverse()) {
      if (compared.size >= treesAtMost) break;
      if (compared.has(each.commitId)) continue;
      compared.add(each.commitId);
      const tree = await trees(each.commitId);
      if (tree !== null && tree === (await trees(commitId))) return each;
    }
    if (!isWhole) return 'the trail is longer than can be read here; asked again at the next look';
    until = now - reach;
  }
  return 'no finished execution of it or of its tree is on the trail of the last 30 days';
}

/** Reads a part of the trail into `lines`; false when the limits did not suffice. */
async function readTrail(
  { clients }: Place,
  required: Required,
  { from, until }: { readonly from: number; readonly until: number },
  lines: string[],
  limit: { pages: number; readonly until: number },
): Promise<boolean> {
  let next: string | undefined;
  do {
    if (limit.pages === 0 || clients.now() >= limit.until) return false;
    limit.pages -= 1;
    const page = await clients.trail.send(
      new FilterLogEventsCommand({
        logGroupName: trailLogGroupName,
        filterPattern: evidencePattern(required),
        startTime: from,
        // A line of this very moment has come already.
        endTime: until + 1,
        ...(next === undefined ? {} : { nextToken: next }),
      }),
    );
    lines.push(...(page.events ?? []).map(({ message = '' }) => message));
    next = page.nextToken;
  } while (next !== undefined);
  return true;
}

/** The tree of a commit, null for a commit that is gone; each is asked for once. */
function treeOf({ clients, own }: Place): (commitId: string) => Promise<string | null> {
  const known = new Map<string, Promise<string | null>>();
  const asked = async (commitId: string): Promise<string | null> => {
    try {
      const { commit } = await clients.codecommit.send(
        new GetCommitCommand({ repositoryName: own.repository, commitId }),
      );
      return commit?.treeId ?? null;
    } catch (error) {
      if (/^Commit\w*DoesNotExistException$/.test((error as Error).name)) return null;
      throw error;
    }
  };
  return (commitId) => {
    const answer = known.get(commitId) ?? asked(commitId);
    known.set(commitId, answer);
    return answer;
  };
}
