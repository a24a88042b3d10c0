import type { Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { engine } from './engine.ts';

/** An attribute's value as the API writes it: `{ "S": "text" }`. */
export type AttributeValue = Readonly<Record<string, unknown>>;
/** An item, or its key. */
export type Item = Readonly<Record<string, AttributeValue>>;

interface KeySchema {
  readonly KeySchema?: readonly { readonly AttributeName: string; readonly KeyType: string }[];
}

/** The name of a table or index's partition key; undefined when it is not there. */
export async function partitionKey(
  world: World,
  place: Place,
  table: string,
  index?: string,
): Promise<string | undefined> {
  const described = await engine(world, place)
    .send('DescribeTable', { TableName: table })
    .catch(() => undefined);
  const found = (described as { Table?: KeySchema & Indexes } | undefined)?.Table;
  const indexes = [...(found?.GlobalSecondaryIndexes ?? []), ...(found?.LocalSecondaryIndexes ?? [])];
  const schema = index === undefined ? found : indexes.find(({ IndexName }) => IndexName === index);
  return schema?.KeySchema?.find(({ KeyType }) => KeyType === 'HASH')?.AttributeName;
}

interface Indexes {
  readonly GlobalSecondaryIndexes?: readonly (KeySchema & { readonly IndexName: string })[];
  readonly LocalSecondaryIndexes?: readonly (KeySchema & { readonly IndexName: string })[];
}

/** The text by which `dynamodb:LeadingKeys` knows a value. */
export const keyText = (value: AttributeValue | undefined): string | undefined => {
  const [text] = Object.values(value ?? {});
  return typeof text === 'string' ? text : undefined;
};

/** What a query says about its partition key. */
export interface Asked {
  readonly KeyConditionExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: Item | undefined;
  readonly KeyConditions?:
    | Readonly<Record<string, { readonly AttributeValueList?: readonly AttributeValue[] }>>
    | undefined;
}

/** The partition key that a query asks for, in the expression's form or the older one. */
export function queriedKey(name: string, asked: Asked): string | undefined {
  const older = asked.KeyConditions?.[name]?.AttributeValueList?.[0];
  if (older !== undefined) return keyText(older);
  for (const [, left = '', value = ''] of (asked.KeyConditionExpression ?? '').matchAll(/([#\w.-]+)\s*=\s*(:\w+)/g))
    if ((asked.ExpressionAttributeNames?.[left] ?? left) === name)
      return keyText(asked.ExpressionAttributeValues?.[value]);
  return undefined;
}
