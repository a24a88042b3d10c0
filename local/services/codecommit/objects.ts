import { createHash } from 'node:crypto';
import { mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import type { World } from '../../world/world.ts';
import type { Person } from './commits.ts';
import type { Repository } from './tables.ts';

const zipped: (content: Buffer) => Promise<Buffer> = promisify(deflate);

/** Writes a loose object as git does: under its SHA-1, complete or not at all. Answers its id. */
export async function writeObject(
  world: World,
  { directory }: Repository,
  type: 'blob' | 'tree' | 'commit',
  content: Buffer,
): Promise<string> {
  const whole = Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content]);
  const id = createHash('sha1').update(whole).digest('hex');
  const folder = join(directory, 'objects', id.slice(0, 2));
  const file = join(folder, id.slice(2));
  if (await exists(file)) return id;
  await mkdir(folder, { recursive: true });
  const unfinished = join(folder, `tmp_obj_${world.chance.hex(12)}`);
  await writeFile(unfinished, await zipped(whole), { mode: 0o444 });
  await rename(unfinished, file);
  return id;
}

const exists = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  );

/** What a commit is made of; author and committer are the same person. */
export interface NewCommit {
  readonly treeId: string;
  readonly parents: readonly string[];
  readonly author: Omit<Person, 'date'>;
  readonly message: string;
}

/** Writes a commit, dated by the world's clock. Answers its id. */
export function writeCommit(
  world: World,
  repository: Repository,
  { treeId, parents, author, message }: NewCommit,
): Promise<string> {
  const clean = (text: string) => text.replace(/[<>\0\n]/g, '').trim();
  const stamp = `${clean(author.name)} <${clean(author.email)}> ${Math.floor(world.clock.now() / 1000)} +0000`;
  const head = [`tree ${treeId}`, ...parents.map((id) => `parent ${id}`), `author ${stamp}`, `committer ${stamp}`];
  const text = message.replaceAll('\0', '');
  const ended = text.endsWith('\n') ? text : `${text}\n`;
  return writeObject(world, repository, 'commit', Buffer.from(`${head.join('\n')}\n\n${ended}`));
}
