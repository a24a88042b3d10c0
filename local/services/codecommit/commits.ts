import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
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

const unzipped = promisify(inflate);
const idPattern = /^[0-9a-f]{40}$/;

/** Throws InvalidCommitIdException for what is no full id. */
export function checkCommitId(id: string): void {
  if (!idPattern.test(id))
    throw new AwsError(
      'InvalidCommitIdException',
      `The commit ID '${id.slice(0, 80)}' is not valid: it must be 40 hexadecimal digits`,
    );
}

/** Reads a commit: a loose object directly, a packed one through git. Throws CommitIdDoesNotExistException. */
export async function readCommit(world: World, { directory, name }: Repository, id: string): Promise<Commit> {
  checkCommitId(id);
  const loose = join(directory, 'objects', id.slice(0, 2), id.slice(2));
  if (existsSync(loose)) {
    const object = (await unzipped(await readFile(loose))) as Buffer;
    const end = object.indexOf(0);
    if (object.subarray(0, end).toString().startsWith('commit '))
      return parseCommit(id, object.subarray(end + 1).toString('utf8'));
  }
  const { code, stdout } = await git(world, directory, ['cat-file', 'commit', id]);
  if (code !== 0) throw new AwsError('CommitIdDoesNotExistException', `Commit ${id} does not exist in ${name}`);
  return parseCommit(id, stdout.toString('utf8'));
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

function person(line: string): Person {
  const [, name = '', email = '', date = ''] = /^(.*) <(.*)> (.*)$/.exec(line) ?? [];
  return { name, email, date };
}

/** A commit by branch name, tag name or full id, as CodeCommit's specifiers are. Throws CommitDoesNotExistException. */
export function resolveSpecifier(repository: Repository, specifier: string): string {
  if (idPattern.test(specifier)) return specifier;
  const short = specifier.replace(/^refs\/(heads|tags)\//, '');
  const found = isRefName(short)
    ? (readRef(repository, `refs/heads/${short}`) ?? readRef(repository, `refs/tags/${short}`))
    : undefined;
  if (found === undefined)
    throw new AwsError(
      'CommitDoesNotExistException',
      `'${specifier.slice(0, 100)}' names no commit of ${repository.name}`,
    );
  return found;
}
