/** Events of a shape, and events woven from others, to hold against what is decided over all events. */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { EventShape } from '../../../languages/event-pattern/event-shape.ts';
import { parsePattern } from '../../../languages/event-pattern/parse.ts';
import type { Pattern } from '../../../languages/event-pattern/types.ts';
import { Fault } from '../../../shared/fault.ts';
import { events, list, patterns, scalar, text } from './generated.ts';

/** `a` is a text, `b.a` a list of texts, `b.b` at most one value, and anything may stand in `c`. */
export const smallShape: EventShape = {
  values: {
    a: { count: 'one', type: 'text', example: '"x"' },
    'b.a': { count: 'any-number', type: 'text' },
    'b.b': { count: 'at-most-one', type: 'scalar' },
  },
  open: ['c'],
};

export const eventsOfShape: fc.Arbitrary<object> = fc
  .record({ a: text, texts: fc.array(text, { maxLength: 2 }), value: fc.option(scalar), c: events })
  .map(({ a, texts, value, c }) => ({ a, b: { a: texts, ...(value === null ? {} : { b: value }) }, c }));

/** Events in which the fields of others stand side by side: in arrays, in nested arrays, and with one field left out. */
export function interwoven(given: readonly object[]): readonly object[] {
  const keys = [...new Set(given.flatMap((event) => Object.keys(event)))];
  const valuesOf = (key: string): unknown[] =>
    given.flatMap((event) => (Object.hasOwn(event, key) ? [(event as Record<string, unknown>)[key]] : []));
  const whole = [
    Object.fromEntries(keys.map((key) => [key, valuesOf(key)])),
    Object.fromEntries(keys.map((key) => [key, valuesOf(key).map((value) => [value])])),
    Object.fromEntries(keys.map((key) => [key, valuesOf(key)[0]])),
    Object.fromEntries(keys.map((key) => [key, valuesOf(key).at(-1)])),
  ];
  return [
    ...whole,
    ...whole.flatMap((event) =>
      keys.map((left) => Object.fromEntries(Object.entries(event).filter(([key]) => key !== left))),
    ),
  ];
}

/** Patterns that ask for what stands in {@link smallShape}, and for little else. */
export const patternsOfShape: fc.Arbitrary<object> = fc
  .record({ a: list, texts: list, value: list, c: patterns }, { requiredKeys: ['a'] })
  .map(({ a, texts, value, c }) => ({
    a,
    ...(texts === undefined && value === undefined
      ? {}
      : { b: { ...(texts ? { a: texts } : {}), ...(value ? { b: value } : {}) } }),
    ...(c === undefined ? {} : { c }),
  }));

/** A pattern and one like it, in which some lists are others and some ask for absence. */
export const rivals = (given: fc.Arbitrary<object>): fc.Arbitrary<readonly [object, object]> =>
  fc
    .tuple(given, fc.array(fc.oneof(list, fc.constant([{ exists: false }]), fc.constant('same')), { minLength: 5 }))
    .map(([pattern, lists]) => {
      let at = 0;
      return [pattern, changed(pattern, () => lists[at++ % lists.length])] as const;
    });

function changed(pattern: object, next: () => unknown): object {
  return Object.fromEntries(
    Object.entries(pattern).map(([key, value]: [string, unknown]) => {
      if (key === '$or') return [key, (value as object[]).map((each) => changed(each, next))];
      if (!Array.isArray(value)) return [key, changed(value as object, next)];
      const other = next();
      return [key, other === 'same' ? value : other];
    }),
  );
}

/** The generator makes some patterns that AWS refuses, as empty `anything-but` prefixes. */
export function parsedIfLegal(pattern: object): Pattern | undefined {
  try {
    return parsePattern(pattern);
  } catch (error) {
    expect(error).toBeInstanceOf(Fault);
    return undefined;
  }
}
