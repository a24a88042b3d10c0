import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inflate, type ZlibOptions } from 'node:zlib';
import { AwsError } from '../../world/failure.ts';
import type { World } from '../../world/world.ts';
import { git } from './git.ts';
import { isRefName, readRef } from './refs.ts';
import type { Repository } from './tables.ts';

/** A commit, as git holds it. */
export interface Commit {
  readonly commitId: string;
  readonly treeId: string;
  readonly parents: readonly string[];
  readonly author: Person;
  readonly committer: Person;
  readonly message: string;
}

/** Who, and when: `date` is seconds and zone, as `1760000000 +0000`. */
export interface Person {
  readonly name: string;
  readonly email: string;
  readonly date: string;
}

const unzipped: (content: Buffer, options: ZlibOptions) => Promise<Buffer> = promisify(inflate);

/** A commit's message may have 10 KB on AWS; git itself sets no limit. */
const largestCommitBytes = 16 * 1024 * 1024;
const idPattern = /^[0-9a-f]{40}$/;

/** Throws InvalidCommitIdException, or what the operation calls it, for what is no full id. */
export function checkCommitId(id: string, code = 'InvalidCommitIdException'): void {
  if (!idPattern.test(id))
    throw new AwsError(code, `The commit ID '${id.slice(0, 80)}' is not valid: it must be 40 hexadecimal digits`);
}

/** Reads a commit: a loose object directly, a packed one through git. Throws CommitIdDoesNotExistException, or what the operation calls it. */
export async function readCommit(
  world: World,
  { directory, name }: Repository,
  id: string,
  missing = 'CommitIdDoesNotExistException',
): Promise<Commit> {
  checkCommitId(id);
  const loose = await readLoose(directory, id);
  if (loose !== undefined) return parseCommit(id, loose);
  const { code, stdout } = await git(world, directory, ['cat-file', 'commit', id]);
  if (code !== 0) throw new AwsError(missing, `Commit ${id} does not exist in ${name}`);
  return parseCommit(id, stdout.toString('utf8'));
}

/** A commit that is an object file of its own; undefined for packed ones, and for anything large or not a commit. */
async function readLoose(directory: string, id: string): Promise<string | undefined> {
  const file = join(directory, 'objects', id.slice(0, 2), id.slice(2));
  if (!existsSync(file)) return undefined;
  const object = await readFile(file)
    .then((content) => unzipped(content, { maxOutputLength: largestCommitBytes }))
    .catch(() => undefined);
  const end = object?.indexOf(0) ?? -1;
  return object?.subarray(0, end).toString().startsWith('commit ')
    ? object.subarray(end + 1).toString('utf8')
    : undefined;
}

function parseCommit(commitId: string, text: string): Commit {
  const [head = '', ...rest] = text.split('\n\n');
  const lines = head.split('\n');
  const values = (key: string) =>
    lines.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1));
  return {
    commitId,
    treeId: values('tree')[0] ?? '',
    parents: values('parent'),
    author: person(values('author')[0] ?? ''),
    committer: person(values('committer')[0] ?? ''),
    message: rest.join('\n\n'),
  };
}

/** Without RegExp: pushed commits are taken as they are, and may have any number of brackets. */
function person(line: string): Person {
  const close = line.lastIndexOf('> ');
  const open = close < 0 ? -1 : line.lastIndexOf(' <', close);
  if (open < 0) return { name: '', email: '', date: '' };
  return { name: line.slice(0, open), email: line.slice(open + 2, close), date: line.slice(close + 2) };
}

/**
 * The commit that a specifier names: a full id, HEAD, a branch, a tag, or a full ref name. Throws InvalidCommitException,
 * CommitDoesNotExistException.
 */
export async function resolveSpecifier(world: World, repository: Repository, specifier: string): Promise<string> {
  if (idPattern.test(specifier)) return specifier;
  const name = specifier === 'HEAD' ? (repository.defaultBranch ?? '') : specifier;
  if (specifier !== 'HEAD' && !isRefName(name))
    throw new AwsError('InvalidCommitException', `'${specifier.slice(0, 100)}' is not a valid commit specifier`);
  const refs = name.startsWith('refs/') ? [name] : [`refs/heads/${name}`, `refs/tags/${name}`];
  const ref = refs.find((each) => readRef(repository, each) !== undefined);
  const found = ref === undefined ? undefined : readRef(repository, ref);
  if (ref === undefined || found === undefined)
    throw new AwsError(
      'CommitDoesNotExistException',
      `'${specifier.slice(0, 100)}' names no commit of ${repository.name}`,
    );
  return ref.startsWith('refs/tags/') ? peel(world, repository, found) : found;
}

/** An annotated tag is an object that names a commit. */
async function peel(world: World, { directory, name }: Repository, id: string): Promise<string> {
  const { code, stdout } = await git(world, directory, ['rev-parse', '--verify', '--quiet', `${id}^{commit}`]);
  if (code !== 0) throw new AwsError('CommitDoesNotExistException', `tag ${id} names no commit of ${name}`);
  return stdout.toString().trim();
}
