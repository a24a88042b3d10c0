import { type Conditions as All, Conditions, comparison, invalidPattern, isNumber, tokens } from './condition.ts';
import type { LinePattern } from './filter-pattern.ts';

/** The fields of a line by name; one that looks like a number may be compared as one. */
type Fields = ReadonlyMap<string, string>;

interface FieldSlot {
  /** `...` stands for any number of fields. */
  readonly name: string;
  readonly holds: (fields: Fields) => boolean;
}

const ellipsis = '...';

/** Reads `[ip, user, ..., status = 4*, bytes > 1000]`: a name for each field of a line, with conditions. */
export function fieldPattern(text: string): LinePattern {
  if (!text.endsWith(']')) throw invalidPattern('the closing bracket is missing');
  const slots = splitOutside(text.slice(1, -1)).map(readSlot);
  if (slots.filter(({ name }) => name === ellipsis).length > 1) throw invalidPattern("it has more than one '...'");
  const read = (message: string) => named(slots, message);
  return {
    passes: (message) => {
      const fields = read(message);
      return fields !== undefined && slots.every(({ holds }) => holds(fields));
    },
    valueOf: (selector, message) => read(message)?.get(selector.replace(/^\$/, '')),
  };
}

function readSlot(text: string, index: number): FieldSlot {
  const trimmed = text.trim();
  if (trimmed === ellipsis) return { name: ellipsis, holds: () => true };
  const [, name = `\u0000${index}`] = /^\(?\s*([\w-]+)/.exec(trimmed) ?? [];
  if (trimmed === '' || trimmed === name) return { name, holds: () => true };
  return { name, holds: new Conditions<Fields>(tokens(trimmed), atom).read() };
}

function atom(conditions: All<Fields>): (fields: Fields) => boolean {
  const { text: name } = conditions.next();
  const { text: operator, type } = conditions.next();
  if (type !== 'sign' || !/^(=|!=|>|<|>=|<=)$/.test(operator))
    throw invalidPattern(`'${operator.slice(0, 100)}' is not a comparison`);
  const value = conditions.next();
  const test = comparison(operator, value);
  // A bare number is compared with numbers, everything else with the text.
  const asNumber = isNumber(value);
  return (fields) => {
    const found = fields.get(name);
    return found !== undefined && test(asNumber && found !== '' ? Number(found) : found);
  };
}

/** Splits at commas that stand outside of quotes. */
function splitOutside(text: string): readonly string[] {
  const parts: string[] = [''];
  let quoted = false;
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    if (character === ',' && !quoted) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts;
}

/** The fields of a line under the pattern's names; undefined when their number does not fit. */
function named(slots: readonly FieldSlot[], message: string): Fields | undefined {
  const fields = fieldsOf(message);
  const gap = slots.findIndex(({ name }) => name === ellipsis);
  if (gap < 0 ? fields.length !== slots.length : fields.length < slots.length - 1) return undefined;
  const before = gap < 0 ? slots : slots.slice(0, gap);
  const behind = gap < 0 ? [] : slots.slice(gap + 1);
  const found = new Map<string, string>();
  for (const [index, { name }] of before.entries()) found.set(name, fields[index] ?? '');
  for (const [index, { name }] of behind.entries())
    found.set(name, fields[fields.length - behind.length + index] ?? '');
  return found;
}

const closing: Readonly<Record<string, string>> = { '"': '"', '[': ']' };

/** Fields are separated by blanks; what stands in quotes or brackets is one field. Linear in the line's length, whatever stands in it. */
function fieldsOf(message: string): readonly string[] {
  const found: string[] = [];
  const blank = /\s/;
  const open = new Set(Object.keys(closing));
  let at = 0;
  while (at < message.length) {
    const character = message[at] ?? '';
    if (blank.test(character)) {
      at += 1;
      continue;
    }
    const end = open.has(character) ? message.indexOf(closing[character] ?? '', at + 1) : -1;
    // What is never closed needs no second look.
    if (end < 0) open.delete(character);
    if (end >= 0) {
      found.push(message.slice(at + 1, end));
      at = end + 1;
      continue;
    }
    let last = at;
    while (last < message.length && !blank.test(message[last] ?? '')) last += 1;
    found.push(message.slice(at, last));
    at = last;
  }
  return found;
}
