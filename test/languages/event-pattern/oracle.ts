/**
 * The second opinion on array consistency: the event is flattened into fields with the array elements around them, and every assignment of
 * fields is tried. Shares only the parsed clauses and the matching of one scalar with languages/event-pattern.
 */
import { accepts } from '../../../languages/event-pattern/accept.ts';
import { comparable } from '../../../languages/event-pattern/comparable.ts';
import type { Clause, Pattern } from '../../../languages/event-pattern/types.ts';

/** A scalar with its path and, for each array around it, the index of its element. */
interface Flat {
  readonly path: string;
  readonly value: string | number | boolean | null;
  readonly within: ReadonlyMap<number, number>;
}

/** Whether an event matches, by trying everything. */
export function oracle(pattern: Pattern, event: object): boolean {
  let arrays = 0;
  const flat: Flat[] = [];
  const visit = (value: unknown, path: string, within: ReadonlyMap<number, number>): void => {
    if (Array.isArray(value)) {
      const array = arrays++;
      for (const [index, item] of value.entries()) {
        const composite = typeof item === 'object' && item !== null;
        visit(item, path, composite ? new Map([...within, [array, index]]) : within);
      }
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) visit(item, path === '' ? key : `${path}.${key}`, within);
    } else flat.push({ path, value: value as Flat['value'], within });
  };
  visit(event, '', new Map());
  return pattern.clauses.some((clause) => assign(clause, flat, new Map()));
}

function assign(clause: Clause, flat: readonly Flat[], chosen: ReadonlyMap<number, number>): boolean {
  const [field, ...rest] = clause;
  if (field === undefined) return true;
  const here = flat.filter(({ path }) => path === field.path).filter(({ within }) => agrees(within, chosen));
  if (here.length === 0 && field.matchers.some(({ type }) => type === 'absent') && assign(rest, flat, chosen))
    return true;
  return here.some(
    ({ value, within }) =>
      field.matchers.some((matcher) => accepts(matcher, leafOf(value))) &&
      assign(rest, flat, new Map([...chosen, ...within])),
  );
}

const agrees = (within: ReadonlyMap<number, number>, chosen: ReadonlyMap<number, number>): boolean =>
  [...within].every(([array, index]) => (chosen.get(array) ?? index) === index);

function leafOf(value: Flat['value']) {
  const element = undefined;
  if (typeof value === 'string') return { type: 'string' as const, text: value, comparable: Number.NaN, element };
  if (typeof value === 'number') {
    return { type: 'number' as const, text: JSON.stringify(value), comparable: comparable(value), element };
  }
  return { type: 'literal' as const, text: String(value), comparable: Number.NaN, element };
}
