import type { ResourceModel, Service } from '../../world/service.ts';
import { listTables, passed } from './passed.ts';
import { table } from './table.ts';

/** Amazon DynamoDB, by an embedded engine. */
export const dynamodb: Service = {
  name: 'dynamodb',
  targetPrefix: 'DynamoDB_20120810',
  jsonVersion: '1.0',
  operations: {
    ListTables: listTables,
    ...Object.fromEntries(
      ['DeleteItem', 'DescribeTable', 'GetItem', 'PutItem', 'Query', 'Scan', 'UpdateItem'].map((name) => [
        name,
        passed(name),
      ]),
    ),
  },
};

export const dynamodbResources: Readonly<Record<string, ResourceModel>> = { 'AWS::DynamoDB::Table': table };
