import { open } from 'node:fs/promises';
import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { numeric } from '../../world/properties.ts';
import { operation } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { readAccess } from './access.ts';
import { checkRead, readConditions } from './conditions.ts';
import { findObject } from './find.ts';
import { shownChecksum, shownEncryption } from './object-input.ts';
import { readRange, type Span } from './range.ts';
import { invalidArgument, invalidRequest } from './refusals.ts';
import { whileThere } from './store-object.ts';
import { buckets, type ObjectVersion } from './tables.ts';

const input = z.object({
  Bucket: z.string(),
  Key: z.string(),
  VersionId: z.string().optional(),
  Range: z.string().optional(),
  PartNumber: numeric.optional(),
  ChecksumMode: z.string().optional(),
  ...readConditions,
  ResponseCacheControl: z.string().optional(),
  ResponseContentDisposition: z.string().optional(),
  ResponseContentEncoding: z.string().optional(),
  ResponseContentLanguage: z.string().optional(),
  ResponseContentType: z.string().optional(),
  ResponseExpires: z.string().optional(),
});
type Wanted = z.output<typeof input>;

/** An object's bytes, or a range or part of them, and what is told of it. */
export const getObject = operation({
  input,
  access: ({ Bucket, Key, VersionId }, { world }) => readAccess(world, Bucket, Key, VersionId),
  run: (wanted, { world }) =>
    whileThere(
      () => findObject(world, wanted.Bucket, wanted.Key, wanted.VersionId),
      async (object) => ({
        ...describeObject(world, object, wanted),
        Body: await bytesOf(object, spanOf(object, wanted)),
      }),
    ),
});

/** The same without the bytes. */
export const headObject = operation({
  input,
  access: ({ Bucket, Key, VersionId }, { world }) => readAccess(world, Bucket, Key, VersionId),
  run: (wanted, { world }) =>
    describeObject(world, findObject(world, wanted.Bucket, wanted.Key, wanted.VersionId), wanted),
});

/** The bytes of an object, or of a run of them. */
export async function bytesOf({ file: path, sizeBytes }: ObjectVersion, span: Span | undefined): Promise<Buffer> {
  const file = await open(path);
  try {
    const { first, last } = span ?? { first: 0, last: sizeBytes - 1 };
    const bytes = Buffer.allocUnsafe(last - first + 1);
    for (let at = 0; at < bytes.length; ) {
      const { bytesRead } = await file.read(bytes, at, bytes.length - at, first + at);
      if (bytesRead === 0) throw new Error(`the file of an object ends at ${first + at} of ${sizeBytes} bytes`);
      at += bytesRead;
    }
    return bytes;
  } finally {
    await file.close();
  }
}

function describeObject(world: World, object: ObjectVersion, wanted: Wanted): Record<string, unknown> {
  checkRead(object, wanted);
  const span = spanOf(object, wanted);
  const checksum = wanted.ChecksumMode === 'ENABLED' && span === undefined ? object.checksum : undefined;
  const tags = Object.keys(object.tags ?? {}).length;
  return {
    AcceptRanges: 'bytes',
    ContentLength: span === undefined ? object.sizeBytes : span.last - span.first + 1,
    ...(span === undefined ? {} : { ContentRange: `bytes ${span.first}-${span.last}/${object.sizeBytes}` }),
    ContentType: object.contentType,
    ETag: `"${object.etag}"`,
    LastModified: new Date(object.modifiedAt),
    Metadata: object.metadata,
    ...object.headers,
    ...overrides(wanted),
    ...(object.storageClass === undefined ? {} : { StorageClass: object.storageClass }),
    ...(object.versionId === 'null' && !keepsVersions(world, object) ? {} : { VersionId: object.versionId }),
    ...(tags === 0 ? {} : { TagCount: tags }),
    ...(wanted.PartNumber === undefined || object.partBytes === undefined
      ? {}
      : { PartsCount: object.partBytes.length }),
    ...shownEncryption(object),
    ...shownChecksum(checksum),
    ...shownLock(object),
  };
}

const keepsVersions = (world: World, { bucket }: ObjectVersion): boolean => {
  const { versioned, suspended } = world.store.in(buckets).get(bucket) ?? {};
  return versioned === true || suspended === true;
};

const shownLock = ({ retention, legalHold }: ObjectVersion) => ({
  ...(retention === undefined
    ? {}
    : { ObjectLockMode: retention.mode, ObjectLockRetainUntilDate: new Date(retention.until).toISOString() }),
  ...(legalHold === undefined ? {} : { ObjectLockLegalHoldStatus: legalHold ? 'ON' : 'OFF' }),
});

/** `response-…` parameters stand above what the object says of itself. */
function overrides(wanted: Wanted): Record<string, string> {
  return Object.fromEntries(
    Object.entries(wanted).flatMap(([name, value]) => {
      if (!name.startsWith('Response') || typeof value !== 'string') return [];
      // biome-ignore lint/suspicious/noControlCharactersInRegex: a header cannot hold these
      if (/[^\t\x20-\x7e\x80-\xff]/.test(value))
        throw invalidArgument('Header value cannot be represented using ISO-8859-1.', name, value);
      return [[name.slice('Response'.length), value]];
    }),
  );
}

/** The bytes asked for: a range, or a part by its number. */
function spanOf(
  { sizeBytes, partBytes = [sizeBytes] }: ObjectVersion,
  { Range, PartNumber }: Wanted,
): Span | undefined {
  if (PartNumber === undefined) return readRange(Range, sizeBytes);
  if (Range !== undefined) throw invalidRequest('Cannot specify both Range header and partNumber query parameter');
  if (!Number.isInteger(PartNumber) || PartNumber < 1 || PartNumber > 10_000)
    throw invalidArgument('Part number must be an integer between 1 and 10000, inclusive', 'partNumber', PartNumber);
  const size = partBytes[PartNumber - 1];
  if (size === undefined)
    throw new AwsError('InvalidPartNumber', 'The requested partnumber is not satisfiable', 416, {
      PartNumberRequested: PartNumber,
      ActualPartCount: partBytes.length,
    });
  if (sizeBytes === 0) return undefined;
  const first = partBytes.slice(0, PartNumber - 1).reduce((sum, each) => sum + each, 0);
  return { first, last: first + size - 1 };
}
