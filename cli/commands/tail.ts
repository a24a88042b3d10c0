import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { readLines } from '../../audit/trail/record.ts';
import { searchTrail } from '../../audit/trail/search.ts';
import { type ConnectionOptions, connect } from '../connection.ts';
import { periodOf } from '../period.ts';
import { recordText } from '../render/record.ts';

/** As given on the command line. */
export interface TailOptions extends ConnectionOptions {
  readonly since: string;
  /** Shows records that hold this text. */
  readonly filter?: string;
  readonly json?: boolean;
  /** False ends after what is there. @default true */
  readonly follow: boolean;
}

const pollMilliseconds = 1000;
/** Records can reach the log group out of order; so far back each look begins again. */
const overlapMilliseconds = 30_000;

/** Prints the trail as it is written, until it is interrupted; answers the exit code. */
export async function tail(options: TailOptions): Promise<number> {
  const logs = new CloudWatchLogsClient(connect('devops', options));
  const shown = new Map<string, number>();
  let { from } = periodOf(options.since);
  const pattern = options.filter === undefined ? '' : JSON.stringify(options.filter);
  for (;;) {
    const begun = Date.now();
    const { records } = readLines(await searchTrail(logs, { from, until: begun + 60_000 }, pattern));
    for (const record of records.filter(({ eventId }) => !shown.has(eventId))) {
      shown.set(record.eventId, record.recordedAt);
      console.log(options.json === true ? JSON.stringify(record) : recordText(record));
    }
    if (!options.follow) return 0;
    from = Math.max(from, begun - overlapMilliseconds);
    for (const [eventId, recordedAt] of shown) if (recordedAt < from) shown.delete(eventId);
    await sleep(pollMilliseconds);
  }
}
