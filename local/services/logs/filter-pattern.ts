import { invalidPattern } from './condition.ts';
import { fieldPattern } from './field-pattern.ts';
import { jsonPattern } from './json-pattern.ts';

/** A filter pattern, read. */
export interface LinePattern {
  readonly passes: (message: string) => boolean;
  /** What stands at `$.name` of a JSON line or in the field `$name`; undefined when nothing does. */
  readonly valueOf: (selector: string, message: string) => unknown;
}

const longestPattern = 1024;

/**
 * Reads a filter pattern: terms (`ERROR "out of memory"`, all must occur; `-term` must not; `?a ?b` any), JSON patterns `{ … }` and
 * space-delimited patterns `[ … ]`. Regular expressions are refused by name. FilterLogEvents and metric filters share it.
 * Source: the filter pattern syntax page of the CloudWatch Logs guide.
 */
export function parseFilter(pattern: string): LinePattern {
  const text = pattern.trim();
  if (text.length > longestPattern) throw invalidPattern(`it is longer than ${longestPattern} characters`);
  if (text.startsWith('{')) return jsonPattern(text);
  if (text.startsWith('[')) return fieldPattern(text);
  return { passes: text === '' || text === '""' ? () => true : termFilter(text), valueOf: () => undefined };
}

function termFilter(text: string): (message: string) => boolean {
  const terms = [...text.matchAll(/([?-]?)(?:"((?:[^"\\]|\\.)*)"|(\S+))/g)].map(([, sign, quoted, bare]) => ({
    sign,
    term: quoted?.replace(/\\(.)/g, '$1') ?? termOf(bare ?? ''),
  }));
  const all = terms.filter(({ sign }) => sign === '');
  const none = terms.filter(({ sign }) => sign === '-');
  const any = terms.filter(({ sign }) => sign === '?');
  return (message) =>
    all.every(({ term }) => message.includes(term)) &&
    none.every(({ term }) => !message.includes(term)) &&
    // Beside other terms, AWS ignores those with a question mark.
    (any.length === 0 || all.length + none.length > 0 || any.some(({ term }) => message.includes(term)));
}

/** A bare term. Throws for what has to stand in quotes. */
function termOf(bare: string): string {
  if (bare.startsWith('%')) throw invalidPattern('regular expressions are not played by the local cloud');
  if (bare.startsWith('"')) throw invalidPattern('a closing quote is missing');
  return bare;
}
