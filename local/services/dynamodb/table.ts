import { z } from 'zod';
import { flag, numeric, tags } from '../../world/properties.ts';
import { resource } from '../../world/service.ts';
import { engine } from './engine.ts';
import { tableArn } from './passed.ts';
import { timesToLive } from './time-to-live.ts';

const keySchema = z.array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));

/** AWS::DynamoDB::Table. Encryption, point-in-time recovery and deletion protection are accepted and have no effect here. */
export const table = resource({
  simplified:
    'Kept in memory by dynalite; capacity, encryption, point-in-time recovery, time to live and deletion protection have no effect.',
  properties: z.strictObject({
    TableName: z.string().optional(),
    AttributeDefinitions: z.array(
      z.strictObject({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) }),
    ),
    KeySchema: keySchema,
    BillingMode: z.enum(['PAY_PER_REQUEST', 'PROVISIONED']).optional(),
    ProvisionedThroughput: z.strictObject({ ReadCapacityUnits: numeric, WriteCapacityUnits: numeric }).optional(),
    PointInTimeRecoverySpecification: z.record(z.string(), z.unknown()).optional(),
    SSESpecification: z.record(z.string(), z.unknown()).optional(),
    TimeToLiveSpecification: z.strictObject({ AttributeName: z.string().optional(), Enabled: flag }).optional(),
    DeletionProtectionEnabled: flag.optional(),
    Tags: tags.optional(),
  }),
  access: ({ TableName }, { account, region }, change) => [
    {
      action: { create: 'dynamodb:CreateTable', update: 'dynamodb:UpdateTable', delete: 'dynamodb:DeleteTable' }[
        change
      ],
      resource: `arn:aws:dynamodb:${region}:${account}:table/${TableName ?? '*'}`,
    },
  ],
  put: async (properties, at, previous) => {
    const name =
      properties.TableName ?? previous?.physicalId ?? `${at.stackName}-${at.logicalId}-${at.world.chance.hex(12)}`;
    if (previous?.physicalId !== name) {
      await engine(at.world, at).send('CreateTable', {
        TableName: name,
        AttributeDefinitions: properties.AttributeDefinitions,
        KeySchema: properties.KeySchema,
        BillingMode: 'PAY_PER_REQUEST',
      });
    }
    const arn = tableArn(name, at);
    const { AttributeName, Enabled } = properties.TimeToLiveSpecification ?? { Enabled: false };
    if (Enabled && AttributeName !== undefined) at.world.store.in(timesToLive).put(arn, AttributeName);
    else at.world.store.in(timesToLive).delete(arn);
    return { physicalId: name, attributes: { Arn: arn } };
  },
  remove: async ({ physicalId }, at) => {
    at.world.store.in(timesToLive).delete(tableArn(physicalId, at));
    await engine(at.world, at).send('DeleteTable', { TableName: physicalId });
  },
});
