import type { Matcher } from './types.ts';

/** As many wildcard prefixes may match at once. Not documented; public reports agree on ten. */
const mostPrefixes = 10;
/** Beyond so many different situations the answer is "too complex" without looking further. */
const mostSituations = 20_000;

/**
 * Whether AWS refuses the wildcards of one field: it counts, over all imaginable values, how many prefixes of the wildcard texts may
 * match at the same time. Repetitions behind a star raise the number. Simplified: the fields of one pattern are counted apart, where
 * AWS counts the alternatives of `$or` together when the fields before them are equal.
 * Source: the pattern operators page, "Wildcards and event pattern complexity"; aws/event-ruler, MachineComplexityEvaluator.
 */
export function tooComplex(matchers: readonly Matcher[]): boolean {
  const texts = matchers
    .flatMap((matcher) => (matcher.type === 'anything-but' ? matcher.not : [matcher]))
    .flatMap((matcher) => (matcher.type === 'wildcard' ? [tokensOf(matcher.parts)] : []));
  return texts.length > 0 && explore(texts);
}

const star = '*star*';

/** The characters of a text with its quotation marks, as the matcher sees it; the stars between them. */
function tokensOf(parts: readonly string[]): readonly string[] {
  const inner = parts.flatMap((part, index) => (index === 0 ? part.split('') : [star, ...part.split('')]));
  return ['"', ...inner, '"'];
}

/** A place in a text: how many tokens of it were matched. Places of all texts are numbered through. */
interface Place {
  readonly token: string | undefined;
  readonly next: number;
  /** Standing behind a star, which takes any further character. */
  readonly loops: boolean;
}

function explore(texts: readonly (readonly string[])[]): boolean {
  const places: Place[] = [];
  const starts = texts.map((tokens) => {
    const offset = places.length;
    for (let index = 0; index <= tokens.length; index++) {
      places.push({ token: tokens[index], next: offset + index + 1, loops: tokens[index - 1] === star });
    }
    return offset;
  });
  const seen = new Set<string>();
  const pending: (readonly number[])[] = [starts];
  for (let situation = pending.pop(); situation !== undefined; situation = pending.pop()) {
    for (const after of successors(situation, places)) {
      if (weightOf(after, places) > mostPrefixes || seen.size > mostSituations) return true;
      const key = after.join();
      if (!seen.has(key)) {
        seen.add(key);
        pending.push(after);
      }
    }
  }
  return false;
}

/** The situations after each character that makes a difference, and after one that no text names. */
function successors(situation: readonly number[], places: readonly Place[]): (readonly number[])[] {
  const characters = new Set<string | undefined>([undefined]);
  for (const at of situation) {
    const { token, next } = places[at] as Place;
    if (token !== star) characters.add(token);
    else characters.add(places[next]?.token);
  }
  return [...characters].map((character) => {
    const after = new Set<number>();
    for (const at of situation) advance(at, character, places, after);
    return [...after].sort((one, other) => one - other);
  });
}

function advance(at: number, character: string | undefined, places: readonly Place[], into: Set<number>): void {
  const { token, next, loops } = places[at] as Place;
  if (loops) into.add(at);
  if (token === star) {
    into.add(next);
    const behind = places[next] as Place;
    if (character !== undefined && behind.token === character) into.add(behind.next);
  } else if (character !== undefined && token === character) into.add(next);
}

/** A place before a star also counts for the star, since `foo` matches `foo*` too. */
function weightOf(situation: readonly number[], places: readonly Place[]): number {
  let weight = situation.length;
  for (const at of situation) {
    const { token, next } = places[at] as Place;
    if (token === star && !situation.includes(next)) weight++;
  }
  return weight;
}
