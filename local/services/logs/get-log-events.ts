import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { numeric } from '../../world/properties.ts';
import { operation } from '../../world/service.ts';
import { logAccess, requireGroup } from './access.ts';
import { forgetExpired, streamKey } from './keep.ts';
import { nameOf } from './stream-operations.ts';
import { type LogLine, logStreams } from './tables.ts';

/** The lines of one stream; tokens go forward (`f/`) and backward (`b/`) by the number of the line, and stay the same at the end. */
export const getLogEvents = operation({
  input: z.object({
    logGroupName: z.string().optional(),
    logGroupIdentifier: z.string().optional(),
    logStreamName: z.string(),
    startTime: numeric.optional(),
    endTime: numeric.optional(),
    nextToken: z.string().optional(),
    limit: numeric.pipe(z.number().int().min(1).max(10_000)).default(10_000),
    startFromHead: z.boolean().default(false),
  }),
  access: (input, call) => [logAccess(call.world, 'GetLogEvents', call, nameOf(input), input.logStreamName)],
  run: (input, call) => {
    const { name } = requireGroup(call.world, call, nameOf(input));
    forgetExpired(call.world, call, name);
    const stream = call.world.store.in(logStreams).get(streamKey(call, name, input.logStreamName));
    if (stream === undefined)
      throw new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.');
    const lines = stream.lines.filter(
      ({ timestamp }) => timestamp >= (input.startTime ?? 0) && timestamp < (input.endTime ?? Number.POSITIVE_INFINITY),
    );
    return slice(lines, input);
  },
});

function slice(
  lines: readonly LogLine[],
  { nextToken, limit, startFromHead }: { nextToken?: string | undefined; limit: number; startFromHead: boolean },
) {
  const [, direction, id = ''] = /^([fb])\/(\d{56})$/.exec(nextToken ?? '') ?? [];
  if (nextToken !== undefined && direction === undefined)
    throw new AwsError('InvalidParameterException', 'The specified nextToken is invalid.');
  const after = lines.filter((line) => line.id > id);
  const before = lines.filter((line) => line.id < id);
  const found =
    direction === 'f'
      ? after.slice(0, limit)
      : direction === 'b'
        ? before.slice(-limit)
        : startFromHead
          ? lines.slice(0, limit)
          : lines.slice(-limit);
  const none = id === '' ? '0'.repeat(56) : id;
  return {
    events: found.map(({ timestamp, message, ingestionTime }) => ({
      timestamp: Math.floor(timestamp),
      message,
      ingestionTime: Math.floor(ingestionTime),
    })),
    nextForwardToken: `f/${found.at(-1)?.id ?? none}`,
    nextBackwardToken: `b/${found[0]?.id ?? none}`,
  };
}
