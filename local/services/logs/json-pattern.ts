import { type Conditions as All, Conditions, comparison, invalidPattern, tokens } from './condition.ts';
import type { LinePattern } from './filter-pattern.ts';

/** Reads `{ $.level = "ERROR" && ($.code >= 500 || $.cause NOT EXISTS) }`. Lines that are not JSON never fit. */
export function jsonPattern(text: string): LinePattern {
  if (!text.endsWith('}')) throw invalidPattern('the closing brace is missing');
  const holds = new Conditions<unknown>(tokens(text.slice(1, -1)), atom).read();
  return {
    passes: (message) => {
      const value = parsed(message);
      return typeof value === 'object' && value !== null && holds(value);
    },
    valueOf: (selector, message) => pathOf(selector)?.reduce(step, parsed(message)),
  };
}

function atom(conditions: All<unknown>): (value: unknown) => boolean {
  const { text } = conditions.next();
  const path = pathOf(text);
  if (path === undefined) throw invalidPattern(`'${text.slice(0, 100)}' is not of the form $.name = "value"`);
  const test = testOf(conditions);
  return (value) => test(path.reduce(step, value));
}

function testOf(conditions: All<unknown>): (found: unknown) => boolean {
  if (conditions.takes('word', 'NOT')) {
    if (conditions.takes('word', 'EXISTS')) return (found) => found === undefined;
    throw invalidPattern('NOT is followed by EXISTS');
  }
  if (conditions.takes('word', 'IS')) {
    const { text } = conditions.next();
    const wanted = new Map<string, unknown>([
      ['NULL', null],
      ['TRUE', true],
      ['FALSE', false],
    ]);
    if (!wanted.has(text.toUpperCase())) throw invalidPattern('IS is followed by NULL, TRUE or FALSE');
    return (found) => found === wanted.get(text.toUpperCase());
  }
  const { type, text } = conditions.next();
  if (type !== 'sign' || !/^(=|!=|>|<|>=|<=)$/.test(text))
    throw invalidPattern(`'${text.slice(0, 100)}' is not a comparison`);
  const value = conditions.next();
  if (value.type === 'sign') throw invalidPattern(`'${value.text}' is not a value`);
  return comparison(text, value);
}

/** The steps of `$.a.b[0].c` and `$.['a.b']`; undefined for anything else. */
function pathOf(selector: string): readonly string[] | undefined {
  if (!/^\$(\.[\w-]+|\.?\['[^']*'\]|\[\d+\])+$/.test(selector)) return undefined;
  return [...selector.matchAll(/\['([^']*)'\]|\[(\d+)\]|\.([\w-]+)/g)].map(
    ([, quoted, index, name]) => quoted ?? index ?? name ?? '',
  );
}

const step = (found: unknown, name: string): unknown =>
  typeof found === 'object' && found !== null && Object.hasOwn(found, name)
    ? (found as Record<string, unknown>)[name]
    : undefined;

function parsed(message: string): unknown {
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
}
