import type { ContextKeys } from './context.ts';
import { type Glob, globOf, literal } from './wildcard.ts';

/** Characters that have a meaning of their own, and the variables that stand for them as they are. */
const characters: Readonly<Record<string, string>> = { '*': '*', '?': '?', $: '$' };

/**
 * Puts in the request's values for `${key}` and `${key, 'default'}`. A variable without value and without default makes the text equal to
 * nothing: the answer is undefined. Values are taken as they are, also where they hold a star; AWS does not say, and lets no name hold one.
 * Source: the IAM page on policy variables.
 */
export const expandGlob = (text: string, keys: ContextKeys): Glob | undefined => expand(text, keys, globOf, literal);

/** The same for operators that know no wildcards. */
export const expandText = (text: string, keys: ContextKeys): string | undefined => expand(text, keys, asIs, asIs);

const asIs = (text: string): string => text;

function expand(
  text: string,
  keys: ContextKeys,
  outside: (text: string) => string,
  inside: (value: string) => string,
): string | undefined {
  let expanded = '';
  let at = 0;
  for (let open = text.indexOf('${'); open >= 0; open = text.indexOf('${', at)) {
    const close = text.indexOf('}', open);
    if (close < 0) break;
    const value = valueOf(text.slice(open + 2, close), keys);
    if (value === undefined) return undefined;
    expanded += outside(text.slice(at, open)) + inside(value);
    at = close + 1;
  }
  return expanded + outside(text.slice(at));
}

/** Only a key with one value can stand in a text. */
function valueOf(variable: string, keys: ContextKeys): string | undefined {
  if (Object.hasOwn(characters, variable)) return characters[variable];
  const comma = variable.indexOf(',');
  const values = keys.get((comma < 0 ? variable : variable.slice(0, comma)).trim());
  if (values?.length === 1) return values[0];
  const fallback = comma < 0 ? '' : variable.slice(comma + 1).trim();
  return fallback.length >= 2 && fallback.startsWith("'") && fallback.endsWith("'") ? fallback.slice(1, -1) : undefined;
}
