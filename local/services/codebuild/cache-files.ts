import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Readable } from 'node:stream';
import picomatch from 'picomatch';
import { ZipFile } from 'yazl';

/** Where a build's home lies on AWS; here it is a directory of the build's own. */
const homes = ['/root/', '~/', '$HOME/'];

/** A path of a buildspec as one below the build's directory, or undefined where it lies outside of source and home. */
function placed(path: string): string | undefined {
  const home = homes.find((each) => path.startsWith(each));
  const inside = home === undefined ? `src/${path}` : `home/${path.slice(home.length)}`;
  return path.split('/').includes('..') || (home === undefined && path.startsWith('/')) ? undefined : inside;
}

/** Paths that no cache keeps here, since they are the machine's. */
export const foreignPaths = (paths: readonly string[]): readonly string[] =>
  paths.filter((path) => placed(path) === undefined);

/** Zips what the paths of a cache match below the build's directory; undefined when that is nothing. Links are left out. */
export async function zipCache(directory: string, paths: readonly string[]): Promise<Buffer | undefined> {
  const patterns = paths.flatMap((path) => {
    const inside = placed(path);
    return inside === undefined ? [] : [inside, `${inside.replace(/\/$/, '')}/**`];
  });
  const wanted = picomatch(patterns, { dot: true });
  const found: string[] = [];
  for (const root of ['src', 'home']) {
    const entries = await readdir(join(directory, root), { recursive: true, withFileTypes: true });
    for (const entry of entries) {
      const path = relative(directory, join(entry.parentPath, entry.name)).split(sep).join('/');
      if (entry.isFile() && wanted(path)) found.push(path);
    }
  }
  if (found.length === 0) return undefined;
  const zip = new ZipFile();
  zip.on('error', (error: Error) => (zip.outputStream as Readable).destroy(error));
  for (const path of found.sort()) zip.addFile(join(directory, path), path);
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
