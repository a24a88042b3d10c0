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
 * ARNs match segment by segment: a wildcard does not cross the first five colons, and what follows them is one segment. A glob with fewer segments
 * covers the rest only when it ends with `*` (`arn:aws:s3:*`, or `*` alone).
 * Source: the IAM pages on the Resource element, "Using wildcards in resource ARNs", and on ARN condition operators.
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
