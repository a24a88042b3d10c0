/**
 * What is wrong with a branch name, in words, or undefined when git takes it. The rules of `git check-ref-format
 * --branch`, plus CodeCommit's limit of 256 characters (`BranchName` in the model of botocore).
 */
export function branchNameFlaw(name: string): string | undefined {
  if (name.length === 0) return 'is empty';
  if (name.length > 256) return 'is longer than 256 characters';
  if (name === '@' || name === 'HEAD') return 'is a name git reserves';
  if (name.startsWith('-')) return 'begins with a dash';
  const forbidden = forbiddenInRefs.find(([pattern]) => pattern.test(name));
  return forbidden?.[1];
}

/** Each with the words that follow the name. Source: the manual page git-check-ref-format. */
const forbiddenInRefs: readonly (readonly [RegExp, string])[] = [
  [/[\u0000-\u001f\u007f]/, 'holds a control character'],
  [/[ ~^:?*[\\]/, 'holds a space or one of ~ ^ : ? * [ \\'],
  [/\.\./, 'holds two dots in a row'],
  [/@\{/, "holds '@{'"],
  [/^\/|\/$|\/\//, 'begins or ends with a slash, or holds two in a row'],
  [/(^|\/)\./, 'has a part that begins with a dot'],
  [/\.$/, 'ends with a dot'],
  [/\.lock(\/|$)/, "has a part that ends with '.lock'"],
];
