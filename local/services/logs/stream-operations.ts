import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { numeric } from '../../world/properties.ts';
import { operation } from '../../world/service.ts';
import { pageOf } from '../page.ts';
import { groupName, logAccess, requireGroup } from './access.ts';
import { groupNameShape } from './group-operations.ts';
import { ensureStream, forgetExpired, streamKey, streamsOf } from './keep.ts';
import { type LogStream, logStreams } from './tables.ts';

const streamName = z.string().regex(/^[^:*]{1,512}$/, 'must be 1 to 512 characters without : and *');

/** Creates a stream. */
export const createLogStream = operation({
  input: z.object({ logGroupName: groupNameShape, logStreamName: streamName }),
  access: ({ logGroupName, logStreamName }, call) => [
    logAccess(call.world, 'CreateLogStream', call, logGroupName, logStreamName),
  ],
  run: ({ logGroupName, logStreamName }, call) => {
    requireGroup(call.world, call, logGroupName);
    if (call.world.store.in(logStreams).has(streamKey(call, logGroupName, logStreamName)))
      throw new AwsError('ResourceAlreadyExistsException', 'The specified log stream already exists');
    ensureStream(call.world, call, logGroupName, logStreamName);
    return {};
  },
});

/** Deletes a stream with its lines. */
export const deleteLogStream = operation({
  input: z.object({ logGroupName: groupNameShape, logStreamName: streamName }),
  access: ({ logGroupName, logStreamName }, call) => [
    logAccess(call.world, 'DeleteLogStream', call, logGroupName, logStreamName),
  ],
  run: ({ logGroupName, logStreamName }, call) => {
    if (!call.world.store.in(logStreams).delete(streamKey(call, logGroupName, logStreamName)))
      throw new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.');
    return {};
  },
});

const shown = (stream: LogStream) => ({
  logStreamName: stream.name,
  arn: `arn:aws:logs:${stream.region}:${stream.account}:log-group:${stream.group}:log-stream:${stream.name}`,
  creationTime: Math.floor(stream.createdAt),
  firstEventTimestamp: stream.lines[0]?.timestamp,
  lastEventTimestamp: stream.lines.at(-1)?.timestamp,
  lastIngestionTime: stream.lines.at(-1)?.ingestionTime,
  storedBytes: 0,
});

/** The streams of a group. */
export const describeLogStreams = operation({
  input: z.object({
    logGroupName: z.string().optional(),
    logGroupIdentifier: z.string().optional(),
    logStreamNamePrefix: z.string().optional(),
    orderBy: z.enum(['LogStreamName', 'LastEventTime']).default('LogStreamName'),
    descending: z.boolean().default(false),
    nextToken: z.string().optional(),
    limit: numeric.pipe(z.number().int().min(1).max(50)).default(50),
  }),
  access: (input, call) => [logAccess(call.world, 'DescribeLogStreams', call, nameOf(input))],
  run: (input, call) => {
    const group = requireGroup(call.world, call, nameOf(input));
    forgetExpired(call.world, call, group.name);
    const found = streamsOf(call.world, call, group.name)
      .filter(({ name }) => name.startsWith(input.logStreamNamePrefix ?? ''))
      .sort((a, b) =>
        input.orderBy === 'LogStreamName'
          ? a.name < b.name
            ? -1
            : 1
          : (a.lines.at(-1)?.timestamp ?? 0) - (b.lines.at(-1)?.timestamp ?? 0),
      );
    const page = pageOf(input.descending ? found.toReversed() : found, input.nextToken, input.limit);
    return { logStreams: page.items.map(shown), nextToken: page.next };
  },
});

/** The group that an input names, one way or the other. Throws InvalidParameterException. */
export function nameOf(input: { logGroupName?: string | undefined; logGroupIdentifier?: string | undefined }): string {
  const name = input.logGroupName ?? input.logGroupIdentifier;
  if (name === undefined)
    throw new AwsError('InvalidParameterException', 'Either logGroupName or logGroupIdentifier must be specified.');
  return groupName(name);
}
