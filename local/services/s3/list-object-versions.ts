import { z } from 'zod';
import { operation } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { bucketAccess } from './access.ts';
import { findBucket } from './find.ts';
import { byBytes, pageOf, upTo } from './listing.ts';
import { listInput, written } from './listing-input.ts';
import { invalidArgument } from './refusals.ts';
import { type ObjectVersion, objects } from './tables.ts';

const input = z.object({
  ...listInput,
  KeyMarker: z.string().default(''),
  VersionIdMarker: z.string().optional(),
});
type Wanted = z.output<typeof input>;

/** All versions and delete markers in the order of their keys, the newest of a key first. */
export const listObjectVersions = operation({
  input,
  access: ({ Bucket, Prefix, Delimiter, MaxKeys }, { world }) => [
    bucketAccess(world, 'ListBucketVersions', Bucket, {
      's3:prefix': Prefix,
      's3:max-keys': String(MaxKeys),
      ...(Delimiter === undefined ? {} : { 's3:delimiter': Delimiter }),
    }),
  ],
  run: (wanted, { world }) => {
    const { Bucket, Prefix, Delimiter, MaxKeys, EncodingType, KeyMarker, VersionIdMarker } = wanted;
    const cut = { prefix: Prefix, delimiter: Delimiter, most: Math.min(MaxKeys, 1000), seen: seenIn(world, wanted) };
    const { entries, truncated } = pageOf(rowsOf(world, wanted), cut);
    const shown = entries.flatMap((entry) => ('row' in entry ? [entry.row] : []));
    const owner = { ID: findBucket(world, Bucket).account };
    const show = (row: ObjectVersion) => shownVersionRow(world, row, wanted, owner);
    return {
      Name: Bucket,
      Prefix: written(Prefix, wanted),
      KeyMarker: written(KeyMarker, wanted),
      VersionIdMarker: VersionIdMarker ?? '',
      ...(Delimiter === undefined ? {} : { Delimiter: written(Delimiter, wanted) }),
      MaxKeys,
      ...(EncodingType === undefined ? {} : { EncodingType }),
      IsTruncated: truncated,
      ...(truncated ? nextOf(entries.at(-1), wanted) : {}),
      Version: shown.filter((row) => !row.deleteMarker).map(show),
      DeleteMarker: shown.filter((row) => row.deleteMarker).map(show),
      CommonPrefixes: entries.flatMap(({ common }) =>
        common === undefined ? [] : [{ Prefix: written(common, wanted) }],
      ),
    };
  },
});

const rowsOf = (world: World, { Bucket, Prefix }: Wanted): readonly ObjectVersion[] =>
  world.store
    .in(objects)
    .where((_versions, id) => id.startsWith(`${Bucket}/${Prefix}`))
    .toSorted(([a], [b]) => byBytes(a?.key ?? '', b?.key ?? ''))
    .flat();

/** A version that the marker names and that is gone meanwhile was deleted with those before it, so nothing that is left of its key was told. */
function seenIn(world: World, { Bucket, KeyMarker, VersionIdMarker }: Wanted) {
  if (VersionIdMarker === undefined || VersionIdMarker === '') return upTo(KeyMarker);
  if (KeyMarker === '')
    throw invalidArgument(
      'A version-id marker cannot be specified without a key marker.',
      'version-id-marker',
      VersionIdMarker,
    );
  const versions = world.store.in(objects).get(`${Bucket}/${KeyMarker}`) ?? [];
  const told = versions.findIndex(({ versionId }) => versionId === VersionIdMarker);
  return (row: ObjectVersion, common: string | undefined): boolean =>
    row.key === KeyMarker ? versions.indexOf(row) <= told : upTo(KeyMarker)(row, common);
}

function nextOf(last: { readonly row: ObjectVersion } | { readonly common: string } | undefined, wanted: Wanted) {
  if (last === undefined) return {};
  return 'row' in last
    ? { NextKeyMarker: written(last.row.key, wanted), NextVersionIdMarker: last.row.versionId }
    : { NextKeyMarker: written(last.common, wanted) };
}

function shownVersionRow(world: World, row: ObjectVersion, wanted: Wanted, owner: object) {
  const { bucket, key, versionId, etag, sizeBytes, modifiedAt, storageClass = 'STANDARD', deleteMarker } = row;
  const newest = world.store.in(objects).get(`${bucket}/${key}`)?.[0];
  return {
    ...(deleteMarker ? {} : { ETag: `"${etag}"`, Size: sizeBytes, StorageClass: storageClass }),
    Key: written(key, wanted),
    VersionId: versionId,
    IsLatest: newest === row,
    LastModified: new Date(modifiedAt),
    Owner: owner,
  };
}
