import { AwsError } from '../../world/failure.ts';

/** A path within a repository, without slashes at its ends; empty is the root. Throws InvalidPathException. */
export function checkPath(given: string): string {
  const path = withoutSlashes(given);
  const invalid =
    Buffer.byteLength(path) > 4096 ||
    path.includes('\0') ||
    path.split('/').some((part) => part === '.' || part === '..' || (part === '' && path !== ''));
  if (invalid) throw new AwsError('InvalidPathException', `The path '${given.slice(0, 100)}' is not valid`);
  return path;
}

/** The same for a path that is to be written: neither the root nor anything in a folder named `.git`. */
export function checkFilePath(given: string): string {
  const path = checkPath(given);
  if (path === '') throw new AwsError('PathRequiredException', 'A path is required');
  if (path.split('/').some((part) => /^\.git$/i.test(part)))
    throw new AwsError('InvalidPathException', `The path '${given.slice(0, 100)}' is not valid: .git is git's own`);
  return path;
}

/** Without RegExp: many slashes before something else make it count them again and again. */
function withoutSlashes(given: string): string {
  let [start, end] = [0, given.length];
  while (start < end && given[start] === '/') start += 1;
  while (end > start && given[end - 1] === '/') end -= 1;
  return given.slice(start, end);
}
