/** `*` stands for any text and `?` for one character. Two pointers, so that no pattern can make it slow. */
export function wildcardMatches(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    const wanted = pattern[p];
    if (wanted === '*') {
      star = p++;
      resume = t;
    } else if (wanted !== undefined && (wanted === '?' || wanted === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

/**
 * ARNs match segment by segment: a wildcard does not cross the first five colons, the rest is one segment. A lone `*` matches
 * all. Source: the ARN operators of the IAM condition reference.
 */
export function arnMatches(pattern: string, arn: string): boolean {
  if (pattern === '*') return true;
  const [wanted, given] = [segments(pattern), segments(arn)];
  if (wanted.length !== 6 || given.length !== 6) return wildcardMatches(pattern, arn);
  return wanted.every((segment, index) => wildcardMatches(segment, given[index] ?? ''));
}

function segments(arn: string): readonly string[] {
  const parts = arn.split(':');
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')];
}
