import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  CreateTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TagResourceCommand,
  TransactWriteItemsCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EventsWorld, eventsWorld } from './events-world.ts';

const account = '111111111111';
const TableName = 'ledger';
const tableArn = `arn:aws:dynamodb:eu-west-1:${account}:table/${TableName}`;
let cloud: EventsWorld;
let admin: DynamoDBClient;
let tenant: DynamoDBClient | undefined;

beforeAll(async () => {
  cloud = await eventsWorld();
  admin = new DynamoDBClient({ ...cloud.client(account), maxAttempts: 1 });
  await cloud.place(account, 'AWS::DynamoDB::Table', {
    TableName,
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    TimeToLiveSpecification: { AttributeName: 'over', Enabled: true },
  });
  for (const pk of ['a', 'b']) await admin.send(new PutItemCommand({ TableName, Item: { pk: { S: pk } } }));
  tenant = await asTenant();
});
afterAll(async () => {
  admin.destroy();
  tenant?.destroy();
  await cloud.close();
});

/** A role that may touch only items whose key is `a`. */
async function asTenant(): Promise<DynamoDBClient> {
  const statement = {
    Effect: 'Allow',
    Action: 'dynamodb:*',
    Resource: tableArn,
    Condition: {
      'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['a'] },
      Null: { 'dynamodb:LeadingKeys': 'false' },
    },
  };
  const { attributes } = await cloud.place(account, 'AWS::IAM::Role', {
    RoleName: 'tenant',
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: account }, Action: 'sts:AssumeRole' }],
    },
    Policies: [{ PolicyName: 'own', PolicyDocument: { Version: '2012-10-17', Statement: [statement] } }],
  });
  const sts = new STSClient(cloud.client(account));
  const { Credentials: keys } = await sts.send(
    new AssumeRoleCommand({ RoleArn: String(attributes['Arn']), RoleSessionName: 'tenant' }),
  );
  sts.destroy();
  const credentials = {
    accessKeyId: keys?.AccessKeyId ?? '',
    secretAccessKey: keys?.SecretAccessKey ?? '',
    sessionToken: keys?.SessionToken ?? '',
  };
  return new DynamoDBClient({ ...cloud.client(account), credentials, maxAttempts: 1 });
}

const key = (pk: string) => ({ pk: { S: pk } });
const query = (pk: string) =>
  new QueryCommand({
    TableName,
    KeyConditionExpression: '#k = :v',
    ExpressionAttributeNames: { '#k': 'pk' },
    ExpressionAttributeValues: { ':v': { S: pk } },
  });

test.each([
  ['GetItem', (pk: string) => tenant?.send(new GetItemCommand({ TableName, Key: key(pk) }))],
  ['PutItem', (pk: string) => tenant?.send(new PutItemCommand({ TableName, Item: key(pk) }))],
  ['Query', (pk: string) => tenant?.send(query(pk))],
  [
    'BatchGetItem',
    (pk: string) => tenant?.send(new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [key(pk)] } } })),
  ],
  [
    'BatchWriteItem',
    (pk: string) =>
      tenant?.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: [{ PutRequest: { Item: key(pk) } }] } })),
  ],
])('%s is allowed for the leading key of a policy, and for no other', async (operation, ask) => {
  await expect(ask('a')).resolves.toBeDefined();
  await expect(ask('b')).rejects.toThrow(new RegExp(`not authorized to perform: dynamodb:${operation}`));
});

test('who is held to leading keys may not scan', async () => {
  await expect(tenant?.send(new ScanCommand({ TableName }))).rejects.toThrow(
    /not authorized to perform: dynamodb:Scan/,
  );
});

test('several items are written and read at once', async () => {
  await admin.send(
    new BatchWriteItemCommand({
      RequestItems: { [TableName]: [{ PutRequest: { Item: key('c') } }, { DeleteRequest: { Key: key('b') } }] },
    }),
  );

  const { Responses } = await admin.send(
    new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [key('b'), key('c')] } } }),
  );
  expect(Responses?.[TableName]).toEqual([key('c')]);
});

test('time to live is described as the stack or the API has set it', async () => {
  const status = async () =>
    (await admin.send(new DescribeTimeToLiveCommand({ TableName }))).TimeToLiveDescription?.TimeToLiveStatus;
  expect(await status()).toBe('ENABLED');
  const off = { TableName, TimeToLiveSpecification: { Enabled: false, AttributeName: 'over' } };

  await admin.send(new UpdateTimeToLiveCommand(off));

  expect(await status()).toBe('DISABLED');
  await expect(admin.send(new UpdateTimeToLiveCommand(off))).rejects.toThrow(/already disabled/);
});

test('tables are made by the API and tagged, but not with streams', async () => {
  const wanted = {
    TableName: 'made',
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' as const }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' as const }],
    BillingMode: 'PAY_PER_REQUEST' as const,
  };
  const { TableDescription } = await admin.send(new CreateTableCommand(wanted));
  const ResourceArn = TableDescription?.TableArn ?? '';
  await admin.send(new TagResourceCommand({ ResourceArn, Tags: [{ Key: 'a', Value: '1' }] }));

  expect(ResourceArn).toBe(`arn:aws:dynamodb:eu-west-1:${account}:table/made`);
  expect((await admin.send(new ListTagsOfResourceCommand({ ResourceArn }))).Tags).toEqual([{ Key: 'a', Value: '1' }]);
  const StreamSpecification = { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' as const };
  await expect(
    admin.send(new CreateTableCommand({ ...wanted, TableName: 'streamed', StreamSpecification })),
  ).rejects.toThrow(/streams are not played/);
});

test('transactions are refused by name', async () => {
  await expect(
    admin.send(new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName, Item: key('x') } }] })),
  ).rejects.toThrow(/dynamodb:TransactWriteItems is not played/);
});
