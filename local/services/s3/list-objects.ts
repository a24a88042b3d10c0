import { z } from 'zod';
import type { Access } from '../../world/service.ts';
import { operation } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { bucketAccess } from './access.ts';
import { findBucket } from './find.ts';
import { byBytes, type Entry, pageOf, upTo } from './listing.ts';
import { listInput, written } from './listing-input.ts';
import { invalidArgument } from './refusals.ts';
import { type ObjectVersion, objects } from './tables.ts';

const inputV2 = z.object({
  ...listInput,
  ContinuationToken: z.string().optional(),
  StartAfter: z.string().optional(),
  FetchOwner: z.string().optional(),
});
const inputV1 = z.object({ ...listInput, Marker: z.string().default('') });
type Wanted = Omit<z.output<typeof inputV2>, 'ContinuationToken' | 'StartAfter'>;

/** The newest versions in the order of their keys, up to 1,000 at a time, with common prefixes where a delimiter is given. */
export const listObjectsV2 = operation({
  input: inputV2,
  access: (wanted, { world }) => listAccess(world, wanted),
  run: (wanted, { world }) => {
    const { ContinuationToken, StartAfter } = wanted;
    const after = ContinuationToken === undefined ? (StartAfter ?? '') : readToken(ContinuationToken);
    const { told, next, entries } = list(world, wanted, after);
    return {
      ...told,
      KeyCount: entries,
      ...(StartAfter === undefined ? {} : { StartAfter: written(StartAfter, wanted) }),
      ...(ContinuationToken === undefined ? {} : { ContinuationToken }),
      ...(next === undefined ? {} : { NextContinuationToken: Buffer.from(`1${next}`).toString('base64') }),
    };
  },
});

/** The same in the first form: it goes on after a key, and names it only where a delimiter is given. */
export const listObjects = operation({
  input: inputV1,
  access: (wanted, { world }) => listAccess(world, wanted),
  run: (wanted, { world }) => {
    const { told, next } = list(world, { ...wanted, FetchOwner: 'true' }, wanted.Marker);
    return {
      ...told,
      Marker: written(wanted.Marker, wanted),
      ...(next === undefined || wanted.Delimiter === undefined ? {} : { NextMarker: written(next, wanted) }),
    };
  },
});

const listAccess = (world: World, { Bucket, Prefix, Delimiter, MaxKeys }: Wanted): Access[] => [
  bucketAccess(world, 'ListBucket', Bucket, {
    's3:prefix': Prefix,
    's3:max-keys': String(MaxKeys),
    ...(Delimiter === undefined ? {} : { 's3:delimiter': Delimiter }),
  }),
];

function list(world: World, wanted: Wanted, after: string) {
  const { Bucket, Prefix, Delimiter, MaxKeys, EncodingType } = wanted;
  const rows = world.store
    .in(objects)
    .where(([newest], id) => newest?.deleteMarker === false && id.startsWith(`${Bucket}/${Prefix}`))
    .flatMap(([newest]) => newest ?? [])
    .sort((a, b) => byBytes(a.key, b.key));
  const cut = { prefix: Prefix, delimiter: Delimiter, most: Math.min(MaxKeys, 1000), seen: upTo(after) };
  const { entries, truncated } = pageOf(rows, cut);
  const last = entries.at(-1);
  const told = {
    Name: Bucket,
    Prefix: written(Prefix, wanted),
    ...(Delimiter === undefined ? {} : { Delimiter: written(Delimiter, wanted) }),
    MaxKeys,
    ...(EncodingType === undefined ? {} : { EncodingType }),
    IsTruncated: truncated,
    Contents: entries.flatMap((entry) => ('row' in entry ? [shownObject(world, entry.row, wanted)] : [])),
    CommonPrefixes: entries.flatMap(({ common }) =>
      common === undefined ? [] : [{ Prefix: written(common, wanted) }],
    ),
  };
  return { told, entries: entries.length, next: truncated && last !== undefined ? placeOf(last) : undefined };
}

const placeOf = (entry: Entry<ObjectVersion>): string => ('row' in entry ? entry.row.key : entry.common);

function shownObject(world: World, object: ObjectVersion, wanted: Wanted) {
  const { key, modifiedAt, etag, sizeBytes, storageClass = 'STANDARD', checksum } = object;
  return {
    Key: written(key, wanted),
    LastModified: new Date(modifiedAt),
    ETag: `"${etag}"`,
    ...(checksum === undefined ? {} : { ChecksumAlgorithm: [checksum.algorithm], ChecksumType: checksum.type }),
    Size: sizeBytes,
    ...(wanted.FetchOwner === 'true' ? { Owner: { ID: findBucket(world, object.bucket).account } } : {}),
    StorageClass: storageClass,
  };
}

function readToken(token: string): string {
  const text = Buffer.from(token, 'base64').toString();
  if (!text.startsWith('1') || Buffer.from(text).toString('base64') !== token)
    throw invalidArgument('The continuation token provided is incorrect', 'continuation-token', token);
  return text.slice(1);
}
