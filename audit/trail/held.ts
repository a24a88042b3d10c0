import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { startDecidedSource } from '../../events/start-decided.ts';
import { readLines, type TrailRecord } from './record.ts';
import { searchTrail } from './search.ts';

/** Merges that wait in a pipeline. */
export interface HeldMerges {
  readonly pipeline: string;
  /** How many commits the head of the branch has been while it is held. */
  readonly count: number;
  /** The one that goes when nothing holds it any longer. */
  readonly newest: string | null;
  readonly reason: string;
  /** ISO 8601; null when nobody knows. */
  readonly until: string | null;
}

const minute = 60_000;

/** The sweep tells of what is held every 5 minutes, so what was not told of for longer is held no more. */
const freshMilliseconds = 15 * minute;

/** Merges are counted this far back. */
const countedMilliseconds = 30 * 24 * 60 * minute;

/** What is held in the pipelines of an environment at a moment (milliseconds since 1970), by the trail. */
export async function heldMerges(
  logs: CloudWatchLogsClient,
  pipelines: readonly string[],
  now: number,
): Promise<readonly HeldMerges[]> {
  const all = await Promise.all(pipelines.map((pipeline) => heldIn(logs, pipeline, now)));
  return all.filter((held) => held !== null);
}

async function heldIn(logs: CloudWatchLogsClient, pipeline: string, now: number): Promise<HeldMerges | null> {
  const until = now + minute;
  const own = `$.source = "${startDecidedSource}" && $.detail.pipeline = "${pipeline}"`;
  const fresh = await decisions(logs, { from: now - freshMilliseconds, until }, `{ ${own} }`);
  const newest = fresh.at(-1);
  if (newest?.outcome !== 'held') return null;
  const ends = ['held', 'started', 'unannounced', 'not-concerned'].map((outcome) => `$.detail.outcome = "${outcome}"`);
  const period = { from: now - countedMilliseconds, until };
  const told = await decisions(logs, period, `{ ${own} && (${ends.join(' || ')}) }`);
  const since = told.slice(told.findLastIndex(({ outcome }) => outcome !== 'held') + 1);
  const commits = new Set(since.map(({ commitId }) => commitId));
  return {
    pipeline,
    count: Math.max(1, commits.size),
    newest: newest.commitId,
    reason: newest.reason,
    until: newest.until,
  };
}

/** The starter's reports, oldest decision first. */
async function decisions(logs: CloudWatchLogsClient, period: { from: number; until: number }, pattern: string) {
  const { records } = readLines(await searchTrail(logs, period, pattern));
  return records
    .flatMap((record: TrailRecord) => (record.fact === 'decided' ? [record.decision] : []))
    .sort((a, b) => a.decidedAt.localeCompare(b.decidedAt));
}
