import { z } from 'zod';
import { operation } from '../../world/service.ts';
import { bucketAccess, objectAccess } from './access.ts';
import { findBucket } from './find.ts';
import { byBytes, pageOf, upTo } from './listing.ts';
import { count, listInput, written } from './listing-input.ts';
import { shownChecksum } from './object-input.ts';
import { uploads } from './tables.ts';
import { findUpload } from './uploads.ts';

/** The parts that an upload has so far, by their numbers. */
export const listParts = operation({
  input: z.object({
    ...{ Bucket: z.string(), Key: z.string(), UploadId: z.string() },
    MaxParts: count('max-parts'),
    PartNumberMarker: count('part-number-marker', 0),
  }),
  access: ({ Bucket, Key }, { world }) => [objectAccess(world, 'ListMultipartUploadParts', Bucket, Key)],
  run: ({ Bucket, Key, UploadId, MaxParts, PartNumberMarker }, { world }) => {
    const upload = findUpload(world, Bucket, Key, UploadId);
    const all = [...upload.parts.values()].sort((a, b) => a.number - b.number);
    const left = all.filter(({ number }) => number > PartNumberMarker);
    const page = left.slice(0, Math.min(MaxParts, 1000));
    const owner = { ID: findBucket(world, Bucket).account };
    return {
      ...{ Bucket, Key, UploadId, PartNumberMarker, MaxParts },
      ...(page.length === 0 ? {} : { NextPartNumberMarker: page.at(-1)?.number }),
      IsTruncated: MaxParts > 0 && left.length > page.length,
      Part: page.map(({ number, modifiedAt, etag, sizeBytes, checksum }) => {
        const { ChecksumType: _type, ...sum } = shownChecksum(checksum);
        const LastModified = new Date(modifiedAt);
        return { PartNumber: number, LastModified, ETag: `"${etag}"`, Size: sizeBytes, ...sum };
      }),
      Initiator: owner,
      Owner: owner,
      StorageClass: upload.storageClass ?? 'STANDARD',
      ...(upload.checksum === undefined
        ? {}
        : { ChecksumAlgorithm: upload.checksum.algorithm, ChecksumType: upload.checksum.type }),
    };
  },
});

const { MaxKeys: _keys, ...uploadsInput } = listInput;

/** The uploads that are neither completed nor aborted, in the order of their keys and then of their begin. */
export const listMultipartUploads = operation({
  input: z.object({
    ...uploadsInput,
    MaxUploads: count('max-uploads'),
    KeyMarker: z.string().default(''),
    UploadIdMarker: z.string().default(''),
  }),
  access: ({ Bucket }, { world }) => [bucketAccess(world, 'ListBucketMultipartUploads', Bucket)],
  run: (wanted, { world }) => {
    const { Bucket, Prefix, Delimiter, MaxUploads, KeyMarker, UploadIdMarker, EncodingType } = wanted;
    const rows = world.store
      .in(uploads)
      .where((upload) => upload.bucket === Bucket)
      .toSorted((a, b) => byBytes(a.key, b.key) || a.startedAt - b.startedAt || byBytes(a.id, b.id));
    const told = rows.findIndex(({ id, key }) => id === UploadIdMarker && key === KeyMarker);
    const seen = (row: (typeof rows)[number], common: string | undefined) =>
      UploadIdMarker !== '' && row.key === KeyMarker ? rows.indexOf(row) <= told : upTo(KeyMarker)(row, common);
    const { entries, truncated } = pageOf(rows, {
      ...{ prefix: Prefix, delimiter: Delimiter, seen },
      most: Math.min(MaxUploads, 1000),
    });
    const shown = entries.flatMap((entry) => ('row' in entry ? [entry.row] : []));
    const last = entries.at(-1);
    const next = last === undefined ? '' : 'row' in last ? last.row.key : last.common;
    const owner = { ID: findBucket(world, Bucket).account };
    return {
      Bucket,
      KeyMarker: written(KeyMarker, wanted),
      UploadIdMarker,
      ...(truncated
        ? {
            NextKeyMarker: written(next, wanted),
            ...(last !== undefined && 'row' in last ? { NextUploadIdMarker: last.row.id } : {}),
          }
        : {}),
      Prefix: written(Prefix, wanted),
      ...(Delimiter === undefined ? {} : { Delimiter: written(Delimiter, wanted) }),
      ...(EncodingType === undefined ? {} : { EncodingType }),
      MaxUploads,
      IsTruncated: truncated,
      Upload: shown.map(({ key, id, startedAt, storageClass = 'STANDARD', checksum }) => ({
        ...{ Key: written(key, wanted), UploadId: id, Initiator: owner, Owner: owner, StorageClass: storageClass },
        Initiated: new Date(startedAt),
        ...(checksum === undefined ? {} : { ChecksumAlgorithm: checksum.algorithm, ChecksumType: checksum.type }),
      })),
      CommonPrefixes: entries.flatMap(({ common }) =>
        common === undefined ? [] : [{ Prefix: written(common, wanted) }],
      ),
    };
  },
});
