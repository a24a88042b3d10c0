import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import { logAccess, requireGroup } from './access.ts';
import { appendLines, streamKey } from './keep.ts';
import { logStreams } from './tables.ts';

/** Limits of one request. Source: PutLogEvents. */
const mostEvents = 10_000;
const largestBatchBytes = 1_048_576;
const perEventBytes = 26;
const oldestMilliseconds = 14 * 86_400_000;
const newestMilliseconds = 2 * 3_600_000;
const widestMilliseconds = 24 * 3_600_000;

/** Writes lines into a stream. Lines too old or too new are left out and named in the answer. */
export const putLogEvents = operation({
  input: z.object({
    logGroupName: z.string(),
    logStreamName: z.string(),
    logEvents: z.array(z.object({ timestamp: z.number(), message: z.string().min(1) })).min(1),
    sequenceToken: z.string().optional(),
  }),
  access: ({ logGroupName, logStreamName }, call) => [
    logAccess(call.world, 'PutLogEvents', call, logGroupName, logStreamName),
  ],
  run: ({ logGroupName, logStreamName, logEvents }, call) => {
    const { retentionDays } = requireGroup(call.world, call, logGroupName);
    if (!call.world.store.in(logStreams).has(streamKey(call, logGroupName, logStreamName)))
      throw new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.');
    check(logEvents);
    const now = call.world.clock.now();
    const tooOld = logEvents.filter(({ timestamp }) => timestamp < now - oldestMilliseconds).length;
    const kept = retentionDays === undefined ? Number.POSITIVE_INFINITY : retentionDays * 86_400_000;
    const expired = logEvents.filter(({ timestamp }) => timestamp < now - kept).length;
    const tooNew = logEvents.findIndex(({ timestamp }) => timestamp > now + newestMilliseconds);
    const taken = logEvents.slice(Math.max(tooOld, expired), tooNew < 0 ? undefined : tooNew);
    appendLines(call.world, call, { group: logGroupName, stream: logStreamName }, taken);
    const rejected = {
      ...(tooOld === 0 ? {} : { tooOldLogEventEndIndex: tooOld }),
      ...(expired === 0 ? {} : { expiredLogEventEndIndex: expired }),
      ...(tooNew < 0 ? {} : { tooNewLogEventStartIndex: tooNew }),
    };
    return {
      nextSequenceToken: call.world.chance.hex(56),
      ...(Object.keys(rejected).length === 0 ? {} : { rejectedLogEventsInfo: rejected }),
    };
  },
});

function check(events: readonly { readonly timestamp: number; readonly message: string }[]): void {
  if (events.length > mostEvents)
    throw new AwsError('InvalidParameterException', `The maximum number of log events in a batch is ${mostEvents}.`);
  const bytes = events.reduce((sum, { message }) => sum + Buffer.byteLength(message) + perEventBytes, 0);
  if (bytes > largestBatchBytes)
    throw new AwsError(
      'InvalidParameterException',
      `Upload too large: ${bytes} bytes exceeds limit of ${largestBatchBytes}`,
    );
  const disorder = events.findIndex(({ timestamp }, index) => timestamp < (events[index - 1]?.timestamp ?? timestamp));
  if (disorder >= 0)
    throw new AwsError(
      'InvalidParameterException',
      'Log events in a single PutLogEvents request must be in chronological order.',
    );
  const first = events[0]?.timestamp ?? 0;
  if ((events.at(-1)?.timestamp ?? 0) - first > widestMilliseconds)
    throw new AwsError(
      'InvalidParameterException',
      'The batch of log events in a single PutLogEvents request cannot span more than 24 hours.',
    );
}
