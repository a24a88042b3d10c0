import { z } from 'zod';
import { operation } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { objectAccess, readAccess } from './access.ts';
import { checkRead, checkWrite, writeConditions } from './conditions.ts';
import { copySourceConditions, copySourceOf, sourceConditions } from './copy-source.ts';
import { digestOf } from './digest.ts';
import { findBucket, findObject, peekObject, versionsOf } from './find.ts';
import {
  describedObject,
  type ObjectInput,
  objectInput,
  shownChecksum,
  shownEncryption,
  shownVersion,
  writeAccess,
} from './object-input.ts';
import { invalidArgument, invalidRequest } from './refusals.ts';
import { commitObject, copyBytes, type NewObject, whileThere } from './store-object.ts';
import type { ObjectVersion } from './tables.ts';

const input = z.object({
  ...objectInput,
  ...copySourceConditions,
  ...writeConditions,
  CopySource: z.string(),
  MetadataDirective: z.string().default('COPY'),
  TaggingDirective: z.string().default('COPY'),
  ChecksumAlgorithm: z.string().optional(),
});
type Wanted = z.output<typeof input>;

/** Copies an object within S3: asked are the reading of the source and the writing of the copy, each with its key. */
export const copyObject = operation({
  simplified: 'A checksum other than the one that the source has is not computed.',
  input,
  access: (wanted, { world }) => {
    const source = copySourceOf(wanted.CopySource);
    const { bucket, key, versionId } = source;
    const tagged = wanted.TaggingDirective === 'COPY' && peekObject(world, bucket, key, versionId)?.tags !== undefined;
    const readTags = versionId === undefined ? 'GetObjectTagging' : 'GetObjectVersionTagging';
    return [
      ...readAccess(world, bucket, key, versionId),
      ...(tagged ? [objectAccess(world, readTags, bucket, key)] : []),
      ...writeAccess(world, wanted, {
        's3:x-amz-copy-source': `${bucket}/${key}`,
        's3:x-amz-metadata-directive': wanted.MetadataDirective,
      }),
      ...(tagged ? [objectAccess(world, 'PutObjectTagging', wanted.Bucket, wanted.Key)] : []),
    ];
  },
  run: (wanted, { world }) => {
    const { bucket, key, versionId } = copySourceOf(wanted.CopySource);
    const find = () => findObject(world, bucket, key, versionId);
    return whileThere(find, (source) => copy(world, wanted, source, versionId));
  },
});

async function copy(world: World, wanted: Wanted, source: ObjectVersion, versionId: string | undefined) {
  const target = findBucket(world, wanted.Bucket);
  checkRead(source, sourceConditions(wanted), 'x-amz-copy-source-');
  checkChanged(wanted, source, versionId);
  const object = copied(describedObject(world, target, wanted), wanted, source);
  const check = () => checkWrite(versionsOf(world, wanted.Bucket, wanted.Key)[0], wanted.Key, wanted);
  check();
  const file = await copyBytes(world, wanted.Bucket, source.file);
  const etag = source.etag.includes('-') ? await digestOf(file) : source.etag;
  const stored = await commitObject(
    world,
    wanted.Bucket,
    { ...object, etag },
    { file, sizeBytes: source.sizeBytes },
    check,
  );
  const from = shownVersion(findBucket(world, source.bucket), source).VersionId;
  return {
    ...(from === undefined ? {} : { CopySourceVersionId: from }),
    ...shownVersion(target, stored),
    ...shownEncryption(stored),
    CopyObjectResult: {
      LastModified: new Date(stored.modifiedAt),
      ETag: `"${etag}"`,
      ...shownChecksum(stored.checksum),
    },
  };
}

/** What the copy takes over, unless its request replaces it. */
function copied(described: NewObject, wanted: Wanted, source: ObjectVersion): NewObject {
  const { WebsiteRedirectLocation: _redirect, ...headers } = source.headers ?? {};
  const { checksum } = source;
  return {
    ...described,
    ...(wanted.MetadataDirective === 'COPY'
      ? {
          contentType: source.contentType,
          metadata: source.metadata,
          headers: { ...headers, ...redirectOf(wanted) },
        }
      : {}),
    ...(wanted.TaggingDirective === 'COPY' && source.tags !== undefined ? { tags: source.tags } : {}),
    ...(checksum?.type === 'FULL_OBJECT' ? { checksum } : {}),
  };
}

const redirectOf = ({ WebsiteRedirectLocation }: ObjectInput): Record<string, string> =>
  WebsiteRedirectLocation === undefined ? {} : { WebsiteRedirectLocation };

function checkChanged(wanted: Wanted, source: ObjectVersion, versionId: string | undefined): void {
  for (const name of ['MetadataDirective', 'TaggingDirective'] as const)
    if (!['COPY', 'REPLACE'].includes(wanted[name])) {
      const header = name === 'MetadataDirective' ? 'x-amz-metadata-directive' : 'x-amz-tagging-directive';
      throw invalidArgument(
        `Unknown ${name === 'MetadataDirective' ? 'metadata' : 'tagging'} directive.`,
        header,
        wanted[name],
      );
    }
  const same = source.bucket === wanted.Bucket && source.key === wanted.Key && versionId === undefined;
  const changes = [wanted.StorageClass, wanted.ServerSideEncryption, wanted.WebsiteRedirectLocation];
  if (same && wanted.MetadataDirective === 'COPY' && changes.every((each) => each === undefined))
    throw invalidRequest(
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
}
