import { type CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { trailLogGroupName } from '../../shared/names.ts';
import { commitOf, type Journey, journeysOf } from './journey.ts';
import { readLines, type TrailLine, type TrailRecord } from './record.ts';

/** Which part of the trail is looked at, in milliseconds since 1970. */
export interface Period {
  readonly from: number;
  readonly until: number;
}

/** How a search tells that it is at work: the number of records found so far. */
export type Progress = (found: number) => void;

/** The lines of the trail that a filter pattern of CloudWatch Logs lets through. */
export async function searchTrail(
  logs: CloudWatchLogsClient,
  { from, until }: Period,
  filterPattern: string,
  progress: Progress = () => undefined,
): Promise<readonly TrailLine[]> {
  const lines: TrailLine[] = [];
  const pages = paginateFilterLogEvents(
    { client: logs },
    { logGroupName: trailLogGroupName, startTime: from, endTime: until, filterPattern },
  );
  for await (const { events = [] } of pages) {
    for (const { message = '', timestamp = 0 } of events) lines.push({ message, timestamp });
    progress(lines.length);
  }
  return lines;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const commit = /^[0-9a-f]{7,40}$/;

/** Whether a journey can be looked up by that text: a commit (7 to 40 hexadecimal digits) or a UUID. */
export const isTraceable = (id: string): boolean => uuid.test(id) || commit.test(id);

/**
 * The journeys of a commit, a merge id, an event id or an execution id. Ids lead to commits, commits to decisions and their executions, so it
 * asks the trail three times at most.
 */
export async function findJourneys(
  logs: CloudWatchLogsClient,
  period: Period,
  id: string,
  progress?: Progress,
): Promise<readonly Journey[]> {
  const search = async (pattern: string) => readLines(await searchTrail(logs, period, pattern, progress)).records;
  const named = await search(commit.test(id) ? commitPattern(id) : `"${id}"`);
  const commits = commit.test(id)
    ? commitsOf(named).filter((each) => each.startsWith(id))
    : await commitsBehind(named, id, search);
  if (commits.length === 0) return [];
  const about = await search(commits.map((each) => `?"${each}"`).join(' '));
  const executions = [
    ...new Set(about.flatMap((each) => (each.fact === 'decided' ? (each.decision.executionId ?? []) : []))),
  ];
  const changes = executions.length === 0 ? [] : await search(executions.map((each) => `?"${each}"`).join(' '));
  return journeysOf(once([...about, ...changes])).filter((journey) => commits.includes(journey.commitId));
}

const commitPattern = (prefix: string): string =>
  `{ $.detail.commitId = "${prefix}*" || $.detail.announced.commitId = "${prefix}*" }`;

const commitsOf = (records: readonly TrailRecord[]): readonly string[] => [
  ...new Set(
    records.flatMap((record) =>
      record.fact === 'announced'
        ? record.merge.commitId
        : record.fact === 'decided'
          ? (commitOf(record.decision) ?? [])
          : [],
    ),
  ),
];

/** The commits that records about an id name; of an execution that is its decision's, which names it by its id. */
async function commitsBehind(
  named: readonly TrailRecord[],
  id: string,
  search: (pattern: string) => Promise<readonly TrailRecord[]>,
): Promise<readonly string[]> {
  const direct = commitsOf(named);
  if (direct.length > 0) return direct;
  const [execution] = named.flatMap((record) => (record.fact === 'changed' ? record.change.executionId : []));
  return execution === undefined || execution === id ? [] : commitsOf(await search(`"${execution}"`));
}

const once = (records: readonly TrailRecord[]): readonly TrailRecord[] =>
  [...new Map(records.map((record) => [record.eventId, record])).values()].sort((a, b) => a.recordedAt - b.recordedAt);
