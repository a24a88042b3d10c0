import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { AwsError } from '../../world/failure.ts';
import type { Repository } from './tables.ts';

const commitPattern = /^[0-9a-f]{40}$/;

/** Whether git takes it as the name of a branch or tag; such names are safe as paths and parameters. Source: git check-ref-format. */
export function isRefName(name: string): boolean {
  return (
    name.length > 0 &&
    name.length <= 256 &&
    !/[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{|\/\/|^\/|\/$|\.$|^-/.test(name) &&
    name !== '@' &&
    name !== 'HEAD' &&
    name.split('/').every((part) => !part.startsWith('.') && !part.endsWith('.lock'))
  );
}

/** Throws InvalidBranchNameException. */
export function checkBranchName(name: string): void {
  if (!isRefName(name))
    throw new AwsError('InvalidBranchNameException', `'${name.slice(0, 100)}' is not a valid branch name`);
}

/** The commit that a full ref name (`refs/heads/dev`) points at, read from the files; no git is run. */
export function readRef({ directory }: Repository, ref: string): string | undefined {
  const loose = join(directory, ...ref.split('/'));
  const text = existsSync(loose) ? safeRead(loose) : undefined;
  if (text !== undefined && commitPattern.test(text)) return text;
  return packedRefs(directory).get(ref);
}

/** All refs under a prefix, by full name; git's lock files are none. */
export function listRefs({ directory }: Repository, prefix: string): ReadonlyMap<string, string> {
  const found = new Map([...packedRefs(directory)].filter(([ref]) => ref.startsWith(prefix)));
  const root = join(directory, ...prefix.split('/'));
  const files = existsSync(root)
    ? readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    : [];
  for (const file of files) {
    const path = join(file.parentPath, file.name);
    const text = safeRead(path);
    const ref = relative(directory, path).split(sep).join('/');
    if (text !== undefined && commitPattern.test(text) && isRefName(ref)) found.set(ref, text);
  }
  return found;
}

/** A file may vanish between two looks: git renames refs into place. */
function safeRead(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}

function packedRefs(directory: string): Map<string, string> {
  const text = safeRead(join(directory, 'packed-refs')) ?? '';
  const lines = text.split('\n').filter((line) => /^[0-9a-f]{40} /.test(line));
  return new Map(lines.map((line) => [line.slice(41), line.slice(0, 40)]));
}

/** `refs/heads/dev` of the branch `dev`. */
export const branchRef = (branch: string): string => `refs/heads/${branch}`;

/** `dev` of `refs/heads/dev`; a short name stays as it is. */
export const branchOf = (reference: string): string => reference.replace(/^refs\/heads\//, '');

/** The head of a branch. Throws InvalidBranchNameException, BranchDoesNotExistException, BranchNameIsTagNameException. */
export function headOf(repository: Repository, branch: string): string {
  checkBranchName(branch);
  const head = readRef(repository, `refs/heads/${branch}`);
  if (head !== undefined) return head;
  if (readRef(repository, `refs/tags/${branch}`) !== undefined)
    throw new AwsError('BranchNameIsTagNameException', `${branch} is the name of a tag, not of a branch`);
  throw new AwsError('BranchDoesNotExistException', `Branch ${branch} does not exist`);
}
