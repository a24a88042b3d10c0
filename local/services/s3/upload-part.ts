import { createHash } from 'node:crypto';
import { z } from 'zod';
import { numeric } from '../../world/properties.ts';
import type { Access } from '../../world/service.ts';
import { operation } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { keyUse, objectAccess, readAccess } from './access.ts';
import { checkRead } from './conditions.ts';
import { copySourceConditions, copySourceOf, sourceConditions } from './copy-source.ts';
import { findBucket, findObject } from './find.ts';
import { bytesOf } from './get-object.ts';
import { checksumInput, givenChecksum, shownChecksum, shownEncryption } from './object-input.ts';
import { readRange } from './range.ts';
import { invalidArgument } from './refusals.ts';
import { whileThere, writeBytes } from './store-object.ts';
import { type Checksum, type Part, uploads } from './tables.ts';
import { checkPartNumber, findUpload, keepPart } from './uploads.ts';

const place = z.object({ Bucket: z.string(), Key: z.string(), UploadId: z.string(), PartNumber: numeric });
type Place = z.output<typeof place>;

/** Takes one part, instead of an earlier one of its number. */
export const uploadPart = operation({
  simplified: 'A body is at most 512 MiB.',
  input: place.extend({ ...checksumInput, Body: z.instanceof(Buffer).default(Buffer.alloc(0)) }),
  access: (wanted, { world }) => partAccess(world, wanted),
  run: async (wanted, { world }) => {
    const { keyArn } = findUpload(world, wanted.Bucket, wanted.Key, wanted.UploadId);
    const { etag, checksum } = await storePart(world, wanted, wanted.Body, givenChecksum(wanted));
    const { ChecksumType: _type, ...sum } = shownChecksum(checksum);
    return { ETag: `"${etag}"`, ...sum, ...shownEncryption(keyArn === undefined ? {} : { keyArn }) };
  },
});

/** Takes a part from an object or a range of it. */
export const uploadPartCopy = operation({
  simplified: 'The copied range goes through memory.',
  input: place.extend({ ...copySourceConditions, CopySource: z.string(), CopySourceRange: z.string().optional() }),
  access: (wanted, { world }) => {
    const { bucket, key, versionId } = copySourceOf(wanted.CopySource);
    return [...readAccess(world, bucket, key, versionId), ...partAccess(world, wanted)];
  },
  run: async (wanted, { world }) => {
    findUpload(world, wanted.Bucket, wanted.Key, wanted.UploadId);
    const { bucket, key, versionId } = copySourceOf(wanted.CopySource);
    const body = await whileThere(
      () => findObject(world, bucket, key, versionId),
      async (source) => {
        checkRead(source, sourceConditions(wanted), 'x-amz-copy-source-');
        return bytesOf(source, copiedRange(wanted.CopySourceRange, source.sizeBytes));
      },
    );
    const part = await storePart(world, wanted, body);
    return { CopyPartResult: { LastModified: new Date(part.modifiedAt), ETag: `"${part.etag}"` } };
  },
});

function copiedRange(range: string | undefined, sizeBytes: number) {
  if (range === undefined) return undefined;
  const [, to] = /^bytes=\d{1,15}-(\d{1,15})$/.exec(range) ?? [];
  if (to === undefined)
    throw invalidArgument(
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
      'x-amz-copy-source-range',
      range,
    );
  if (Number(to) >= sizeBytes)
    throw invalidArgument(
      `Range specified is not valid for source object of size: ${sizeBytes}`,
      'x-amz-copy-source-range',
      range,
    );
  return readRange(range, sizeBytes);
}

function partAccess(world: World, { Bucket, Key, UploadId }: Place): Access[] {
  const keyArn = world.store.in(uploads).get(UploadId)?.keyArn;
  return [
    objectAccess(world, 'PutObject', Bucket, Key),
    ...keyUse(world, findBucket(world, Bucket), Key, 'GenerateDataKey', keyArn),
  ];
}

async function storePart(world: World, wanted: Place, body: Buffer, checksum?: Checksum): Promise<Part> {
  checkPartNumber(wanted.PartNumber);
  const part: Part = {
    number: wanted.PartNumber,
    file: await writeBytes(world, wanted.Bucket, body),
    sizeBytes: body.length,
    etag: createHash('md5').update(body).digest('hex'),
    modifiedAt: world.clock.now(),
    ...(checksum === undefined ? {} : { checksum }),
  };
  await keepPart(world, { bucket: wanted.Bucket, key: wanted.Key, id: wanted.UploadId }, part);
  return part;
}
