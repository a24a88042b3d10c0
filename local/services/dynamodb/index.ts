import type { Operation, ResourceModel, Service } from '../../world/service.ts';
import { listTables, passed, passedForMany, passedForTable, passedForTags } from './passed.ts';
import { table } from './table.ts';
import { describeTimeToLive, updateTimeToLive } from './time-to-live.ts';

const each = (names: readonly string[], make: (name: string) => Operation): Record<string, Operation> =>
  Object.fromEntries(names.map((name) => [name, make(name)]));

/** Amazon DynamoDB, by an embedded engine. Transactions, streams and PartiQL are refused by name. */
export const dynamodb: Service = {
  name: 'dynamodb',
  targetPrefix: 'DynamoDB_20120810',
  jsonVersion: '1.0',
  operations: {
    BatchGetItem: passedForMany('BatchGetItem'),
    BatchWriteItem: passedForMany('BatchWriteItem'),
    DescribeTimeToLive: describeTimeToLive,
    ListTables: listTables,
    UpdateTimeToLive: updateTimeToLive,
    ...each(['DeleteItem', 'GetItem', 'PutItem', 'Query', 'Scan', 'UpdateItem'], passed),
    ...each(['CreateTable', 'DeleteTable', 'DescribeTable', 'UpdateTable'], passedForTable),
    ...each(['ListTagsOfResource', 'TagResource', 'UntagResource'], passedForTags),
  },
};

export const dynamodbResources: Readonly<Record<string, ResourceModel>> = { 'AWS::DynamoDB::Table': table };
