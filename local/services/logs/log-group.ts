import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { flag, tags } from '../../world/properties.ts';
import { resource } from '../../world/service.ts';
import { logAccess } from './access.ts';
import { groupNameShape, removeGroup, retention } from './group-operations.ts';
import { ensureGroup, groupKey } from './keep.ts';
import { logGroups } from './tables.ts';

/** AWS::Logs::LogGroup. */
export const logGroup = resource({
  simplified: 'KMS key, class and deletion protection are recorded and have no effect.',
  properties: z.strictObject({
    LogGroupName: groupNameShape.optional(),
    RetentionInDays: retention.optional(),
    KmsKeyId: z.string().optional(),
    LogGroupClass: z.enum(['STANDARD', 'INFREQUENT_ACCESS', 'DELIVERY']).optional(),
    DeletionProtectionEnabled: flag.optional(),
    Tags: tags.optional(),
  }),
  access: ({ LogGroupName, RetentionInDays }, at, change) => {
    const group = LogGroupName ?? `${at.stackName}-*`;
    const actions = {
      create: ['CreateLogGroup', ...(RetentionInDays === undefined ? [] : ['PutRetentionPolicy'])],
      update: ['PutRetentionPolicy'],
      delete: ['DeleteLogGroup'],
    }[change];
    return actions.map((action) => logAccess(at.world, action, at, group));
  },
  put: ({ LogGroupName, RetentionInDays, KmsKeyId, LogGroupClass, Tags = [] }, at, previous) => {
    const name = LogGroupName ?? previous?.physicalId ?? `${at.stackName}-${at.logicalId}-${at.world.chance.hex(12)}`;
    const known = at.world.store.in(logGroups).has(groupKey(at, name));
    if (known && previous?.physicalId !== name)
      throw new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists');
    const group = ensureGroup(at.world, at, name);
    at.world.store.in(logGroups).put(groupKey(at, name), {
      ...group,
      groupClass: LogGroupClass ?? 'STANDARD',
      tags: { ...at.tags, ...Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])) },
      retentionDays: RetentionInDays,
      ...(KmsKeyId === undefined ? {} : { kmsKeyId: KmsKeyId }),
    });
    return { physicalId: name, attributes: { Arn: group.arn } };
  },
  remove: ({ physicalId }, at) => removeGroup(at.world, at, physicalId),
});
