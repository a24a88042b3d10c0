import { Fault } from '../../shared/fault.ts';
import { acceptsSome } from './accept.ts';
import { leavesOfText } from './leaves-of-text.ts';
import { leavesOfValue } from './leaves-of-value.ts';
import { parsePattern } from './parse.ts';
import { fieldsInOneElement } from './same-element.ts';
import type { Clause, FieldPattern, Leaf, Leaves, Pattern, Verdict } from './types.ts';

/**
 * Holds an event (a parsed JSON value) against a pattern. An array matches with any of its elements, and what a pattern asks of objects in one
 * array, one of these objects has to answer (array consistency). When nothing matches, the verdict is that of the clause that came farthest.
 * Source: the event pattern pages of the EventBridge guide; aws/event-ruler for arrays.
 */
export function match(pattern: Pattern, event: unknown): Verdict {
  if (typeof event !== 'object' || event === null || Array.isArray(event)) {
    return {
      matched: false,
      field: '',
      expected: 'a JSON object',
      found: described(event),
    };
  }
  return verdictOf(pattern, leavesOfValue(event, pattern.paths));
}

/**
 * The same for texts, as they stand in a rule and on the wire. A number is seen as it is spelled, which counts where it is outside AWS's range
 * (`1e10` is not `10000000000`). Of a key that stands twice in an event both values may match, as in AWS's matcher, which reads the text
 * piece by piece; what the service does with such an event before it matches is not documented. Throws EventMalformed for what is no JSON object.
 */
export const matchesJson = (patternText: string, eventText: string): boolean =>
  matchText(parsePattern(patternText), eventText).matched;

/** Holds the text of an event against a pattern; see {@link matchesJson}. */
export function matchText(pattern: Pattern, eventText: string): Verdict {
  checkJson(eventText);
  return verdictOf(pattern, leavesOfText(eventText, pattern.paths));
}

function checkJson(text: string): void {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Fault('EventMalformed', `the event ${shortened(text)} is not valid JSON`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Fault('EventMalformed', `the event ${shortened(text)} is not a JSON object`);
  }
}

/** The first field of a clause that does not match, or undefined when all do. */
export function missing(clause: Clause, leaves: Leaves): FieldPattern | undefined {
  return leaves.inArrays ? fieldsInOneElement(clause, leaves) : clause.find((field) => !fieldMatches(field, leaves));
}

function fieldMatches({ slot, matchers }: FieldPattern, leaves: Leaves): boolean {
  const found = leaves.bySlot[slot];
  if (found === undefined) return matchers.some(({ type }) => type === 'absent');
  return found.some((leaf) => acceptsSome(matchers, leaf));
}

function verdictOf(pattern: Pattern, leaves: Leaves): Verdict {
  let farthest = -1;
  let failed: FieldPattern | undefined;
  for (const clause of pattern.clauses) {
    const field = missing(clause, leaves);
    if (field === undefined) return { matched: true };
    const reached = clause.filter((each) => fieldMatches(each, leaves)).length / clause.length;
    if (reached > farthest) [farthest, failed] = [reached, field];
  }
  return explain(failed, leaves);
}

function explain(field: FieldPattern | undefined, leaves: Leaves): Verdict {
  if (field === undefined) return { matched: false, field: '', expected: 'a field', found: 'nothing' };
  const found = leaves.bySlot[field.slot]?.map(spelled) ?? [];
  const elsewhere = fieldMatches(field, leaves) ? ', but not in the element that the other fields match' : '';
  return {
    matched: false,
    field: field.path,
    expected: field.written,
    found:
      found.length === 0 ? 'nothing' : shortened(found.length === 1 ? found.join() : `[${found.join()}]`) + elsewhere,
  };
}

function described(value: unknown): string {
  try {
    return shortened(JSON.stringify(value) ?? 'nothing');
  } catch {
    return 'a value that is nested too deep';
  }
}

const spelled = ({ type, text }: Leaf): string => (type === 'string' ? JSON.stringify(text) : text);

const shortened = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text);
