import { createHash } from 'node:crypto';
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AwsError } from '../../world/failure.ts';
import type { World } from '../../world/world.ts';
import { findBucket, versionsOf } from './find.ts';
import { defaultRetention } from './object-lock.ts';
import { type Bucket, type ObjectVersion, objects } from './tables.ts';

/** What a new version is made from, beside its bytes. */
export type NewObject = Pick<ObjectVersion, 'key' | 'contentType'> &
  Partial<
    Pick<
      ObjectVersion,
      | ('metadata' | 'keyArn' | 'headers' | 'storageClass' | 'tags' | 'checksum')
      | ('retention' | 'legalHold' | 'partBytes' | 'etag')
    >
  >;

/** Writes bytes to a new file of the bucket, and answers its path. */
export async function writeBytes(world: World, bucket: string, body: Buffer): Promise<string> {
  const file = await newFile(world, bucket);
  await writeFile(file, body);
  return file;
}

/** Copies a version's file, without its bytes going through memory. */
export async function copyBytes(world: World, bucket: string, from: string): Promise<string> {
  const file = await newFile(world, bucket);
  await copyFile(from, file);
  return file;
}

/** A path in the bucket's directory that nothing has. */
export async function newFile(world: World, bucket: string): Promise<string> {
  const directory = join(world.directory, 's3', bucket);
  await mkdir(directory, { recursive: true });
  return join(directory, world.chance.hex(32));
}

/** Writes the bytes to a file and makes them the newest version. */
export async function storeObject(
  world: World,
  { name }: Bucket,
  { body, ...object }: NewObject & { readonly body: Buffer },
  check?: () => void,
): Promise<ObjectVersion> {
  const file = await writeBytes(world, name, body);
  const etag = createHash('md5').update(body).digest('hex');
  return commitObject(world, name, { etag, ...object }, { file, sizeBytes: body.length }, check);
}

/**
 * Makes a file the newest version of a key. `check` is the request's condition: it is asked in the same moment in which the version comes to
 * be, so that of two who ask for the same thing one wins. The file is deleted when it throws, or the bucket is gone.
 */
export async function commitObject(
  world: World,
  bucketName: string,
  object: NewObject & { readonly etag: string },
  bytes: { readonly file: string; readonly sizeBytes: number },
  check?: () => void,
): Promise<ObjectVersion> {
  try {
    const bucket = findBucket(world, bucketName);
    check?.();
    const modifiedAt = world.clock.now();
    const retention = object.retention ?? defaultRetention(bucket, modifiedAt);
    const version: ObjectVersion = {
      metadata: {},
      ...object,
      ...bytes,
      bucket: bucketName,
      deleteMarker: false,
      versionId: newVersionId(world, bucket),
      modifiedAt,
      ...(retention === undefined ? {} : { retention }),
    };
    await removeFiles(addVersion(world, bucket, version));
    return version;
  } catch (error) {
    await removeFiles([bytes]);
    throw error;
  }
}

/** Puts a delete marker in front. */
export async function markDeleted(world: World, bucket: Bucket, key: string): Promise<ObjectVersion> {
  const marker: ObjectVersion = {
    ...{ bucket: bucket.name, key, versionId: newVersionId(world, bucket), deleteMarker: true },
    ...{ file: '', sizeBytes: 0, etag: '', contentType: '', metadata: {}, modifiedAt: world.clock.now() },
  };
  await removeFiles(addVersion(world, bucket, marker));
  return marker;
}

/** Deletes the files of versions that are no more. */
export async function removeFiles(versions: readonly { readonly file: string }[]): Promise<void> {
  const files = versions.map(({ file }) => file).filter((file) => file !== '');
  await Promise.all(files.map((file) => rm(file, { force: true })));
}

/** Uses an object's file. When the object is overwritten before the file is opened, it is gone: then the new object is used. */
export async function whileThere<Result>(
  find: () => ObjectVersion,
  use: (object: ObjectVersion) => Promise<Result>,
): Promise<Result> {
  for (let left = 10; ; left -= 1) {
    try {
      return await use(find());
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || left === 0) throw error;
    }
  }
}

/** Changes a version that exists, as its tags or its retention. Throws NoSuchKey when it is gone meanwhile. */
export function changeVersion(
  world: World,
  version: ObjectVersion,
  change: (row: ObjectVersion) => ObjectVersion,
): void {
  const { bucket, key, versionId } = version;
  const changed = world.store
    .in(objects)
    .update(`${bucket}/${key}`, (rows) => rows.map((row) => (row.versionId === versionId ? change(row) : row)));
  if (changed === undefined) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { Key: key });
}

const newVersionId = (world: World, bucket: Bucket): string => (bucket.versioned ? world.chance.hex(32) : 'null');

/** Puts a version in front and answers what it replaced: outside of versioning that is the one `null` version. */
function addVersion(world: World, bucket: Bucket, version: ObjectVersion): readonly ObjectVersion[] {
  const known = versionsOf(world, bucket.name, version.key);
  const replaced = bucket.versioned ? [] : known.filter(({ versionId }) => versionId === 'null');
  const left = known.filter((row) => !replaced.includes(row));
  world.store.in(objects).put(`${bucket.name}/${version.key}`, [version, ...left]);
  return replaced;
}
