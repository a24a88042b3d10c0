import { type CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { trailLogGroupName } from '../../shared/names.ts';
import type { Damage } from './damage.ts';
import type { Verdict } from './verify.ts';

/** A window is sealed within this time after its end. In milliseconds. */
const due = 2.5 * 3_600_000;

/** Lines younger than this may be sealed with the next window, since they came late. In milliseconds. */
const lateness = 2.5 * 3_600_000;

/** What a chain cannot say of itself: that its end was cut off, or that the log group holds records of sealed hours that no head names. `now` in milliseconds since 1970. */
export async function gapsAfter(
  { until, logEventIds }: Pick<Verdict, 'until' | 'logEventIds'>,
  logs: CloudWatchLogsClient,
  now: number,
  logGroupName: string = trailLogGroupName,
): Promise<readonly Damage[]> {
  const end = until === null ? 0 : Date.parse(until);
  const damages: Damage[] = [];
  const tell = (problem: string) => void damages.push({ object: logGroupName, line: null, problem });
  if (end < now - due)
    tell(
      until === null
        ? 'nothing is sealed: the first seal comes within an hour after the deployment; later than that, the sealer does not run or the chain was deleted'
        : `nothing is sealed since ${until}: the sealer does not run, or the end of the chain was cut off`,
    );
  if (end === 0) return damages;
  const pages = paginateFilterLogEvents({ client: logs }, { logGroupName, startTime: 0, endTime: end - 1 });
  for await (const { events = [] } of pages)
    for (const { eventId = '', timestamp = 0, ingestionTime = 0 } of events)
      if (timestamp < end && ingestionTime < now - lateness && !logEventIds.has(eventId))
        tell(`the record ${eventId} of ${new Date(timestamp).toISOString()} is not sealed`);
  return damages;
}
