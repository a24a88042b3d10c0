import { contextValues } from './conditions.ts';
import type { Request } from './types.ts';

const literals: Readonly<Record<string, string>> = { '*': '*', '?': '?', $: '$' };

/**
 * Replaces `${key}` and `${key, 'default'}` by the request's value. A variable without value or default makes the whole text
 * match nothing: the answer is undefined. Source: the IAM page on policy variables.
 */
export function expand(text: string, request: Request): string | undefined {
  if (!text.includes('${')) return text;
  let missing = false;
  const expanded = text.replace(/\$\{([^}]{1,256})\}/g, (_whole, inner: string) => {
    const [, key = '', fallback] = /^\s*([^,]+?)\s*(?:,\s*'([^']*)'\s*)?$/.exec(inner) ?? [];
    const value = literals[key] ?? singleValue(request, key) ?? fallback;
    if (value === undefined) missing = true;
    return value ?? '';
  });
  return missing ? undefined : expanded;
}

function singleValue(request: Request, key: string): string | undefined {
  const values = contextValues(request, key);
  return values?.length === 1 ? values[0] : undefined;
}
