import { acceptsSome } from '../../languages/event-pattern/accept.ts';
import type { Matcher } from '../../languages/event-pattern/types.ts';

/** The texts that a field of an event may hold: these, or any that `written` describes. */
export type Texts =
  | { readonly any: false; readonly texts: ReadonlySet<string> }
  | { readonly any: true; readonly written: string };

/** No limit. */
export const anyText: Texts = { any: true, written: '*' };

/** These texts alone. */
export const exactly = (...texts: readonly string[]): Texts => ({ any: false, texts: new Set(texts) });

/** The texts that are left when a pattern's list for the field has accepted. */
export function accepted(texts: Texts, matchers: readonly Matcher[], written: string): Texts {
  const exact = exactTexts(matchers);
  if (texts.any) {
    if (exact) return { any: false, texts: exact };
    return { any: true, written: texts.written === '*' ? written : `${texts.written} and ${written}` };
  }
  if (exact && exact.size < texts.texts.size)
    return { any: false, texts: new Set([...exact].filter((text) => texts.texts.has(text))) };
  const left = [...texts.texts].filter((text) => exact?.has(text) ?? acceptsText(matchers, text));
  return { any: false, texts: new Set(left) };
}

const acceptsText = (matchers: readonly Matcher[], text: string): boolean =>
  acceptsSome(matchers, { type: 'string', text, comparable: Number.NaN, element: undefined });

/** The texts of a list that names texts only. */
function exactTexts(matchers: readonly Matcher[]): ReadonlySet<string> | undefined {
  const texts = matchers.flatMap((matcher) => (matcher.type === 'text' ? [matcher.text] : []));
  return texts.length === matchers.length ? new Set(texts) : undefined;
}

/** Whether no text is left. */
export const isNone = (texts: Texts): boolean => !texts.any && texts.texts.size === 0;

/** Each text, or the words for all of them. */
export const wordsOf = (texts: Texts): readonly string[] => (texts.any ? [texts.written] : [...texts.texts]);

/** Whether a text may be one of them. */
export const mayBe = (texts: Texts, text: string): boolean => texts.any || texts.texts.has(text);
