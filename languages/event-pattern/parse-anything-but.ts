import type { JsonNode } from './json-text.ts';
import { letterForms } from './letter-case.ts';
import { bound } from './parse-numeric.ts';
import { parseWildcard } from './parse-wildcard.ts';
import { Refusal } from './refusal.ts';
import type { Matcher } from './types.ts';

/** `anything-but` of texts, of numbers, or of one nested operator. Source: aws/event-ruler, JsonRuleCompiler. */
export function parseAnythingBut(operand: JsonNode, path: string): Matcher {
  if (operand.kind === 'object') return parseNested(operand.members, path);
  const values = listOf(operand, path).map((value): Matcher => {
    if (value.kind === 'string') return { type: 'text', text: value.text };
    if (value.kind === 'number') return { type: 'number', text: value.text, comparable: bound(value.text, path) };
    throw new Refusal('Inside anything but list, start|null|boolean is not supported.', path);
  });
  if (new Set(values.map(({ type }) => type)).size !== 1) {
    throw new Refusal(
      'Inside anything but list, either all values are number or string, mixed type is not supported',
      path,
    );
  }
  return { type: 'anything-but', not: values };
}

function parseNested(members: readonly (readonly [string, JsonNode])[], path: string): Matcher {
  const [first, second] = members;
  if (first === undefined) throw new Refusal('Anything-But expression name not found', path);
  const [name, operand] = first;
  const parse = Object.hasOwn(nested, name) ? nested[name] : undefined;
  if (parse === undefined) throw new Refusal(`Unsupported anything-but pattern: ${name}`, path);
  const not = listOf(operand, path).map((value) => parse(value, path));
  if (second !== undefined) throw new Refusal('Too many elements in numeric expression', path);
  // AWS accepts an empty list here and then fails to match with it.
  if (not.length === 0) throw new Refusal('Empty arrays are not allowed', path);
  return { type: 'anything-but', not };
}

/** What `anything-but` may hold beside values, by its key. */
export const nested: Readonly<Record<string, (value: JsonNode, path: string) => Matcher>> = {
  prefix: (value, path) => ({ type: 'prefix', text: affix(value, path) }),
  suffix: (value, path) => ({ type: 'suffix', text: affix(value, path) }),
  'equals-ignore-case': (value, path) => {
    if (value.kind === 'string') {
      return { type: 'equals-ignore-case', text: value.text, forms: letterForms(value.text) };
    }
    throw new Refusal('Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.', path);
  },
  wildcard: parseWildcard,
};

function affix(value: JsonNode, path: string): string {
  if (value.kind !== 'string') throw new Refusal('prefix/suffix match pattern must be a string', path);
  if (value.text === '') throw new Refusal('Null prefix/suffix not allowed', path);
  return value.text;
}

function listOf(operand: JsonNode, path: string): readonly JsonNode[] {
  if (operand.kind === 'array') return operand.items;
  if (operand.kind === 'string' || operand.kind === 'number') return [operand];
  throw new Refusal('Value of anything-but must be an array or single string/number value.', path);
}
