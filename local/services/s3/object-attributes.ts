import { z } from 'zod';
import { operation } from '../../world/service.ts';
import { readAccess } from './access.ts';
import { findBucket, findObject } from './find.ts';
import { shownVersion } from './object-input.ts';
import { invalidArgument } from './refusals.ts';
import type { ObjectVersion } from './tables.ts';

const shown: Readonly<Record<string, (object: ObjectVersion) => object>> = {
  ETag: ({ etag }) => ({ ETag: etag }),
  Checksum: ({ checksum }) =>
    checksum === undefined
      ? {}
      : { Checksum: { [`Checksum${checksum.algorithm}`]: checksum.value, ChecksumType: checksum.type } },
  ObjectParts: ({ partBytes }) => (partBytes === undefined ? {} : { ObjectParts: { PartsCount: partBytes.length } }),
  StorageClass: ({ storageClass }) => ({ StorageClass: storageClass ?? 'STANDARD' }),
  ObjectSize: ({ sizeBytes }) => ({ ObjectSize: sizeBytes }),
};

/** The attributes asked for, without the object. */
export const getObjectAttributes = operation({
  simplified: 'Of an object in parts their number is told, and not each part.',
  input: z.object({
    Bucket: z.string(),
    Key: z.string(),
    VersionId: z.string().optional(),
    ObjectAttributes: z.string().default(''),
  }),
  access: ({ Bucket, Key, VersionId }, { world }) => [
    ...readAccess(world, Bucket, Key, VersionId),
    ...readAccess(world, Bucket, Key, VersionId, ['GetObjectAttributes', 'GetObjectVersionAttributes']),
  ],
  run: ({ Bucket, Key, VersionId, ObjectAttributes }, { world }) => {
    const object = findObject(world, Bucket, Key, VersionId);
    const wanted = ObjectAttributes.split(',').map((each) => each.trim());
    const answers = wanted.map((name) => {
      const show = Object.hasOwn(shown, name) ? shown[name] : undefined;
      if (show === undefined)
        throw invalidArgument('Invalid attribute name specified.', 'x-amz-object-attributes', ObjectAttributes);
      return show(object);
    });
    const LastModified = new Date(object.modifiedAt);
    return {
      LastModified,
      ...shownVersion(findBucket(world, Bucket), object),
      ...(Object.assign({}, ...answers) as object),
    };
  },
});
