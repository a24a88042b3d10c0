import { rm } from 'node:fs/promises';
import { z } from 'zod';
import { operation } from '../../world/service.ts';
import { findBucket, objectAccess } from './find.ts';
import { addVersion } from './put-object.ts';
import { objects } from './tables.ts';

/** Deletes a version for good, or, in a bucket with versions, puts a delete marker in front. */
export const deleteObject = operation({
  input: z.object({ Bucket: z.string(), Key: z.string(), VersionId: z.string().optional() }),
  access: ({ Bucket, Key, VersionId }, { world }) =>
    objectAccess(world, VersionId === undefined ? 'DeleteObject' : 'DeleteObjectVersion', Bucket, Key),
  run: async ({ Bucket, Key, VersionId }, { world }) => {
    const bucket = findBucket(world, Bucket);
    const id = `${Bucket}/${Key}`;
    const versions = world.store.in(objects).get(id) ?? [];
    if (bucket.versioned && VersionId === undefined) {
      const versionId = world.chance.hex(32);
      addVersion(world, bucket, {
        bucket: Bucket,
        key: Key,
        versionId,
        deleteMarker: true,
        file: '',
        sizeBytes: 0,
        etag: '',
        contentType: '',
        metadata: {},
        modifiedAt: world.clock.now(),
      });
      return { DeleteMarker: true, VersionId: versionId };
    }
    const gone = versions.filter((version) => VersionId === undefined || version.versionId === VersionId);
    const files = gone.map(({ file }) => file).filter((file) => file !== '');
    await Promise.all(files.map((file) => rm(file, { force: true })));
    const left = versions.filter((version) => !gone.includes(version));
    if (left.length > 0) world.store.in(objects).put(id, left);
    else world.store.in(objects).delete(id);
    return VersionId === undefined ? {} : { VersionId };
  },
});
