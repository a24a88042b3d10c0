import type { Operation } from '../../world/service.ts';
import { readingAs } from './refusal.ts';

type Members = Readonly<Record<string, unknown>>;

/** The names that the Query protocol has for the JSON protocol's members: it flattens lists and maps. */
const queryNames: Readonly<Record<string, string>> = {
  Attribute: 'Attributes',
  AttributeName: 'AttributeNames',
  MessageAttribute: 'MessageAttributes',
  MessageAttributeName: 'MessageAttributeNames',
  MessageSystemAttribute: 'MessageSystemAttributes',
  MessageSystemAttributeName: 'MessageSystemAttributeNames',
  SendMessageBatchRequestEntry: 'Entries',
  DeleteMessageBatchRequestEntry: 'Entries',
  ChangeMessageVisibilityBatchRequestEntry: 'Entries',
  AWSAccountId: 'AWSAccountIds',
  ActionName: 'Actions',
  TagKey: 'TagKeys',
  Tag: 'tags',
};

const maps = new Set(['Attributes', 'MessageAttributes', 'MessageSystemAttributes', 'tags', 'Tags']);

/** The JSON protocol's form of an input that may have come by the Query protocol. */
export function fromQuery(input: unknown, operationName = ''): unknown {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return input;
  return Object.fromEntries(
    Object.entries(input as Members).map(([given, value]) => {
      const name = given === 'Tag' && operationName === 'TagQueue' ? 'Tags' : (queryNames[given] ?? given);
      if (name === 'Entries' && Array.isArray(value)) return [name, value.map((each) => fromQuery(each))];
      return [name, maps.has(name) && Array.isArray(value) ? mapOf(value) : value];
    }),
  );
}

const mapOf = (entries: readonly unknown[]): Members =>
  Object.fromEntries(
    (entries as readonly Members[]).map(({ Name, Key, Value }) => [String(Name ?? Key), Value] as const),
  );

/** An operation that takes its input in either form. */
export const inBothForms = (name: string, declared: Operation): Operation => ({
  ...declared,
  input: readingAs(declared.input, (given) => fromQuery(given, name)),
});

/** The Query protocol's names for the lists of answers. */
const answerNames: Readonly<Record<string, string>> = {
  Messages: 'Message',
  QueueUrls: 'QueueUrl',
  queueUrls: 'QueueUrl',
  Results: 'ListMessageMoveTasksResultEntry',
  Attributes: 'Attribute',
  MessageAttributes: 'MessageAttribute',
  Failed: 'BatchResultErrorEntry',
  Tags: 'Tag',
};

/** The Query protocol's form of an answer: lists are repeated elements, maps lists of names and values. */
export function toQuery(output: unknown, operationName: string): unknown {
  if (typeof output !== 'object' || output === null || output instanceof Date) return output;
  return Object.fromEntries(
    Object.entries(output as Members).map(([given, value]) => {
      const name = given === 'Successful' ? `${operationName}ResultEntry` : (answerNames[given] ?? given);
      if (Array.isArray(value)) return [name, value.map((item) => toQuery(item, operationName))];
      return [name, maps.has(given) ? pairs(given, value as Members, operationName) : value];
    }),
  );
}

const pairs = (member: string, map: Members, operationName: string) =>
  Object.entries(map).map(([name, value]) => ({
    [member === 'Tags' ? 'Key' : 'Name']: name,
    Value: toQuery(value, operationName),
  }));
