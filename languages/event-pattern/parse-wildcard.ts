import type { JsonNode } from './json-text.ts';
import { Refusal } from './refusal.ts';
import type { Matcher } from './types.ts';

/** Splits at the stars that are not escaped; `\*` and `\\` are the only escapes. Source: aws/event-ruler, WildcardParser. */
export function parseWildcard(operand: JsonNode, path: string): Extract<Matcher, { type: 'wildcard' }> {
  if (operand.kind !== 'string') throw new Refusal('wildcard match pattern must be a string', path);
  const { text } = operand;
  const parts = [''];
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '*') {
      if (text[at + 1] === '*') throw new Refusal(`Consecutive wildcard characters at pos ${position(text, at)}`, path);
      parts.push('');
      continue;
    }
    if (character === '\\' && text[at + 1] !== '*' && text[at + 1] !== '\\') {
      throw new Refusal(`Invalid escape character at pos ${position(text, at)}`, path);
    }
    parts[parts.length - 1] += character === '\\' ? text.charAt(++at) : character;
  }
  return { type: 'wildcard', text, parts };
}

/** AWS counts UTF-8 bytes and the quotation mark before the text. */
const position = (text: string, at: number): number => new TextEncoder().encode(text.slice(0, at)).length + 1;
