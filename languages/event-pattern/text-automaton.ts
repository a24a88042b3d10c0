import { addAddresses } from './address-automaton.ts';
import type { Automaton } from './automaton.ts';
import type { LetterForms } from './letter-case.ts';
import type { Matcher } from './types.ts';

/** Adds the texts that a matcher accepts to an automaton, as the language of that number. Matchers that accept no texts add nothing; `anything-but` is for the caller. */
export function addTexts(automaton: Automaton, matcher: Matcher, language: number): void {
  const end = (node: number): void => void automaton.ends.set(node, language);
  switch (matcher.type) {
    case 'text':
      return end(automaton.word(automaton.start(), matcher.text));
    case 'exists': {
      const start = automaton.start();
      automaton.loop(start);
      return end(start);
    }
    case 'prefix': {
      const last = addForms(automaton, automaton.start(), matcher.forms ?? formsOf(matcher.text));
      automaton.loop(last);
      return end(last);
    }
    case 'suffix': {
      const start = automaton.start();
      automaton.loop(start);
      // The loop stands before the text, so the node behind an empty text is the loop itself.
      return end(addForms(automaton, start, matcher.forms ?? formsOf(matcher.text)));
    }
    case 'equals-ignore-case':
      return end(addForms(automaton, automaton.start(), matcher.forms));
    case 'wildcard':
      return end(addWildcard(automaton, matcher.parts));
    case 'address':
      return addAddresses(automaton, matcher.digits, matcher.digits, language);
    case 'cidr':
      return addAddresses(automaton, matcher.bottom, matcher.top, language);
    default:
  }
}

const formsOf = (text: string): LetterForms => text.split('').map((unit) => [unit]);

function addForms(automaton: Automaton, from: number, forms: LetterForms): number {
  let at = from;
  for (const options of forms) {
    const next = automaton.node();
    for (const form of options) automaton.word(at, form, next);
    at = next;
  }
  return at;
}

/** A star is a loop at the node between two parts, on a node of its own when the text begins with it. */
function addWildcard(automaton: Automaton, parts: readonly string[]): number {
  let at = automaton.start();
  for (const [index, part] of parts.entries()) {
    if (index > 0) automaton.loop(at);
    at = automaton.word(at, part);
  }
  return at;
}
