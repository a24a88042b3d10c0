import { createWriteStream } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { pipeline } from 'node:stream/promises';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { AwsError } from './failure.ts';

/** A zip that unpacks to more than this is taken for a bomb. */
const largestUnpackedBytes = 1024 * 1024 * 1024;
const mostEntries = 100_000;

/**
 * Unpacks a zip into a directory. Throws InvalidZip for a broken archive, an entry that would leave the directory, a symbolic link,
 * more than 1 GiB or 100,000 entries.
 */
export async function unzip(content: Buffer, directory: string): Promise<void> {
  const zip = await open(content);
  try {
    await eachEntry(zip, async (entry) => unpackEntry(zip, entry, directory));
  } finally {
    zip.close();
  }
}

/** One file of a zip, or undefined. */
export async function readZipEntry(content: Buffer, name: string): Promise<Buffer | undefined> {
  const zip = await open(content);
  let found: Buffer | undefined;
  try {
    await eachEntry(zip, async (entry) => {
      if (entry.fileName !== name) return;
      const chunks: Buffer[] = [];
      for await (const chunk of await openEntry(zip, entry)) chunks.push(chunk as Buffer);
      found = Buffer.concat(chunks);
    });
  } finally {
    zip.close();
  }
  return found;
}

const invalid = (reason: string) => new AwsError('InvalidZip', `Could not unzip the file: ${reason}`);

/** What is deflated wrongly, and names that no directory can hold: the code alone, since the text of the file system names our paths. */
const broken = (entry: Entry, error: unknown) =>
  invalid(`entry ${entry.fileName.slice(0, 200)}: ${String((error as NodeJS.ErrnoException).code ?? error)}`);

function open(content: Buffer): Promise<ZipFile> {
  return new Promise((resolve, reject) =>
    yauzl.fromBuffer(content, { lazyEntries: true, validateEntrySizes: true }, (error, zip) =>
      error ? reject(invalid(error.message)) : resolve(zip),
    ),
  );
}

function openEntry(zip: ZipFile, entry: Entry): Promise<NodeJS.ReadableStream> {
  return new Promise((resolve, reject) =>
    zip.openReadStream(entry, (error, stream) => (error ? reject(invalid(error.message)) : resolve(stream))),
  );
}

function eachEntry(zip: ZipFile, visit: (entry: Entry) => Promise<void>): Promise<void> {
  let bytes = 0;
  let entries = 0;
  return new Promise((resolve, reject) => {
    zip.on('error', (error: Error) => reject(invalid(error.message)));
    zip.on('end', resolve);
    zip.on('entry', (entry: Entry) => {
      bytes += entry.uncompressedSize;
      if (bytes > largestUnpackedBytes || ++entries > mostEntries)
        return reject(invalid('it unpacks to more than 1 GiB or 100,000 files'));
      visit(entry).then(
        () => zip.readEntry(),
        (error: unknown) => reject(error instanceof AwsError ? error : broken(entry, error)),
      );
    });
    zip.readEntry();
  });
}

async function unpackEntry(zip: ZipFile, entry: Entry, directory: string): Promise<void> {
  const path = normalize(entry.fileName);
  if (path.startsWith('..') || path.startsWith('/'))
    throw invalid(`entry ${entry.fileName.slice(0, 200)} leaves the directory`);
  const mode = entry.externalFileAttributes >>> 16;
  if ((mode & 0o170000) === 0o120000) throw invalid(`entry ${entry.fileName.slice(0, 200)} is a symbolic link`);
  const target = join(directory, path);
  if (entry.fileName.endsWith('/')) return void (await mkdir(target, { recursive: true }));
  await mkdir(dirname(target), { recursive: true });
  await pipeline(await openEntry(zip, entry), createWriteStream(target));
  if ((mode & 0o111) !== 0) await chmod(target, 0o755);
}
