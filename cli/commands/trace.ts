import { writeFile } from 'node:fs/promises';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { findJourneys, isTraceable } from '../../audit/trail/search.ts';
import { Fault } from '../../shared/fault.ts';
import { type ConnectionOptions, connect } from '../connection.ts';
import { periodOf } from '../period.ts';
import { progressLine } from '../render/progress.ts';
import { traceText } from '../render/trace.ts';
import { tracePage } from '../render/trace-page.ts';

/** As given on the command line. */
export interface TraceOptions extends ConnectionOptions {
  readonly since: string;
  readonly json?: boolean;
  /** A file for the page. */
  readonly html?: string;
}

/** Prints the journeys of a commit, merge id, event id or execution id; answers the exit code, 1 when the trail knows nothing of it. */
export async function trace(id: string, options: TraceOptions): Promise<number> {
  if (!isTraceable(id)) throw new Fault('IdUnknown', `'${id}' is neither a commit nor a UUID`);
  const logs = new CloudWatchLogsClient(connect('devops', options));
  const progress = progressLine('records of the trail read');
  const journeys = await findJourneys(logs, periodOf(options.since), id, progress.show);
  progress.clear();
  if (journeys.length === 0) {
    console.error(`the trail of the last ${options.since} holds nothing about '${id}': look further back with --since`);
    return 1;
  }
  if (options.html !== undefined) {
    await writeFile(options.html, tracePage(journeys));
    console.log(`written to ${options.html}`);
  } else if (options.json === true) console.log(JSON.stringify(journeys, undefined, 2));
  else console.log(journeys.map(traceText).join('\n\n'));
  return 0;
}
