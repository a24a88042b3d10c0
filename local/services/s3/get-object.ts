import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { operation } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { findObject, objectAccess } from './find.ts';
import { type ObjectVersion, objects } from './tables.ts';

const input = z.object({
  Bucket: z.string(),
  Key: z.string(),
  VersionId: z.string().optional(),
  Range: z.string().optional(),
});

/** An object's bytes and metadata. */
export const getObject = operation({
  input,
  access: ({ Bucket, Key, VersionId }, { world }) => {
    const keyArn = keyOfObject(world, Bucket, Key, VersionId);
    const action = VersionId === undefined ? 'GetObject' : 'GetObjectVersion';
    return objectAccess(world, action, Bucket, Key, {
      kmsAction: 'Decrypt',
      ...(keyArn === undefined ? {} : { keyArn }),
    });
  },
  run: async ({ Bucket, Key, VersionId }, { world }) => {
    const object = findObject(world, Bucket, Key, VersionId);
    return { ...describeObject(object), Body: await readFile(object.file) };
  },
});

/** The key an object is encrypted with. A stranger must not learn here whether the object exists: `run` says that to those who may read. */
const keyOfObject = (world: World, bucket: string, key: string, versionId?: string): string | undefined =>
  world.store
    .in(objects)
    .get(`${bucket}/${key}`)
    ?.find((version) => versionId === undefined || version.versionId === versionId)?.keyArn;

/** The same without the bytes. */
export const headObject = operation({
  input,
  access: ({ Bucket, Key, VersionId }, { world }) =>
    objectAccess(world, VersionId === undefined ? 'GetObject' : 'GetObjectVersion', Bucket, Key),
  run: ({ Bucket, Key, VersionId }, { world }) => describeObject(findObject(world, Bucket, Key, VersionId)),
});

const describeObject = (object: ObjectVersion) => ({
  ContentLength: object.sizeBytes,
  ContentType: object.contentType,
  ETag: `"${object.etag}"`,
  LastModified: new Date(object.modifiedAt),
  Metadata: object.metadata,
  ...(object.versionId === 'null' ? {} : { VersionId: object.versionId }),
  ServerSideEncryption: object.keyArn === undefined ? 'AES256' : 'aws:kms',
  ...(object.keyArn === undefined ? {} : { SSEKMSKeyId: object.keyArn }),
});
