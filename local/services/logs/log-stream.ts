import { z } from 'zod';
import { resource } from '../../world/service.ts';
import { logAccess, requireGroup } from './access.ts';
import { ensureStream, streamKey } from './keep.ts';
import { logStreams } from './tables.ts';

/** AWS::Logs::LogStream. */
export const logStream = resource({
  properties: z.strictObject({ LogGroupName: z.string(), LogStreamName: z.string().optional() }),
  access: ({ LogGroupName, LogStreamName }, at, change) => [
    logAccess(at.world, change === 'delete' ? 'DeleteLogStream' : 'CreateLogStream', at, LogGroupName, LogStreamName),
  ],
  put: ({ LogGroupName, LogStreamName }, at, previous) => {
    requireGroup(at.world, at, LogGroupName);
    const name = LogStreamName ?? previous?.physicalId ?? `${at.stackName}-${at.logicalId}-${at.world.chance.hex(12)}`;
    ensureStream(at.world, at, LogGroupName, name);
    return { physicalId: name, attributes: {} };
  },
  remove: ({ physicalId, properties }, at) =>
    void at.world.store.in(logStreams).delete(streamKey(at, properties.LogGroupName, physicalId)),
});
