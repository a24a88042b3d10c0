import { chmod, copyFile, lstat, mkdir, readdir, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import type { Permission, ServerAppspec } from '../../../languages/appspec/types.ts';
import { globMatches, globOf } from '../../../languages/iam-policy/wildcard.ts';
import type { World } from '../../world/world.ts';
import { installedFiles } from './tables.ts';

/** What is to be installed where. */
export interface Installation {
  /** The root of the server's file system. */
  readonly root: string;
  /** The unpacked revision. */
  readonly archive: string;
  readonly appspec: ServerAppspec;
  readonly existing: ServerAppspec['fileExistsBehavior'];
  /** Names group and server: what this group has installed there before is taken away first. */
  readonly key: string;
}

/** The lifecycle event Install: takes the last revision's files away, copies the new ones, sets modes. Throws an Error with the agent's text. */
export async function install(world: World, wanted: Installation): Promise<void> {
  await removeEarlier(wanted.root, world.store.in(installedFiles).get(wanted.key) ?? []);
  const copies = (await Promise.all(wanted.appspec.files.map((entry) => copiesOf(wanted, entry)))).flat();
  world.store.in(installedFiles).put(
    wanted.key,
    copies.map(({ to }) => relative(wanted.root, to)),
  );
  for (const { from, to } of copies) await copy(wanted, from, to);
  for (const permission of wanted.appspec.permissions) await permit(wanted.root, permission);
}

async function removeEarlier(root: string, paths: readonly string[]): Promise<void> {
  for (const path of paths) await rm(join(root, path), { force: true });
  for (const directory of [...new Set(paths.map(dirname))].sort((a, b) => b.length - a.length))
    await rmdir(join(root, directory)).catch(() => undefined);
}

interface Copy {
  readonly from: string;
  readonly to: string;
}

/** A directory's contents go into the destination, a file goes into it by its name. */
async function copiesOf(
  { root, archive }: Installation,
  { source, destination }: { readonly source: string; readonly destination: string },
): Promise<readonly Copy[]> {
  const from = join(archive, join('/', source));
  const into = join(root, join('/', destination));
  const found = await lstat(from).catch(() => undefined);
  if (found === undefined) throw new Error(`No such file or directory - ${from}`);
  if (!found.isDirectory()) return [{ from, to: join(into, basename(from)) }];
  const entries = await readdir(from, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ from: file, to: join(into, relative(from, file)) }));
}

async function copy({ root, existing }: Installation, from: string, to: string): Promise<void> {
  const there = await lstat(to).catch(() => undefined);
  if (there !== undefined && existing === 'RETAIN') return;
  if (there !== undefined && existing === 'DISALLOW')
    throw new Error(
      `The deployment failed because a specified file already exists at this location: /${relative(root, to)}`,
    );
  await mkdir(dirname(to), { recursive: true });
  await rm(to, { force: true, recursive: true });
  await copyFile(from, to);
}

/** Modes are set; owners, groups, ACLs and SELinux contexts would need root and are left. */
async function permit(root: string, { object, pattern, except, mode, type }: Permission): Promise<void> {
  if (mode === undefined) return;
  const top = join(root, join('/', object));
  const found = await lstat(top).catch(() => undefined);
  if (found === undefined) return;
  const below = found.isDirectory() ? await readdir(top, { recursive: true, withFileTypes: true }) : [];
  const wanted = below
    .filter((entry) => !entry.isSymbolicLink() && type.includes(entry.isDirectory() ? 'directory' : 'file'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => pattern === '**' || globMatches(globOf(pattern), relative(top, path)))
    .filter((path) => !except.some((each) => globMatches(globOf(each), relative(top, path))));
  const bits = Number.parseInt(mode, 8);
  // From below upwards: a directory may lose the right to be entered.
  for (const path of wanted.sort((a, b) => b.length - a.length)) await chmod(path, bits);
  if (!found.isDirectory() && type.includes('file')) await chmod(top, bits);
}
