import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { numeric } from '../../world/properties.ts';
import { operation } from '../../world/service.ts';
import { logAccess, requireGroup } from './access.ts';
import { parseFilter } from './filter-pattern.ts';
import { forgetExpired, streamsOf } from './keep.ts';
import { nameOf } from './stream-operations.ts';
import type { LogLine } from './tables.ts';

/** The lines of a group that fit a pattern, from all or some of its streams, oldest first. Times are epoch milliseconds. */
export const filterLogEvents = operation({
  input: z.object({
    logGroupName: z.string().optional(),
    logGroupIdentifier: z.string().optional(),
    logStreamNames: z.array(z.string()).optional(),
    logStreamNamePrefix: z.string().optional(),
    startTime: numeric.optional(),
    endTime: numeric.optional(),
    filterPattern: z.string().optional(),
    nextToken: z.string().optional(),
    limit: numeric.pipe(z.number().int().min(1).max(10_000)).default(10_000),
    interleaved: z.boolean().optional(),
  }),
  access: (input, call) => [logAccess(call.world, 'FilterLogEvents', call, nameOf(input))],
  run: (input, call) => {
    const { name } = requireGroup(call.world, call, nameOf(input));
    const { passes } = parseFilter(input.filterPattern ?? '');
    if (input.logStreamNames !== undefined && input.logStreamNamePrefix !== undefined)
      throw new AwsError(
        'InvalidParameterException',
        'Only one of logStreamNames and logStreamNamePrefix can be specified.',
      );
    forgetExpired(call.world, call, name);
    const from = input.startTime ?? 0;
    const until = input.endTime ?? Number.POSITIVE_INFINITY;
    const found = streamsOf(call.world, call, name)
      .filter((stream) => input.logStreamNames?.includes(stream.name) ?? true)
      .filter((stream) => stream.name.startsWith(input.logStreamNamePrefix ?? ''))
      .flatMap((stream) =>
        stream.lines
          .filter(({ timestamp, message }) => timestamp >= from && timestamp <= until && passes(message))
          .map((line) => ({ ...line, stream: stream.name })),
      )
      .sort(inOrder);
    const after = input.nextToken === undefined ? undefined : readToken(input.nextToken);
    const rest = after === undefined ? found : found.filter((line) => inOrder(line, after) > 0);
    const page = rest.slice(0, input.limit);
    const last = page.at(-1);
    return {
      events: page.map(({ id, stream, timestamp, message, ingestionTime }) => ({
        eventId: id,
        logStreamName: stream,
        timestamp: Math.floor(timestamp),
        message,
        ingestionTime: Math.floor(ingestionTime),
      })),
      searchedLogStreams: [],
      nextToken: last !== undefined && rest.length > page.length ? tokenOf(last) : undefined,
    };
  },
});

type Place = Pick<LogLine, 'timestamp' | 'id'>;

const inOrder = (a: Place, b: Place): number => a.timestamp - b.timestamp || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** A token names the last line told, so that lines that come in meanwhile move nothing. */
const tokenOf = ({ timestamp, id }: Place): string => Buffer.from(`${timestamp} ${id}`).toString('base64url');

function readToken(token: string): Place {
  const [, timestamp, id] = /^(-?[\d.]+) (\d{56})$/.exec(Buffer.from(token, 'base64url').toString('utf8')) ?? [];
  if (id === undefined) throw new AwsError('InvalidParameterException', 'The specified nextToken is invalid.');
  return { timestamp: Number(timestamp), id };
}
