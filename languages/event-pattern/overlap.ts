import { Fault } from '../../shared/fault.ts';
import { anyEvent, arrayAbove, type EventShape, standingAt, type ValueShape } from './event-shape.ts';
import { type Placed, stepsOf, writeElements, writeEvent } from './example-event.ts';
import { scalarWith } from './scalar.ts';
import type { Clause, FieldPattern, Matcher, Pattern } from './types.ts';

/** An event that all patterns match, as JSON; or why there is none: a sentence for each way in which the patterns could be met. */
export type Overlap =
  | { readonly overlaps: true; readonly event: string }
  | { readonly overlaps: false; readonly reasons: readonly string[] };

/** So many combinations of the patterns' alternatives are looked at. */
const mostCombinations = 1_000_000;

/** Whether some event is matched by both patterns, decided over all events of a shape. See {@link commonEvent}. */
export const overlap = (one: Pattern, other: Pattern, shape: EventShape = anyEvent): Overlap =>
  commonEvent([one, other], shape);

/**
 * An event of a shape that all of some patterns match. Exact: it is found if there is one. Where a field may hold an array, two patterns that want
 * different values of it have events in common, with both values in the array; a shape says where this cannot be. An event in arrays may also hold what another
 * pattern wants absent, in another element. Throws PatternUndecided when the patterns have too many combinations of alternatives.
 */
export function commonEvent(patterns: readonly Pattern[], shape: EventShape): Overlap {
  const combinations = patterns.reduce((product, { clauses }) => product * clauses.length, 1);
  if (combinations > mostCombinations) {
    throw new Fault('PatternUndecided', `the $or of the patterns make ${combinations} combinations together`);
  }
  const reasons = new Set<string>();
  for (const clauses of product(patterns.map((pattern) => pattern.clauses))) {
    const met = meet(clauses, shape);
    if (typeof met !== 'string') return { overlaps: true, event: writeEvent(met, shape) };
    reasons.add(met);
  }
  return { overlaps: false, reasons: [...reasons] };
}

function* product(lists: readonly (readonly Clause[])[]): Generator<readonly Clause[]> {
  const [first, ...rest] = lists;
  if (first === undefined) yield [];
  else for (const clause of first) for (const others of product(rest)) yield [clause, ...others];
}

/** The fields of all clauses at one path; undefined where a clause asks nothing of it. */
type Sides = readonly (FieldPattern | undefined)[];

/** Values of free paths by the array that they may stand in. */
interface Gathered {
  readonly path: string;
  /** By clause: the value that it finds at the path. */
  readonly values: readonly (string | undefined)[];
  /** A value that suits all, unless some clause has to find none. */
  readonly shared: string | undefined;
}

/** The values that meet all clauses, or a sentence that says which field cannot be met. */
function meet(clauses: readonly Clause[], shape: EventShape): readonly Placed[] | string {
  const known: Placed[] = [];
  const free = new Map<string, Gathered[]>();
  for (const [path, sides] of byPath(clauses)) {
    const standing = standingAt(path, shape);
    if (standing.kind === 'free') {
      const array = arrayAbove(path, shape);
      const beside = free.get(array) ?? [];
      free.set(array, beside);
      const gathered = gather(path, sides, beside);
      if (typeof gathered === 'string') return gathered;
      beside.push(gathered);
    } else {
      const value = standing.kind === 'known' ? knownValue(path, sides, standing.value) : nothing(path, sides);
      if (value === undefined) continue;
      if (value.json === undefined) return value.reason;
      known.push({ steps: stepsOf(path), value: value.json });
    }
  }
  return [...known, ...[...free].flatMap(([array, gathered]) => placed(array, gathered))];
}

/** In the order in which the matcher takes the paths. */
function byPath(clauses: readonly Clause[]): readonly (readonly [string, Sides])[] {
  const sides = new Map<string, (FieldPattern | undefined)[]>();
  for (const [side, clause] of clauses.entries()) {
    for (const field of clause) {
      const known = sides.get(field.path) ?? clauses.map(() => undefined);
      known[side] = field;
      sides.set(field.path, known);
    }
  }
  return [...sides].sort(([one], [other]) => (one < other ? -1 : 1));
}

const takesAbsence = (field: FieldPattern | undefined): boolean =>
  field === undefined || field.matchers.some(({ type }) => type === 'absent');

const listsOf = (sides: Sides): readonly (readonly Matcher[])[] =>
  sides.flatMap((side) => (side === undefined ? [] : [side.matchers]));

const lists = (sides: Sides): string => [...new Set(sides.flatMap((side) => side?.written ?? []))].join(' and ');

type KnownValue = { readonly json: string } | { readonly json?: undefined; readonly reason: string } | undefined;

/** A value for all clauses; undefined when they all can do without. */
function knownValue(path: string, sides: Sides, { count, type }: ValueShape): KnownValue {
  const wanted = listsOf(sides);
  const textOnly = type === 'text';
  const shared = scalarWith({ every: wanted, none: [] }, textOnly);
  if (shared !== undefined) return { json: shared };
  if (count === 'any-number') {
    const each = wanted.map((matchers) => scalarWith({ every: [matchers], none: [] }, textOnly));
    if (each.every((value) => value !== undefined)) return { json: `[${each.join()}]` };
  }
  if (count !== 'one' && sides.every(takesAbsence)) return undefined;
  return { reason: `no ${type === 'text' ? 'text' : 'value'} of ${path} is in ${lists(sides)}` };
}

const nothing = (path: string, sides: Sides): KnownValue =>
  sides.every(takesAbsence)
    ? undefined
    : { reason: `nothing can stand at ${path}, where ${lists(sides)} is asked for` };

/**
 * Values for a free path. As many clauses as can find a value there: this hinders only those that have to find none, and helps them at later
 * paths, since what stands in another element than a value found before does not count for them. Source: same-element.ts.
 */
function gather(path: string, sides: Sides, before: readonly Gathered[]): Gathered | string {
  const values = sides.map((side) => side && scalarWith({ every: [side.matchers], none: [] }));
  const without = sides.flatMap((side, at) => (side !== undefined && values[at] === undefined ? [at] : []));
  const impossible = without.find((at) => !takesAbsence(sides[at]));
  if (impossible !== undefined) return `no value is in ${lists([sides[impossible]])}, which ${path} is asked for`;
  const elsewhere = without.every((at) => before.some((gathered) => gathered.values[at] !== undefined));
  if (elsewhere) {
    const shared = without.length > 0 ? undefined : scalarWith({ every: listsOf(sides), none: [] });
    return { path, values, shared };
  }
  if (!sides.every(takesAbsence)) return `${path} cannot be in ${lists(sides)} at once`;
  return { path, values: sides.map(() => undefined), shared: undefined };
}

/** One set of values for all clauses where they can share them, or else an element for each clause. */
function placed(array: string, gathered: readonly Gathered[]): readonly Placed[] {
  const filled = gathered.filter(({ values }) => values.some((value) => value !== undefined));
  if (filled.length === 0) return [];
  if (filled.every(({ shared }) => shared !== undefined)) {
    return filled.map(({ path, shared = '' }) => ({ steps: stepsOf(path), value: shared }));
  }
  const depth = stepsOf(array).length;
  const elements = (filled[0]?.values ?? []).map((_, side) =>
    filled.flatMap(({ path, values }) => {
      const value = values[side];
      return value === undefined ? [] : [{ steps: stepsOf(path).slice(depth), value }];
    }),
  );
  return [{ steps: stepsOf(array), value: writeElements(elements.filter((element) => element.length > 0)) }];
}
