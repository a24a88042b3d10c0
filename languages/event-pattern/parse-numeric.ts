import { comparable, largestNumber } from './comparable.ts';
import type { JsonNode } from './json-text.ts';
import { Refusal } from './refusal.ts';
import type { NumericMatcher } from './types.ts';

/** One comparison, or a lower bound followed by an upper bound. Source: aws/event-ruler, JsonRuleCompiler. */
export function parseNumeric(operand: JsonNode, path: string): NumericMatcher {
  if (operand.kind !== 'array') throw new Refusal('Value of numeric must be an array.', path);
  const [operator, value, ...rest] = operand.items;
  if (operator?.kind !== 'string') throw new Refusal(`Invalid member in numeric match: ${token(operator)}`, path);
  if (!['=', '<', '<=', '>', '>='].includes(operator.text)) {
    throw new Refusal(`Unrecognized numeric range operator: ${operator.text}`, path);
  }
  const number = numberOf(operator.text, value, path);
  if (!operator.text.startsWith('>')) return upTo(operator.text, number, rest, path);
  const openBottom = operator.text === '>';
  if (rest.length > 0) return between(number, openBottom, rest, path);
  return { type: 'numeric', bottom: bound(number, path), openBottom, ...unlimitedTop };
}

const farthest = comparable(largestNumber);
const unlimitedTop = { top: farthest, openTop: false };
const unlimitedBottom = { bottom: -farthest, openBottom: false };

/** `=`, `<` and `<=` end the expression: a range is written with its lower bound first. */
function upTo(operator: string, number: string, rest: readonly JsonNode[], path: string): NumericMatcher {
  if (rest.length > 0) throw new Refusal('Too many elements in numeric expression', path);
  const top = bound(number, path);
  if (operator === '=') return { type: 'numeric', bottom: top, openBottom: false, top, openTop: false };
  return { type: 'numeric', ...unlimitedBottom, top, openTop: operator === '<' };
}

function between(bottom: string, openBottom: boolean, rest: readonly JsonNode[], path: string): NumericMatcher {
  const [operator, value, more] = rest;
  if (operator?.kind !== 'string') throw new Refusal(`Bad value in numeric range: ${token(operator)}`, path);
  if (operator.text !== '<' && operator.text !== '<=') {
    throw new Refusal(`Bad numeric range operator: ${operator.text}`, path);
  }
  const top = numberOf(operator.text, value, path);
  if (more !== undefined) throw new Refusal('Too many terms in numeric range expression', path);
  const range = { bottom: bound(bottom, path), openBottom, top: bound(top, path), openTop: operator.text === '<' };
  if (range.bottom >= range.top) throw new Refusal('Bottom must be less than top', path);
  return { type: 'numeric', ...range };
}

function numberOf(operator: string, node: JsonNode | undefined, path: string): string {
  if (node?.kind === 'number') return node.text;
  throw new Refusal(`Value of ${operator === '=' ? 'equals' : operator} must be numeric`, path);
}

/** A number of a pattern as AWS compares it; refused outside the range. */
export function bound(text: string, path: string): number {
  const value = comparable(Number(text));
  if (Number.isNaN(value)) throw new Refusal('Value must be between -5.0E9 and 5.0E9, inclusive', path);
  return value;
}

/** The token at which AWS's reader stands, as it names it. */
function token(node: JsonNode | undefined): string {
  if (node === undefined) return ']';
  return node.kind === 'object' ? '{' : node.kind === 'array' ? '[' : node.text;
}
