import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { type Call, operation } from '../../world/service.ts';
import { table } from '../../world/store.ts';
import { engine } from './engine.ts';
import { tableArn, tableName } from './passed.ts';

/** By table ARN: the attribute that says when an item is over. No row: time to live is off. */
export const timesToLive = table<string>('dynamodb/times-to-live');

/** What is simpler about it here. */
const simplified = 'It is recorded; items that are over are not deleted.';

const requireTable = ({ world, account, region }: Call, name: string): Promise<unknown> =>
  engine(world, { account, region }).send('DescribeTable', { TableName: tableName(name) });

/** Whether items of a table end by themselves, and by which attribute. */
export const describeTimeToLive = operation({
  input: z.object({ TableName: z.string() }),
  access: ({ TableName }, call) => [{ action: 'dynamodb:DescribeTimeToLive', resource: tableArn(TableName, call) }],
  run: async ({ TableName }, call) => {
    await requireTable(call, TableName);
    const attribute = call.world.store.in(timesToLive).get(tableArn(TableName, call));
    return {
      TimeToLiveDescription:
        attribute === undefined
          ? { TimeToLiveStatus: 'DISABLED' }
          : { TimeToLiveStatus: 'ENABLED', AttributeName: attribute },
    };
  },
});

/** Switches time to live. Throws ValidationException when it is that way already. */
export const updateTimeToLive = operation({
  simplified,
  input: z.object({
    TableName: z.string(),
    TimeToLiveSpecification: z.object({ Enabled: z.boolean(), AttributeName: z.string().min(1).max(255) }),
  }),
  access: ({ TableName }, call) => [{ action: 'dynamodb:UpdateTimeToLive', resource: tableArn(TableName, call) }],
  run: async ({ TableName, TimeToLiveSpecification }, call) => {
    await requireTable(call, TableName);
    const rows = call.world.store.in(timesToLive);
    const arn = tableArn(TableName, call);
    if (rows.has(arn) === TimeToLiveSpecification.Enabled)
      throw new AwsError('ValidationException', `TimeToLive is already ${rows.has(arn) ? 'enabled' : 'disabled'}`);
    if (TimeToLiveSpecification.Enabled) rows.put(arn, TimeToLiveSpecification.AttributeName);
    else rows.delete(arn);
    return { TimeToLiveSpecification };
  },
});
