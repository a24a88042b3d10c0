import { addressDigits } from '../address.ts';
import { readBackwards, readForwards } from './letter-case.ts';
import type { Leaf, Matcher, NumericMatcher } from './types.ts';

/**
 * Whether a matcher accepts a scalar of an event. `anything-but` accepts every scalar that what it names does not, so also `null`,
 * booleans, and numbers when it names texts. `absent` accepts none: it asks for the lack of scalars. Source: aws/event-ruler, ByteMachine.
 */
export function accepts(matcher: Matcher, leaf: Leaf): boolean {
  switch (matcher.type) {
    case 'exists':
      return true;
    case 'absent':
      return false;
    case 'literal':
      return leaf.type === 'literal' && leaf.text === matcher.text;
    case 'number':
      return leaf.type === 'number' && (leaf.comparable === matcher.comparable || leaf.text === matcher.text);
    case 'numeric':
      return leaf.type === 'number' && inRange(matcher, leaf.comparable);
    case 'anything-but':
      return !matcher.not.some((named) => accepts(named, leaf));
    default:
      return leaf.type === 'string' && acceptsText(matcher, leaf.text);
  }
}

/** Whether one of the matchers accepts a scalar. */
export function acceptsSome(matchers: readonly Matcher[], leaf: Leaf): boolean {
  for (const matcher of matchers) if (accepts(matcher, leaf)) return true;
  return false;
}

type TextMatcher = Extract<
  Matcher,
  { type: 'text' | 'address' | 'prefix' | 'suffix' | 'equals-ignore-case' | 'wildcard' | 'cidr' }
>;

function acceptsText(matcher: TextMatcher, text: string): boolean {
  switch (matcher.type) {
    case 'text':
      return text === matcher.text;
    case 'prefix':
      return matcher.forms ? readForwards(matcher.forms, text).size > 0 : text.startsWith(matcher.text);
    case 'suffix':
      return matcher.forms ? readBackwards(matcher.forms, text).size > 0 : text.endsWith(matcher.text);
    case 'equals-ignore-case':
      return readForwards(matcher.forms, text).has(text.length);
    case 'wildcard':
      return hasParts(matcher.parts, text);
    case 'address':
      return addressDigits(text) === matcher.digits;
    case 'cidr':
      return inBlock(matcher, addressDigits(text));
  }
}

/** Comparisons with NaN are false, so a number outside AWS's range is in no range. */
function inRange({ bottom, openBottom, top, openTop }: NumericMatcher, value: number): boolean {
  return (openBottom ? value > bottom : value >= bottom) && (openTop ? value < top : value <= top);
}

function inBlock({ bottom, top }: { readonly bottom: string; readonly top: string }, digits?: string): boolean {
  return digits !== undefined && digits.length === bottom.length && digits >= bottom && digits <= top;
}

/** The parts between the stars stand in the text in order: each is taken where it first occurs, and the last one at the end. */
function hasParts(parts: readonly string[], text: string): boolean {
  const last = parts.length - 1;
  const [first = ''] = parts;
  if (last === 0) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (let index = 1; index < last; index++) {
    const part = parts[index] ?? '';
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  const end = parts[last] ?? '';
  return text.length - end.length >= at && text.endsWith(end);
}
