import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { operation } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { findBucket, objectAccess } from './find.ts';
import { type Bucket, type ObjectVersion, objects } from './tables.ts';

const input = z.object({
  Bucket: z.string(),
  Key: z.string().min(1).max(1024),
  Body: z.instanceof(Buffer).default(Buffer.alloc(0)),
  ContentType: z.string().default('application/octet-stream'),
  ServerSideEncryption: z.enum(['AES256', 'aws:kms']).optional(),
  SSEKMSKeyId: z.string().optional(),
  Metadata: z.record(z.string(), z.string()).default({}),
});

/** Stores an object; with a KMS key, the caller must be allowed to use it. The bytes lie unencrypted in the world's directory. */
export const putObject = operation({
  input,
  access: (wanted, { world }) => {
    const keyArn = keyOf(findBucket(world, wanted.Bucket), wanted);
    return objectAccess(world, 'PutObject', wanted.Bucket, wanted.Key, {
      kmsAction: 'GenerateDataKey',
      ...(keyArn === undefined ? {} : { keyArn }),
    });
  },
  run: async (wanted, { world }) => {
    const bucket = findBucket(world, wanted.Bucket);
    const keyArn = keyOf(bucket, wanted);
    const stored = await storeObject(world, bucket, {
      key: wanted.Key,
      body: wanted.Body,
      contentType: wanted.ContentType,
      metadata: wanted.Metadata,
      ...(keyArn === undefined ? {} : { keyArn }),
    });
    return {
      ETag: `"${stored.etag}"`,
      ...(bucket.versioned ? { VersionId: stored.versionId } : {}),
      ServerSideEncryption: keyArn === undefined ? 'AES256' : 'aws:kms',
      ...(keyArn === undefined ? {} : { SSEKMSKeyId: keyArn }),
    };
  },
});

const keyOf = (bucket: Bucket, wanted: z.output<typeof input>): string | undefined =>
  wanted.ServerSideEncryption === 'AES256' ? undefined : (wanted.SSEKMSKeyId ?? bucket.keyArn);

/** Writes the bytes to a file and makes them the newest version. */
export async function storeObject(
  world: World,
  bucket: Bucket,
  object: { key: string; body: Buffer; contentType: string; metadata?: Record<string, string>; keyArn?: string },
): Promise<ObjectVersion> {
  const directory = join(world.directory, 's3', bucket.name);
  await mkdir(directory, { recursive: true });
  const file = join(directory, world.chance.hex(32));
  await writeFile(file, object.body);
  const { key, contentType, keyArn, metadata = {} } = object;
  const version: ObjectVersion = {
    bucket: bucket.name,
    key,
    contentType,
    metadata,
    file,
    deleteMarker: false,
    versionId: bucket.versioned ? world.chance.hex(32) : 'null',
    sizeBytes: object.body.length,
    etag: createHash('md5').update(object.body).digest('hex'),
    modifiedAt: world.clock.now(),
    ...(keyArn === undefined ? {} : { keyArn }),
  };
  addVersion(world, bucket, version);
  return version;
}

/** Puts a version in front; without versioning it is the only one. */
export function addVersion(world: World, bucket: Bucket, version: ObjectVersion): void {
  const id = `${bucket.name}/${version.key}`;
  const known = bucket.versioned ? (world.store.in(objects).get(id) ?? []) : [];
  world.store.in(objects).put(id, [version, ...known]);
}
