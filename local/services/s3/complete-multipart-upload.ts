import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { numeric } from '../../world/properties.ts';
import { operation } from '../../world/service.ts';
import { keyUse, objectAccess } from './access.ts';
import { checkWrite, writeConditions } from './conditions.ts';
import { findBucket, versionsOf } from './find.ts';
import { checksumInput, givenChecksum, shownChecksum, shownEncryption, shownVersion } from './object-input.ts';
import { malformedXml } from './refusals.ts';
import { commitObject, newFile } from './store-object.ts';
import { sums } from './sums.ts';
import { type Checksum, type Part, type Upload, uploads } from './tables.ts';
import { endUpload, findUpload } from './uploads.ts';
import { emptyElement, listOf } from './xml-input.ts';

const smallestPartBytes = 5 * 1024 * 1024;

const named = z.object({ PartNumber: numeric, ETag: z.string(), ...checksumInput });

/** Makes one object of the parts that the request names, in their order, under conditions if there are any. */
export const completeMultipartUpload = operation({
  simplified: 'An upload can be completed once: a repeated request is answered with NoSuchUpload.',
  input: z.object({
    ...{ Bucket: z.string(), Key: z.string(), UploadId: z.string() },
    ...checksumInput,
    ...writeConditions,
    CompleteMultipartUpload: z.union([
      emptyElement.transform(() => ({ Part: [] })),
      z.strictObject({ Part: listOf(named) }),
    ]),
  }),
  access: ({ Bucket, Key, UploadId }, { world }) => [
    objectAccess(world, 'PutObject', Bucket, Key),
    ...keyUse(world, findBucket(world, Bucket), Key, 'Decrypt', world.store.in(uploads).get(UploadId)?.keyArn),
  ],
  run: async (wanted, { world }) => {
    const { Bucket, Key, UploadId } = wanted;
    const upload = findUpload(world, Bucket, Key, UploadId);
    const check = () => {
      findUpload(world, Bucket, Key, UploadId);
      checkWrite(versionsOf(world, Bucket, Key)[0], Key, wanted);
    };
    check();
    const parts = chosenParts(upload, wanted.CompleteMultipartUpload.Part);
    const file = await newFile(world, Bucket);
    const checksum = await joinParts(file, parts, upload);
    checkSum(givenChecksum(wanted), checksum);
    const { id: _id, bucket: _bucket, startedAt: _startedAt, parts: _parts, checksum: _asked, ...described } = upload;
    const object = {
      ...described,
      etag: etagOf(parts),
      partBytes: parts.map(({ sizeBytes }) => sizeBytes),
      ...(checksum === undefined ? {} : { checksum }),
    };
    const sizeBytes = object.partBytes.reduce((sum, size) => sum + size, 0);
    const stored = await commitObject(world, Bucket, object, { file, sizeBytes }, check);
    await endUpload(world, upload);
    return {
      Location: `${world.endpoint}/${Bucket}/${Key.split('/').map(encodeURIComponent).join('/')}`,
      ...{ Bucket, Key, ETag: `"${stored.etag}"` },
      ...shownChecksum(stored.checksum),
      ...shownVersion(findBucket(world, Bucket), stored),
      ...shownEncryption(stored),
    };
  },
});

/** The parts by the request's list. Throws MalformedXML, InvalidPartOrder, InvalidPart and EntityTooSmall. */
function chosenParts(upload: Upload, list: readonly z.output<typeof named>[]): Part[] {
  if (list.length === 0 || list.length > 10_000) throw malformedXml();
  if (list.some(({ PartNumber }, index) => index > 0 && (list[index - 1]?.PartNumber ?? 0) >= PartNumber))
    throw new AwsError(
      'InvalidPartOrder',
      'The list of parts was not in ascending order. The parts list must be specified in order by part number.',
    );
  return list.map(({ PartNumber, ETag, ...given }, index) => {
    const part = upload.parts.get(PartNumber);
    const sum = givenChecksum(given);
    const fits = sum === undefined || part?.checksum === undefined || sum.value === part.checksum.value;
    if (part === undefined || part.etag !== ETag.replaceAll('"', '') || !fits)
      throw new AwsError(
        'InvalidPart',
        "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
        400,
        { UploadId: upload.id, PartNumber, ETag },
      );
    if (index < list.length - 1 && part.sizeBytes < smallestPartBytes)
      throw new AwsError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', 400, {
        ProposedSize: part.sizeBytes,
        MinSizeAllowed: smallestPartBytes,
        PartNumber,
        ETag,
      });
    return part;
  });
}

/** MD5 of the parts' MD5s, with their number. */
function etagOf(parts: readonly Part[]): string {
  const hash = createHash('md5');
  for (const { etag } of parts) hash.update(Buffer.from(etag, 'hex'));
  return `${hash.digest('hex')}-${parts.length}`;
}

/** Joins the parts' files without holding their bytes, and makes the sum that the upload asked for. */
async function joinParts(file: string, parts: readonly Part[], upload: Upload): Promise<Checksum | undefined> {
  const { algorithm = '', type = 'FULL_OBJECT' } = upload.checksum ?? {};
  const sum = sums[algorithm]?.();
  await pipeline(async function* () {
    for (const part of parts)
      for await (const chunk of createReadStream(part.file) as AsyncIterable<Buffer>) {
        if (type === 'FULL_OBJECT') sum?.update(chunk);
        yield chunk;
      }
  }, createWriteStream(file)).catch(async (error: unknown) => {
    await rm(file, { force: true });
    throw (error as NodeJS.ErrnoException).code === 'ENOENT'
      ? new AwsError(
          'OperationAborted',
          'A conflicting conditional operation is currently in progress against this resource. Please try again.',
          409,
        )
      : error;
  });
  if (sum === undefined) return undefined;
  if (type === 'FULL_OBJECT') return { algorithm, type, value: sum.value() };
  const values = parts.flatMap(({ checksum }) => (checksum?.algorithm === algorithm ? [checksum.value] : []));
  if (values.length < parts.length) return undefined;
  for (const value of values) sum.update(Buffer.from(value, 'base64'));
  return { algorithm, type, value: `${sum.value()}-${parts.length}` };
}

function checkSum(given: Checksum | undefined, made: Checksum | undefined): void {
  if (given === undefined || made === undefined || given.algorithm !== made.algorithm) return;
  if (given.value.replace(/-\d+$/, '') !== made.value.replace(/-\d+$/, ''))
    throw new AwsError('BadDigest', `The ${given.algorithm} you specified did not match the calculated checksum.`);
}
