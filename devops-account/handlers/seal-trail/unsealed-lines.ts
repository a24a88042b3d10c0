import { type CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import type { LoggedLine } from '../../../events/trail-record.ts';
import { inOrder, type SealedHead } from '../../../events/trail-seal.ts';
import type { SealedBucket } from './sealed-bucket.ts';

/** EventBridge tries for 24 hours to deliver an event; a line can come that late, and some time more. In milliseconds. */
const lateness = 48 * 3_600_000;

/** How far the trail is sealed, and up to when it is to be (milliseconds since 1970, exclusive). */
interface Window {
  readonly bucket: SealedBucket;
  readonly last: SealedHead | undefined;
  readonly until: number;
}

/** The lines of the log group that no head names, in the order they are sealed. It looks 48 hours behind the last head, for lines that came late. */
export async function unsealedLines(
  logs: CloudWatchLogsClient,
  logGroupName: string,
  { bucket, last, until }: Window,
): Promise<readonly LoggedLine[]> {
  const from = last === undefined ? 0 : Math.max(0, Date.parse(last.head.until) - lateness);
  const sealed = await sealedSince(bucket, last, from);
  const lines = new Map<string, LoggedLine>();
  const pages = paginateFilterLogEvents({ client: logs }, { logGroupName, startTime: from, endTime: until - 1 });
  for await (const { events = [] } of pages)
    for (const { eventId = '', timestamp = 0, ingestionTime = 0, message = '' } of events)
      if (timestamp < until && !sealed.has(eventId)) lines.set(eventId, { eventId, timestamp, ingestionTime, message });
  return inOrder([...lines.values()]);
}

/**
 * What heads name, back to the one whose window ended before a moment: a line of that moment or later can stand in no head before, since
 * no head names lines of a time after its window.
 */
async function sealedSince(
  bucket: SealedBucket,
  last: SealedHead | undefined,
  from: number,
): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  let each = last;
  while (each !== undefined && Date.parse(each.head.until) >= from) {
    for (const id of each.head.logEventIds) ids.add(id);
    each = each.head.number === 1 ? undefined : await bucket.head(each.head.number - 1);
  }
  return ids;
}
