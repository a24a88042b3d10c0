import { busEvent, type EventShape, withSingle } from '../../languages/event-pattern/event-shape.ts';
import { commonEvent } from '../../languages/event-pattern/overlap.ts';
import { parsePattern } from '../../languages/event-pattern/parse.ts';
import type { Clause, Pattern } from '../../languages/event-pattern/types.ts';
import { Fault } from '../../shared/fault.ts';
import type { Wanted } from '../principals/conditions.ts';
import { placeText } from '../principals/held.ts';
import type { Way } from '../principals/ways.ts';
import { partOf } from '../routes/flight.ts';

/** Events that pass all of some patterns, and one of them. */
export interface Passing {
  /** Each with one clause: all alternatives have been multiplied out. */
  readonly patterns: readonly Pattern[];
  /** One such event, as JSON. */
  readonly event: string;
}

const alone = (clause: Clause, { paths }: Pattern): Pattern => ({ clauses: [clause], paths });

/** Events name one repository and one branch, wherever a pattern looks for them. */
function shapeOf(patterns: readonly Pattern[]): EventShape {
  const named = patterns
    .flatMap(({ clauses }) => clauses.flat())
    .map(({ path }) => path)
    .filter((path) => path.startsWith('detail.') && ['repository', 'branch'].includes(partOf(path) ?? ''));
  return named.length === 0 ? busEvent : withSingle(busEvent, [...new Set(named)]);
}

/** The events that also match one more pattern: one entry for each of its alternatives that some event meets. Exact. */
export function through(patterns: readonly Pattern[], pattern: Pattern): readonly Passing[] {
  return pattern.clauses.flatMap((clause): readonly Passing[] => {
    const all = [...patterns, alone(clause, pattern)];
    const common = commonEvent(all, shapeOf(all));
    return common.overlaps ? [{ patterns: all, event: common.event }] : [];
  });
}

/** The events that meet several more patterns. */
export const throughAll = (patterns: readonly Pattern[], more: readonly Pattern[]): readonly Passing[] =>
  more.reduce<readonly Passing[]>(
    (left, pattern) => left.flatMap((each) => through(each.patterns, pattern)),
    [{ patterns, event: '{}' }],
  );

/** What a way asks of the events that are put, as patterns. Throws ClaimUndecided for `?` and ARNs. */
export function patternsOf({ open, by }: Way): readonly Pattern[] {
  const where = by.map(placeText).join(' and ');
  return [named, ...open.flatMap((wanted) => matchersOf(wanted, where)).map((field) => parsePattern(field))];
}

/** PutEvents takes no event without a source or a detail type. Source: facts 2.3. */
const named = parsePattern({ source: [{ 'anything-but': '' }], 'detail-type': [{ 'anything-but': '' }] });

const fields: Readonly<Record<string, string>> = { 'events:source': 'source', 'events:detail-type': 'detail-type' };

function matchersOf({ condition, holds }: Wanted, where: string): readonly object[] {
  const { operator, key, values } = condition;
  const field = fields[key.toLowerCase()] ?? '';
  if (operator === 'Null')
    return values.some((value) => value.toLowerCase() === 'false') === holds ? [] : [{ [field]: [{ exists: false }] }];
  const negated = operator.includes('Not');
  const matchers = values.map((value) => matcherOf(operator.replace('Not', ''), value, where));
  if (negated !== holds) return [{ [field]: matchers }];
  return matchers.map((matcher) => ({ [field]: [{ 'anything-but': matcher }] }));
}

function matcherOf(operator: string, value: string, where: string): unknown {
  if (operator === 'StringEquals') return value;
  if (operator === 'StringEqualsIgnoreCase') return { 'equals-ignore-case': value };
  if (operator !== 'StringLike' || value.includes('?'))
    throw new Fault('ClaimUndecided', `${where} asks for events with ${operator} ${value}`);
  if (!value.includes('*')) return value;
  return { wildcard: value.replaceAll('\\', '\\\\').replace(/\*+/g, '*') };
}

/** What cannot be put by a call: AWS keeps sources that begin with `aws.` for itself. */
export const putByCall = (account: string): Pattern =>
  parsePattern({ source: [{ 'anything-but': { prefix: 'aws.' } }], account: [account] });

/** The path at which rules look for the branch; undefined when they do not. */
export const branchPathOf = (patterns: readonly Pattern[]): string | undefined => pathOf(patterns, 'branch');

const pathOf = (patterns: readonly Pattern[], part: 'branch' | 'repository'): string | undefined =>
  patterns
    .flatMap(({ clauses }) => clauses.flat())
    .find(({ path }) => path.startsWith('detail.') && partOf(path) === part)?.path;

/** A pattern for one field. */
export const fieldPattern = (path: string, matchers: unknown): Pattern =>
  parsePattern(path.split('.').reduceRight<unknown>((inner, step) => ({ [step]: inner }), matchers));

/**
 * What events have to be like for a function to make of them events that pass: it is taken to pass on repository and branch, under the names under which
 * the rule before it looks for them, and nothing else.
 */
export function before(after: readonly Pattern[], rule: Pattern): readonly Pattern[] {
  return (['repository', 'branch'] as const).flatMap((part) => {
    const path = pathOf([rule], part) ?? `detail.${part}`;
    return after.flatMap(({ clauses }) =>
      clauses
        .flat()
        .filter((field) => field.path.startsWith('detail.') && partOf(field.path) === part)
        .map(({ written }) => fieldPattern(path, JSON.parse(written))),
    );
  });
}
