import { z } from 'zod';
import { numeric } from '../../world/properties.ts';
import { operation } from '../../world/service.ts';
import { pageOf } from '../page.ts';
import { logAccess, requireGroup } from './access.ts';
import { parseFilter } from './filter-pattern.ts';
import { forgetExpired, streamsOf } from './keep.ts';
import { nameOf } from './stream-operations.ts';

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
    const passes = parseFilter(input.filterPattern ?? '');
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
      .sort((a, b) => a.timestamp - b.timestamp || (a.id < b.id ? -1 : 1));
    const page = pageOf(found, input.nextToken, input.limit, 'InvalidParameterException');
    return {
      events: page.items.map(({ id, stream, timestamp, message, ingestionTime }) => ({
        eventId: id,
        logStreamName: stream,
        timestamp: Math.floor(timestamp),
        message,
        ingestionTime: Math.floor(ingestionTime),
      })),
      searchedLogStreams: [],
      nextToken: page.next,
    };
  },
});
