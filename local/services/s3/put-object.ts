import { z } from 'zod';
import { operation } from '../../world/service.ts';
import { checkWrite, writeConditions } from './conditions.ts';
import { findBucket, versionsOf } from './find.ts';
import {
  checksumInput,
  describedObject,
  givenChecksum,
  objectInput,
  shownChecksum,
  shownEncryption,
  shownVersion,
  writeAccess,
} from './object-input.ts';
import { storeObject } from './store-object.ts';

/** Stores an object, under conditions if there are any; with a KMS key, the caller must be allowed to use it. */
export const putObject = operation({
  simplified:
    'The bytes lie unencrypted in a directory. One that comes without a checksum has none. ACLs are judged and have no effect. A body is at most 512 MiB.',
  input: z.object({
    ...objectInput,
    ...checksumInput,
    ...writeConditions,
    Body: z.instanceof(Buffer).default(Buffer.alloc(0)),
  }),
  access: (wanted, { world }) =>
    writeAccess(world, wanted, {
      ...(wanted.IfNoneMatch === undefined ? {} : { 's3:if-none-match': wanted.IfNoneMatch }),
      ...(wanted.IfMatch === undefined ? {} : { 's3:if-match': wanted.IfMatch }),
    }),
  run: async (wanted, { world }) => {
    const bucket = findBucket(world, wanted.Bucket);
    const described = describedObject(world, bucket, wanted);
    const check = () => checkWrite(versionsOf(world, wanted.Bucket, wanted.Key)[0], wanted.Key, wanted);
    check();
    const checksum = givenChecksum(wanted);
    const object = { ...described, ...(checksum === undefined ? {} : { checksum }), body: wanted.Body };
    const stored = await storeObject(world, bucket, object, check);
    return {
      ETag: `"${stored.etag}"`,
      ...shownVersion(bucket, stored),
      ...shownEncryption(stored),
      ...shownChecksum(stored.checksum),
    };
  },
});
