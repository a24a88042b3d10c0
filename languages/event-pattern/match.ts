import { BlockList, isIP } from 'node:net';
import { parsePattern } from './parse.ts';
import type { FieldPattern, Matcher, Pattern, Scalar, Verdict } from './types.ts';

/**
 * Holds an event against a pattern. An array in the event matches with any of its elements; where a pattern asks several things of
 * objects in one array, the same object has to answer all (array consistency). Source: the event pattern pages of the EventBridge guide.
 */
export function match(pattern: Pattern, event: unknown): Verdict {
  return matchObject(pattern, event, '');
}

/** The same for texts, as they stand in a rule and on the wire. The last of doubled keys counts, as in the service. */
export const matchesJson = (patternText: string, eventText: string): boolean =>
  match(parsePattern(patternText), JSON.parse(eventText)).matched;

const matched: Verdict = { matched: true };

function matchObject(pattern: Pattern, value: unknown, at: string): Verdict {
  if (Array.isArray(value))
    return any(value.length === 0 ? [undefined] : value, (item) => matchObject(pattern, item, at));
  const object = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  for (const field of pattern.fields) {
    const found = Object.hasOwn(object, field.key) ? object[field.key] : undefined;
    const verdict = matchField(field, found, at === '' ? field.key : `${at}.${field.key}`);
    if (!verdict.matched) return verdict;
  }
  for (const list of pattern.alternatives) {
    const verdict = any(list, (each) => matchObject(each, value, at));
    if (!verdict.matched) return verdict;
  }
  return matched;
}

function any<Item>(items: readonly Item[], judge: (item: Item) => Verdict): Verdict {
  let first: Verdict | undefined;
  for (const item of items) {
    const verdict = judge(item);
    if (verdict.matched) return verdict;
    first ??= verdict;
  }
  return first ?? matched;
}

function matchField(field: FieldPattern, value: unknown, at: string): Verdict {
  if ('object' in field) return matchObject(field.object, value, at);
  const leaves = leavesOf(value);
  const accepted = field.matchers.some((matcher) => acceptsAny(matcher, leaves));
  return accepted ? matched : { matched: false, field: at, expected: field.written, found: describe(value) };
}

/** The scalar values of a field; none when it is absent or an object. Nested arrays are flattened. */
function leavesOf(value: unknown): readonly Scalar[] {
  if (value === undefined || (typeof value === 'object' && value !== null && !Array.isArray(value))) return [];
  return Array.isArray(value) ? value.flatMap(leavesOf) : [value as Scalar];
}

function acceptsAny(matcher: Matcher, leaves: readonly Scalar[]): boolean {
  if (matcher.type === 'exists') return matcher.wanted === leaves.length > 0;
  return leaves.some((leaf) => accepts(matcher, leaf));
}

function accepts(matcher: Exclude<Matcher, { type: 'exists' }> | Matcher, leaf: Scalar): boolean {
  switch (matcher.type) {
    case 'exact':
      return matcher.value === leaf;
    case 'anything-but':
      return leaf !== null && typeof leaf !== 'boolean' ? !matcher.not.some((each) => accepts(each, leaf)) : true;
    case 'numeric':
      return typeof leaf === 'number' && matcher.ranges.every((range) => inRange(leaf, range.operator, range.value));
    case 'exists':
      return matcher.wanted;
    default:
      return typeof leaf === 'string' && acceptsText(matcher, leaf);
  }
}

function acceptsText(matcher: Matcher, leaf: string): boolean {
  switch (matcher.type) {
    case 'prefix':
      return (matcher.ignoreCase ? leaf.toLowerCase() : leaf).startsWith(matcher.text);
    case 'suffix':
      return (matcher.ignoreCase ? leaf.toLowerCase() : leaf).endsWith(matcher.text);
    case 'equals-ignore-case':
      return leaf.toLowerCase() === matcher.text;
    case 'wildcard':
      return acceptsParts(matcher.parts, leaf);
    case 'cidr':
      return inNetwork(matcher, leaf);
    default:
      return false;
  }
}

/** The parts between the stars must stand in the text in order; greedy from the left, so the time is linear in practice. */
function acceptsParts(parts: readonly string[], text: string): boolean {
  const [first = '', ...rest] = parts;
  if (rest.length === 0) return text === first;
  if (!text.startsWith(first)) return false;
  const last = rest.pop() ?? '';
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

function inRange(value: number, operator: string, bound: number): boolean {
  switch (operator) {
    case '=':
      return value === bound;
    case '<':
      return value < bound;
    case '<=':
      return value <= bound;
    case '>':
      return value > bound;
    default:
      return value >= bound;
  }
}

function inNetwork(matcher: Extract<Matcher, { type: 'cidr' }>, leaf: string): boolean {
  if (isIP(leaf) !== (matcher.family === 'ipv4' ? 4 : 6)) return false;
  const list = new BlockList();
  list.addSubnet(matcher.address, matcher.bits, matcher.family);
  return list.check(leaf, matcher.family);
}

const describe = (value: unknown): string =>
  value === undefined ? 'nothing' : (JSON.stringify(value) ?? 'nothing').slice(0, 200);
