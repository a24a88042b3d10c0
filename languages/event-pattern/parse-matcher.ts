import { isIP } from 'node:net';
import type { Fault } from '../../shared/fault.ts';
import type { Matcher, NumericOperator, Scalar } from './types.ts';

type Refuse = (reason: string) => Fault;

/** EventBridge compares numbers within these bounds. Source: the pattern operators page. */
const largestNumber = 5e9;

/** Reads one element of a leaf's list. */
export function parseMatcher(item: unknown, refuse: Refuse): Matcher {
  if (isScalar(item)) return { type: 'exact', value: item };
  if (typeof item !== 'object' || item === null || Array.isArray(item)) {
    throw refuse('Match value must be String, number, true, false, or null');
  }
  const [entry, second] = Object.entries(item);
  if (entry === undefined) throw refuse('Match expression name not found');
  if (second !== undefined) throw refuse('Only one key allowed in match expression');
  const [name, operand] = entry;
  const parse = Object.hasOwn(parsers, name) ? parsers[name] : undefined;
  if (parse === undefined) throw refuse(`Unrecognized match type ${name}`);
  return parse(operand, refuse);
}

const isScalar = (value: unknown): value is Scalar =>
  value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

const parsers: Readonly<Record<string, (operand: unknown, refuse: Refuse) => Matcher>> = {
  prefix: (operand, refuse) => affix('prefix', operand, refuse),
  suffix: (operand, refuse) => affix('suffix', operand, refuse),
  'equals-ignore-case': (operand, refuse) => ({
    type: 'equals-ignore-case',
    text: text('equals-ignore-case', operand, refuse).toLowerCase(),
  }),
  wildcard: (operand, refuse) => ({
    type: 'wildcard',
    parts: wildcardParts(text('wildcard', operand, refuse), refuse),
  }),
  numeric: parseNumeric,
  cidr: parseCidr,
  exists: (operand, refuse) => {
    if (typeof operand !== 'boolean') throw refuse('exists match pattern must be either true or false.');
    return { type: 'exists', wanted: operand };
  },
  'anything-but': parseAnythingBut,
};

function text(name: string, operand: unknown, refuse: Refuse): string {
  if (typeof operand !== 'string') throw refuse(`${name} match pattern must be a string`);
  return operand;
}

function affix(type: 'prefix' | 'suffix', operand: unknown, refuse: Refuse): Matcher {
  if (typeof operand === 'string') return { type, text: operand, ignoreCase: false };
  const [entry] = typeof operand === 'object' && operand !== null ? Object.entries(operand) : [];
  if (entry === undefined) throw refuse(`${type} match pattern must be a string`);
  if (entry[0] !== 'equals-ignore-case') throw refuse(`Unsupported ${type} pattern: ${entry[0]}`);
  return { type, text: text('equals-ignore-case', entry[1], refuse).toLowerCase(), ignoreCase: true };
}

/** Splits at the stars that are not escaped; `\*` and `\\` are the only escapes. */
function wildcardParts(pattern: string, refuse: Refuse): readonly string[] {
  const parts = [''];
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern.charAt(at);
    if (character === '\\') {
      const escaped = pattern[++at];
      if (escaped !== '*' && escaped !== '\\') throw refuse(`Invalid escape character at pos ${at - 1}`);
      parts[parts.length - 1] += escaped;
    } else if (character === '*') {
      if (pattern[at + 1] === '*') throw refuse(`Consecutive wildcard characters at pos ${at}`);
      parts.push('');
    } else parts[parts.length - 1] += character;
  }
  return parts;
}

const numericOperators: readonly string[] = ['=', '<', '<=', '>', '>='];

function parseNumeric(operand: unknown, refuse: Refuse): Matcher {
  if (!Array.isArray(operand)) throw refuse('Value of numeric must be an array.');
  const ranges: { operator: NumericOperator; value: number }[] = [];
  for (let at = 0; at < operand.length; at += 2) {
    const [operator, value] = [operand[at] as unknown, operand[at + 1] as unknown];
    if (typeof operator !== 'string') throw refuse(`Invalid member in numeric match: ${String(operator)}`);
    if (!numericOperators.includes(operator)) throw refuse(`Unrecognized numeric range operator: ${operator}`);
    if (typeof value !== 'number') throw refuse(`Value of ${operator} must be numeric`);
    if (Math.abs(value) > largestNumber) throw refuse(`Value of ${operator} must be between -5.0e9 and 5.0e9`);
    ranges.push({ operator: operator as NumericOperator, value });
  }
  checkRange(ranges, refuse);
  return { type: 'numeric', ranges };
}

function checkRange(ranges: readonly { operator: NumericOperator; value: number }[], refuse: Refuse): void {
  const [first, second, third] = ranges;
  if (first === undefined) throw refuse('Invalid member in numeric match: ]');
  if (third !== undefined) throw refuse('Too many terms in numeric range expression');
  if (second === undefined) return;
  if (first.operator === '=' || !first.operator.startsWith('>'))
    throw refuse('Too many elements in numeric expression');
  if (!second.operator.startsWith('<')) throw refuse(`Bad numeric range operator: ${second.operator}`);
  if (second.value <= first.value) throw refuse('Bottom must be less than top');
}

function parseCidr(operand: unknown, refuse: Refuse): Matcher {
  const [address = '', bits, more] = text('cidr', operand, refuse).split('/');
  if (bits === undefined || more !== undefined) throw refuse("Malformed CIDR, one '/' required");
  const family = isIP(address);
  if (family === 0) throw refuse(`Malformed CIDR, ${address} is not an IP address`);
  const size = Number(bits);
  if (!/^\d{1,3}$/.test(bits) || size > (family === 4 ? 32 : 128))
    throw refuse('Malformed CIDR, mask bits must be an integer in range');
  return { type: 'cidr', address, bits: size, family: family === 4 ? 'ipv4' : 'ipv6' };
}

function parseAnythingBut(operand: unknown, refuse: Refuse): Matcher {
  if (typeof operand === 'object' && operand !== null && !Array.isArray(operand)) {
    const [entry, second] = Object.entries(operand);
    if (entry === undefined || second !== undefined) throw refuse('Only one key allowed in match expression');
    const [name, value] = entry;
    if (!['prefix', 'suffix', 'equals-ignore-case', 'wildcard'].includes(name))
      throw refuse(`Unsupported anything-but pattern: ${name}`);
    return { type: 'anything-but', not: list(value, refuse).map((item) => parseMatcher({ [name]: item }, refuse)) };
  }
  const values = list(operand, refuse);
  const kinds = new Set(values.map((value) => typeof value));
  if (kinds.size !== 1 || !(kinds.has('string') || kinds.has('number'))) {
    throw refuse('Inside anything but list, either all values are number or string, mixed type is not supported');
  }
  return { type: 'anything-but', not: values.map((value) => ({ type: 'exact', value: value as string | number })) };
}

function list(value: unknown, refuse: Refuse): readonly unknown[] {
  const items = Array.isArray(value) ? (value as readonly unknown[]) : [value];
  if (items.length === 0) throw refuse('Empty arrays are not allowed');
  return items;
}
