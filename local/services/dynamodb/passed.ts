import { z } from 'zod';
import { type Access, type Call, type Operation, operation, type Place } from '../../world/service.ts';
import { engine } from './engine.ts';
import { type Asked, type Item, keyText, partitionKey, queriedKey } from './keys.ts';

/** The ARN of a table by its name or ARN. */
export const tableArn = (name: string, { account, region }: Place): string =>
  name.startsWith('arn:') ? name : `arn:aws:dynamodb:${region}:${account}:table/${name}`;

/** The name of a table by its name or ARN. */
export const tableName = (nameOrArn: string): string => nameOrArn.split('/').pop() ?? nameOrArn;

const input = z.looseObject({
  TableName: z.string(),
  IndexName: z.string().optional(),
  Key: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
  Item: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
  Select: z.string().optional(),
  ReturnValues: z.string().optional(),
});
type Input = z.output<typeof input>;

/** An operation on the items of one table: IAM decides here by the leading key too, the embedded engine does the work. */
export const passed = (name: string): Operation =>
  operation({
    input,
    access: async (given, call) => {
      const { TableName, IndexName, Select, ReturnValues } = given;
      const index = IndexName === undefined ? '' : `/index/${IndexName}`;
      const context = {
        ...(await leadingKeys(name, given, call)),
        ...(Select === undefined ? {} : { 'dynamodb:Select': Select }),
        ...(ReturnValues === undefined ? {} : { 'dynamodb:ReturnValues': ReturnValues }),
      };
      return [{ action: `dynamodb:${name}`, resource: `${tableArn(TableName, call)}${index}`, context }];
    },
    run: (given, call) => engine(call.world, call).send(name, { ...given, TableName: tableName(given.TableName) }),
  });

async function leadingKeys(
  operationName: string,
  given: Input,
  call: Omit<Call, 'cause'>,
): Promise<Record<string, readonly string[]>> {
  if (operationName === 'Scan') return {};
  const name = await partitionKey(call.world, call, tableName(given.TableName), given.IndexName);
  if (name === undefined) return {};
  const item = given.Key ?? given.Item;
  const found = item === undefined ? queriedKey(name, given as Asked) : keyText(item[name]);
  return found === undefined ? {} : { 'dynamodb:LeadingKeys': [found] };
}

/** An operation on a table as a whole. */
export const passedForTable = (name: string): Operation =>
  operation({
    input: z.looseObject({
      TableName: z.string(),
      StreamSpecification: z
        .looseObject({ StreamEnabled: z.literal(false, 'streams are not played by the local cloud') })
        .optional(),
    }),
    access: ({ TableName }, call) => [{ action: `dynamodb:${name}`, resource: tableArn(TableName, call) }],
    run: ({ StreamSpecification: _none, ...given }, call) =>
      engine(call.world, call).send(name, { ...given, TableName: tableName(given.TableName) }),
  });

/** Tagging by the table's ARN. */
export const passedForTags = (name: string): Operation =>
  operation({
    input: z.looseObject({ ResourceArn: z.string() }),
    access: ({ ResourceArn }) => [{ action: `dynamodb:${name}`, resource: ResourceArn }],
    run: (given, call) => engine(call.world, call).send(name, given),
  });

const item = z.record(z.string(), z.record(z.string(), z.unknown()));

/** Reads or writes items of several tables; each table is one question, with all leading keys. */
export const passedForMany = (name: 'BatchGetItem' | 'BatchWriteItem'): Operation =>
  operation({
    input: z.looseObject({
      RequestItems: z.record(
        z.string(),
        z.union([
          z.array(
            z.looseObject({
              PutRequest: z.looseObject({ Item: item }).optional(),
              DeleteRequest: z.looseObject({ Key: item }).optional(),
            }),
          ),
          z.looseObject({ Keys: z.array(item) }),
        ]),
      ),
    }),
    access: async ({ RequestItems }, call) => {
      const asked: Access[] = [];
      for (const [table, wanted] of Object.entries(RequestItems)) {
        const key = await partitionKey(call.world, call, tableName(table));
        const items: readonly (Item | undefined)[] = Array.isArray(wanted)
          ? wanted.map(({ PutRequest, DeleteRequest }) => PutRequest?.Item ?? DeleteRequest?.Key)
          : wanted.Keys;
        const leading = items.flatMap((each) => keyText(each?.[key ?? '']) ?? []);
        const context: Record<string, readonly string[]> =
          leading.length === 0 ? {} : { 'dynamodb:LeadingKeys': leading };
        asked.push({ action: `dynamodb:${name}`, resource: tableArn(table, call), context });
      }
      return asked;
    },
    run: ({ RequestItems, ...given }, call) => {
      const byName = Object.entries(RequestItems).map(([table, wanted]) => [tableName(table), wanted] as const);
      return engine(call.world, call).send(name, { ...given, RequestItems: Object.fromEntries(byName) });
    },
  });

/** The tables of the caller's account and region. */
export const listTables = operation({
  input: z.looseObject({}),
  access: () => [{ action: 'dynamodb:ListTables', resource: '*' }],
  run: (given, call) => engine(call.world, call).send('ListTables', given),
});
