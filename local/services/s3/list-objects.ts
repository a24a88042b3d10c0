import { z } from 'zod';
import { numeric } from '../../world/properties.ts';
import { operation } from '../../world/service.ts';
import { bucketAccess } from './find.ts';
import { objects } from './tables.ts';

/** The newest versions in key order, up to 1,000 at a time, with common prefixes where a delimiter is given. */
export const listObjectsV2 = operation({
  input: z.object({
    Bucket: z.string(),
    Prefix: z.string().default(''),
    Delimiter: z.string().optional(),
    MaxKeys: numeric.default(1000),
    ContinuationToken: z.string().optional(),
    StartAfter: z.string().optional(),
  }),
  access: ({ Bucket, Prefix }, { world }) => [bucketAccess(world, 'ListBucket', Bucket, { 's3:prefix': Prefix })],
  run: ({ Bucket, Prefix, Delimiter, MaxKeys, ContinuationToken, StartAfter }, { world }) => {
    const after =
      ContinuationToken === undefined ? (StartAfter ?? '') : Buffer.from(ContinuationToken, 'base64').toString();
    const all = world.store
      .in(objects)
      .where(([newest], id) => newest !== undefined && !newest.deleteMarker && id.startsWith(`${Bucket}/${Prefix}`))
      .flatMap(([newest]) => (newest === undefined || newest.key <= after ? [] : [newest]))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
    const folded = (key: string) => {
      const end = Delimiter === undefined ? -1 : key.indexOf(Delimiter, Prefix.length);
      return end < 0 ? undefined : key.slice(0, end + (Delimiter ?? '').length);
    };
    const page = all.slice(0, Math.min(MaxKeys, 1000));
    const more = all.length > page.length;
    return {
      Name: Bucket,
      Prefix,
      KeyCount: page.length,
      MaxKeys,
      IsTruncated: more,
      ...(more ? { NextContinuationToken: Buffer.from(page.at(-1)?.key ?? '').toString('base64') } : {}),
      Contents: page
        .filter(({ key }) => folded(key) === undefined)
        .map(({ key, etag, sizeBytes, modifiedAt }) => ({
          Key: key,
          ETag: `"${etag}"`,
          Size: sizeBytes,
          LastModified: new Date(modifiedAt),
          StorageClass: 'STANDARD',
        })),
      CommonPrefixes: [...new Set(page.flatMap(({ key }) => folded(key) ?? []))].map((prefix) => ({ Prefix: prefix })),
    };
  },
});
