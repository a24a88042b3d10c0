import { Fault } from '../../shared/fault.ts';
import { parseMatcher } from './parse-matcher.ts';
import type { FieldPattern, Pattern } from './types.ts';

/** The default quota for one rule's pattern. Source: EventBridge quotas. */
const longestPattern = 2048;
const mostCombinations = 1000;
const deepestPattern = 100;

/**
 * Reads an event pattern, an object or its JSON text, and refuses what AWS refuses with AWS's text behind `InvalidEventPattern`.
 * Source: the pattern operators page of the EventBridge guide, texts of the aws/event-ruler library.
 */
export function parsePattern(pattern: unknown): Pattern {
  const text = typeof pattern === 'string' ? pattern : JSON.stringify(pattern);
  if (text !== undefined && text.length > longestPattern)
    throw refused(`Event pattern is longer than ${longestPattern} characters`);
  const value = typeof pattern === 'string' ? parseText(pattern) : pattern;
  const parsed = parseObject(value, 'Filter', 0);
  if (combinations(parsed) > mostCombinations) throw refused('Event pattern has more than 1000 combinations of $or');
  return parsed;
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refused('Filter is not valid JSON');
  }
}

function parseObject(value: unknown, at: string, depth: number): Pattern {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refused('Filter is not an object');
  if (depth > deepestPattern) throw refused(`Event pattern is nested deeper than ${deepestPattern} levels`);
  const entries = Object.entries(value);
  if (entries.length === 0) throw refused('Empty objects are not allowed', at);
  return {
    fields: entries
      .filter(([key]) => key !== '$or')
      .map(([key, field]) => parseField(key, field, `${at}.${key}`, depth)),
    alternatives: entries.filter(([key]) => key === '$or').map(([, list]) => parseAlternatives(list, at, depth)),
  };
}

function parseField(key: string, field: unknown, at: string, depth: number): FieldPattern {
  if (Array.isArray(field)) {
    if (field.length === 0) throw refused('Empty arrays are not allowed', at);
    return { key, matchers: field.map((item) => parseMatcher(item, refused)), written: JSON.stringify(field) };
  }
  if (typeof field === 'object' && field !== null) return { key, object: parseObject(field, at, depth + 1) };
  throw refused(`"${key}" must be an object or an array`);
}

function parseAlternatives(list: unknown, at: string, depth: number): readonly Pattern[] {
  if (!Array.isArray(list)) throw refused('It must be an Array followed with $or.');
  if (list.length < 2) throw refused('There must have at least 2 Objects in $or relationship.');
  return list.map((item) => parseObject(item, `${at}.$or`, depth + 1));
}

function combinations(pattern: Pattern): number {
  const nested = pattern.fields.reduce(
    (product, field) => product * ('object' in field ? combinations(field.object) : 1),
    1,
  );
  return pattern.alternatives.reduce(
    (product, list) => product * list.reduce((sum, each) => sum + combinations(each), 0),
    nested,
  );
}

const refused = (reason: string, at?: string): Fault =>
  new Fault(
    'InvalidEventPattern',
    `Event pattern is not valid. Reason: ${reason}${at === undefined ? '' : ` at ${at}`}`,
  );
