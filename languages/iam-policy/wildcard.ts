/**
 * Text with wildcards, where the wildcards are characters that no text holds (Unicode noncharacters), so that a value put in for a policy
 * variable never acts as one.
 */
export type Glob = string;

const anyText = '\uFFFF';
const anyCharacter = '\uFFFE';

/** `*` stands for any text and `?` for one character. */
export const globOf = (text: string): Glob => literal(text).replaceAll('*', anyText).replaceAll('?', anyCharacter);

/** A glob that matches just this text; a text with noncharacters matches nothing of the kind. */
export const literal = (text: string): Glob =>
  text.includes(anyText) || text.includes(anyCharacter) ? text.replace(/[\uFFFE\uFFFF]/g, '\uFFFD') : text;

/** Whether a glob covers a whole text. Two pointers, so that no pattern can make it slow: time is at most the product of the lengths. */
export function globMatches(glob: Glob, text: string): boolean {
  let [g, t, star, resume] = [0, 0, -1, 0];
  while (t < text.length) {
    const wanted = glob[g];
    if (wanted === anyText) {
      star = g++;
      resume = t;
    } else if (wanted !== undefined && (wanted === anyCharacter || wanted === text[t])) {
      g++;
      t++;
    } else if (star >= 0) {
      g = star + 1;
      t = ++resume;
    } else return false;
  }
  while (glob[g] === anyText) g++;
  return g === glob.length;
}

/**
 * Whether a `Resource` or `NotResource` covers what is asked for. A wildcard stays within its segment, but a star that is the last character of one
 * (`arn:aws:sqs:*:orders`, `arn:aws:s3:*`) goes beyond the colons, and what follows the fifth colon is one segment.
 * Source: the IAM page on the Resource element, "Using wildcards in resource ARNs".
 */
export function resourceMatches(glob: Glob, asked: string): boolean {
  const firstFive = segments(glob, 6).slice(0, 5).join(':').length;
  /** A question mark, or a star with more of its segment behind it. */
  const stays = (character: string, at: number): boolean =>
    at < firstFive &&
    (character === anyCharacter || (character === anyText && ![undefined, ':'].includes(glob[at + 1])));
  const characters = glob.split('');
  if (!characters.some(stays)) return globMatches(glob, asked);
  let reached: ReadonlySet<number> = new Set([0]);
  for (const [at, character] of characters.entries()) reached = after(reached, character, stays(character, at), asked);
  return reached.has(asked.length);
}

/** How much of a text can be covered after one more character of a glob. */
function after(reached: ReadonlySet<number>, wanted: string, stays: boolean, text: string): ReadonlySet<number> {
  const next = new Set<number>();
  const takes = (at: number): boolean => at < text.length && !(stays && text[at] === ':');
  for (let at of reached) {
    if (wanted === anyText) for (next.add(at); takes(at) && !next.has(at + 1); next.add(at)) at++;
    else if (takes(at) && (wanted === anyCharacter || wanted === text[at])) next.add(at + 1);
  }
  return next;
}

/**
 * ARNs in conditions match segment by segment: a wildcard does not cross the first five colons, and what follows them is one segment. A glob with fewer
 * segments covers the rest only when it ends with `*` (`arn:aws:s3:*`, or `*` alone).
 * Source: the IAM page on condition operators, "ARN condition operators".
 */
export function arnMatches(glob: Glob, arn: string): boolean {
  const wanted = segments(glob, 6);
  if (wanted.length < 6 && !glob.endsWith(anyText)) return glob === arn;
  const given = segments(arn, wanted.length);
  return wanted.length === given.length && wanted.every((segment, index) => globMatches(segment, given[index] ?? ''));
}

/** Split at the first colons into at most so many parts. */
function segments(text: string, most: number): readonly string[] {
  const parts = text.split(':');
  return parts.length <= most ? parts : [...parts.slice(0, most - 1), parts.slice(most - 1).join(':')];
}
