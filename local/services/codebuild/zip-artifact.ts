import { readdir, stat } from 'node:fs/promises';
import { basename, join, relative, resolve, sep } from 'node:path';
import type { Readable } from 'node:stream';
import picomatch from 'picomatch';
import { ZipFile } from 'yazl';
import type { Artifact } from '../../../languages/buildspec/types.ts';
import { AwsError } from '../../world/failure.ts';

/**
 * Zips the files of an artifact: globs below its base directory, without excluded paths; links are not followed out of the source.
 * Throws when nothing matches, as CodeBuild does.
 */
export async function zipArtifact(source: string, artifact: Artifact): Promise<Buffer> {
  const base = await baseDirectory(source, artifact);
  const wanted = picomatch([...artifact.files], { dot: true });
  const excluded =
    artifact.excludePaths.length === 0 ? () => false : picomatch([...artifact.excludePaths], { dot: true });
  const entries = await readdir(base, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(base, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => wanted(path) && !excluded(path))
    .sort();
  if (files.length === 0)
    throw new AwsError('CLIENT_ERROR', `no matching artifact paths found for ${artifact.files.join(', ')}`);
  const zip = new ZipFile();
  zip.on('error', (error: Error) => (zip.outputStream as Readable).destroy(error));
  for (const path of files) zip.addFile(join(base, path), artifact.discardPaths ? basename(path) : path);
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** The base directory may be a glob that stands for one directory. */
async function baseDirectory(source: string, { baseDirectory: wanted }: Artifact): Promise<string> {
  if (wanted === undefined) return source;
  const direct = resolve(source, wanted);
  if (direct !== source && !direct.startsWith(source + sep))
    throw new AwsError('CLIENT_ERROR', `base-directory ${wanted} leaves the source`);
  if (await isDirectory(direct)) return direct;
  const matches = picomatch(wanted);
  const entries = await readdir(source, { recursive: true, withFileTypes: true });
  const found = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .find((path) => matches(relative(source, path)));
  if (found === undefined) throw new AwsError('CLIENT_ERROR', `base-directory ${wanted} does not exist`);
  return found;
}

const isDirectory = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
