import { addressDigits, blockDigits } from '../address.ts';
import { comparable } from './comparable.ts';
import type { JsonNode } from './json-text.ts';
import { letterForms } from './letter-case.ts';
import { parseAnythingBut } from './parse-anything-but.ts';
import { parseNumeric } from './parse-numeric.ts';
import { parseWildcard } from './parse-wildcard.ts';
import { Refusal } from './refusal.ts';
import type { Matcher } from './types.ts';

/**
 * Reads one element of a field's list. As in AWS's reader the operand is checked before a second key is noticed, so the text names the
 * first fault. `exactly` is no documented operator, but AWS's matcher has it.
 */
export function parseMatcher(node: JsonNode, path: string): Matcher {
  switch (node.kind) {
    case 'string':
      return parseText(node.text);
    case 'number':
      return { type: 'number', text: node.text, comparable: comparable(Number(node.text)) };
    case 'literal':
      return { type: 'literal', text: node.text };
    case 'array':
      throw new Refusal('Match value must be String, number, true, false, or null', path);
    case 'object':
      return parseExpression(node.members, path);
  }
}

function parseText(text: string): Matcher {
  const digits = addressDigits(text);
  return digits === undefined ? { type: 'text', text } : { type: 'address', digits };
}

function parseExpression(members: readonly (readonly [string, JsonNode])[], path: string): Matcher {
  const [first, second] = members;
  if (first === undefined) throw new Refusal('Match expression name not found', path);
  const [name, operand] = first;
  const parse = Object.hasOwn(operators, name) ? operators[name] : undefined;
  if (parse === undefined) throw new Refusal(`Unrecognized match type ${name}`, path);
  const matcher = parse(operand, path);
  if (second === undefined) return matcher;
  const numeric = name === 'numeric' || name === 'anything-but';
  throw new Refusal(
    numeric ? 'Too many elements in numeric expression' : 'Only one key allowed in match expression',
    path,
  );
}

/** Every match type of a leaf, by its key. */
export const operators: Readonly<Record<string, (operand: JsonNode, path: string) => Matcher>> = {
  exactly: (operand, path) => ({ type: 'text', text: textOf('exact', operand, path) }),
  prefix: (operand, path) => parseAffix('prefix', operand, path),
  suffix: (operand, path) => parseAffix('suffix', operand, path),
  'equals-ignore-case': (operand, path) => {
    const text = textOf('equals-ignore-case', operand, path);
    return { type: 'equals-ignore-case', text, forms: letterForms(text) };
  },
  wildcard: parseWildcard,
  numeric: parseNumeric,
  cidr: parseCidr,
  exists: (operand, path) => {
    if (operand.kind === 'literal' && operand.text !== 'null') {
      return { type: operand.text === 'true' ? 'exists' : 'absent' };
    }
    throw new Refusal('exists match pattern must be either true or false.', path);
  },
  'anything-but': parseAnythingBut,
};

function textOf(name: string, operand: JsonNode, path: string): string {
  if (operand.kind !== 'string') throw new Refusal(`${name} match pattern must be a string`, path);
  return operand.text;
}

function parseAffix(type: 'prefix' | 'suffix', operand: JsonNode, path: string): Matcher {
  if (operand.kind !== 'object') return { type, text: textOf(type, operand, path) };
  const [first, second] = operand.members;
  const title = type === 'prefix' ? 'Prefix' : 'Suffix';
  if (first === undefined) throw new Refusal(`${title} expression name not found`, path);
  if (first[0] !== 'equals-ignore-case') throw new Refusal(`Unsupported ${type} pattern: ${first[0]}`, path);
  const text = textOf('equals-ignore-case', first[1], path);
  if (second !== undefined) throw new Refusal('Only one key allowed in match expression', path);
  return { type, text, forms: letterForms(text) };
}

/** AWS names the wrong operator for a block that is no text; the text is kept. Source: aws/event-ruler, CIDR. */
function parseCidr(operand: JsonNode, path: string): Matcher {
  const [address, mask, more] = textOf('prefix', operand, path)
    .replace(/\/{1,64}$/, '')
    .split('/');
  if (address === undefined || mask === undefined || more !== undefined) {
    throw new Refusal("Malformed CIDR, one '/' required", path);
  }
  const maskBits = Number(mask);
  if (!/^[+-]?\d{1,10}$/.test(mask) || Math.abs(maskBits) > 0x7fffffff) {
    throw new Refusal('Malformed CIDR, mask bits must be an integer', path);
  }
  if (maskBits < 0) throw new Refusal('Malformed CIDR, mask bits must not be negative', path);
  const digits = addressDigits(address);
  if (digits === undefined) throw new Refusal(`${looksLikeAddress(address)} IP address: ${address}`, path);
  const [family, most] = digits.length === 8 ? ['IPv4', 31] : ['IPv6', 127];
  if (maskBits > Number(most)) throw new Refusal(`${family} mask bits must be < ${Number(most) + 1}`, path);
  return { type: 'cidr', ...blockDigits(digits, maskBits) };
}

const looksLikeAddress = (text: string): string =>
  /^\d+\.\d+\.\d+\.\d+$/.test(text) || (text.includes(':') && /^[0-9a-fA-F:]+$/.test(text)) ? 'Invalid' : 'Nonstandard';
