import { Fault } from '../../shared/fault.ts';
import { anyEvent, type EventShape, type Standing, standingAt } from './event-shape.ts';
import { type Placed, stepsOf, writeEvent } from './example-event.ts';
import { scalarWith } from './scalar.ts';
import type { Clause, FieldPattern, Pattern } from './types.ts';

/** Whether every event of one pattern is matched by the other, or an event, as JSON, that only the one matches. */
export type Inclusion = { readonly includes: true } | { readonly includes: false; readonly event: string };

/** So many ways to miss the alternatives of the larger pattern are tried. */
const mostTries = 20_000;

/**
 * Whether the larger pattern matches every event of a shape that the smaller one matches. Exact: an event that it misses is found if there is one. Throws
 * PatternUndecided when the larger pattern asks for the lack of a field (`exists: false`) that may stand in arrays, or has too many alternatives.
 */
export function includes(larger: Pattern, smaller: Pattern, shape: EventShape = anyEvent): Inclusion {
  checkDecided(larger, shape);
  const tries = { left: mostTries };
  for (const clause of smaller.clauses) {
    const missed = new Search(clause, shape, tries).miss(larger.clauses, new Map());
    if (missed) return { includes: false, event: writeEvent(missed, shape) };
  }
  return { includes: true };
}

/**
 * Without the lack of fields, an event with fewer values matches less. So of the values at free paths those suffice that the smaller pattern finds,
 * all in one element; at all other paths there is a value or none, whatever the elements.
 */
function checkDecided({ clauses }: Pattern, shape: EventShape): void {
  for (const { path, matchers } of clauses.flat()) {
    if (matchers.some(({ type }) => type === 'absent') && standingAt(path, shape).kind === 'free') {
      throw new Fault(
        'PatternUndecided',
        `the pattern asks for the lack of ${path} (exists: false), which may stand in arrays`,
        `say that ${path} holds at most one value`,
      );
    }
  }
}

/** By path, the fields that the value there has to fail. */
type Failing = ReadonlyMap<string, readonly FieldPattern[]>;

class Search {
  private readonly fields: ReadonlyMap<string, FieldPattern>;
  private readonly shape: EventShape;
  private readonly tries: { left: number };
  /** The values that were looked for, by path and fields. */
  private readonly known = new Map<string, string | undefined>();

  constructor(clause: Clause, shape: EventShape, tries: { left: number }) {
    this.fields = new Map(clause.map((field) => [field.path, field]));
    this.shape = shape;
    this.tries = tries;
  }

  /** Values that match the clause and none of the clauses to miss: in each of these some field has to fail. */
  miss([clause, ...others]: readonly Clause[], failing: Failing): readonly Placed[] | undefined {
    if (this.tries.left-- === 0) {
      throw new Fault('PatternUndecided', `the $or of the pattern can be missed in more than ${mostTries} ways`);
    }
    if (clause === undefined) return this.values(failing);
    const free = clause.find((field) => this.costsNothing(field, failing));
    for (const field of free ? [free] : clause) {
      const fields = withField(failing.get(field.path) ?? [], field);
      if (this.valueAt(field.path, fields) === undefined) continue;
      const missed = this.miss(others, new Map(failing).set(field.path, fields));
      if (missed) return missed;
    }
    return undefined;
  }

  /** Whether a field fails without hindering any other from it: it has to already, or its path may stay empty for good. */
  private costsNothing(field: FieldPattern, failing: Failing): boolean {
    const fields = failing.get(field.path) ?? [];
    if (fields.some(({ written }) => written === field.written)) return true;
    const standing = standingAt(field.path, this.shape);
    return standing.kind !== 'known' && mayLack(this.fields.get(field.path), standing) && !takesAbsence(field);
  }

  private values(failing: Failing): readonly Placed[] | undefined {
    const placed: Placed[] = [];
    for (const path of new Set([...this.fields.keys(), ...failing.keys()])) {
      const value = this.valueAt(path, failing.get(path) ?? []);
      if (value === undefined) return undefined;
      if (value !== nothing) placed.push({ steps: stepsOf(path), value });
    }
    return placed;
  }

  /** A value that the clause takes and all of the fields refuse, the lack of one if that does it, or undefined when neither can be. */
  private valueAt(path: string, fields: readonly FieldPattern[]): string | undefined {
    const standing = standingAt(path, this.shape);
    const own = this.fields.get(path);
    if (mayLack(own, standing) && !fields.some(takesAbsence)) return nothing;
    if (standing.kind === 'nothing') return undefined;
    const key = [path, ...fields.map(({ written }) => written).sort()].join('\n');
    if (!this.known.has(key)) {
      const wanted = { every: own ? [own.matchers] : [], none: fields.map(({ matchers }) => matchers) };
      this.known.set(key, scalarWith(wanted, standing.kind === 'known' && standing.value.type === 'text'));
    }
    return this.known.get(key);
  }
}

const withField = (fields: readonly FieldPattern[], field: FieldPattern): readonly FieldPattern[] =>
  fields.some(({ written }) => written === field.written) ? fields : [...fields, field];

/** No JSON value is empty. */
const nothing = '';

const takesAbsence = ({ matchers }: FieldPattern): boolean => matchers.some(({ type }) => type === 'absent');

function mayLack(own: FieldPattern | undefined, standing: Standing): boolean {
  if (standing.kind === 'known' && standing.value.count === 'one') return false;
  return own === undefined || takesAbsence(own);
}
