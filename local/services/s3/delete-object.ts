import { z } from 'zod';
import { call } from '../../world/call.ts';
import { AwsError } from '../../world/failure.ts';
import { flag } from '../../world/properties.ts';
import { type Call, operation } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { objectAccess } from './access.ts';
import { checkWrite } from './conditions.ts';
import { findBucket, versionsOf } from './find.ts';
import { checkUnlocked } from './object-lock.ts';
import { malformedXml } from './refusals.ts';
import { markDeleted, removeFiles } from './store-object.ts';
import { objects } from './tables.ts';
import { listOf } from './xml-input.ts';

/**
 * Deletes a version for good, unless Object Lock keeps it, or, without a version's id and in a bucket with versions, puts a delete marker in
 * front. What is not there is deleted with success.
 */
export const deleteObject = operation({
  input: z.object({
    Bucket: z.string(),
    Key: z.string(),
    VersionId: z.string().optional(),
    BypassGovernanceRetention: flag.default(false),
    IfMatch: z.string().optional(),
  }),
  access: ({ Bucket, Key, VersionId, BypassGovernanceRetention }, { world }) => {
    const context: Record<string, string> = VersionId === undefined ? {} : { 's3:VersionId': VersionId };
    const ask = (action: string) => objectAccess(world, action, Bucket, Key, context);
    return [
      ask(VersionId === undefined ? 'DeleteObject' : 'DeleteObjectVersion'),
      ...(BypassGovernanceRetention && VersionId !== undefined ? [ask('BypassGovernanceRetention')] : []),
    ];
  },
  run: async ({ Bucket, Key, VersionId, BypassGovernanceRetention, IfMatch }, { world }) => {
    const bucket = findBucket(world, Bucket);
    const [newest] = versionsOf(world, Bucket, Key);
    if (IfMatch !== undefined) checkWrite(newest, Key, { IfMatch });
    if (VersionId === undefined && (bucket.versioned || bucket.suspended)) {
      const { versionId } = await markDeleted(world, bucket, Key);
      return { DeleteMarker: true, VersionId: versionId };
    }
    return removeVersion(world, Bucket, Key, VersionId, BypassGovernanceRetention);
  },
});

async function removeVersion(
  world: World,
  bucket: string,
  key: string,
  versionId: string | undefined,
  bypass: boolean,
) {
  const versions = versionsOf(world, bucket, key);
  const gone = versions.filter((version) => version.versionId === (versionId ?? 'null'));
  for (const version of gone) checkUnlocked(version, world.clock.now(), bypass);
  const left = versions.filter((version) => !gone.includes(version));
  if (left.length > 0) world.store.in(objects).put(`${bucket}/${key}`, left);
  else world.store.in(objects).delete(`${bucket}/${key}`);
  await removeFiles(gone);
  if (versionId === undefined) return {};
  return { VersionId: versionId, ...(gone[0]?.deleteMarker ? { DeleteMarker: true } : {}) };
}

const entry = z.strictObject({
  Key: z.string(),
  VersionId: z.string().optional(),
  ETag: z.string().optional(),
  LastModifiedTime: z.string().optional(),
  Size: z.string().optional(),
});

/** Deletes up to 1,000 keys or versions. IAM is asked for each, and what is refused is told beside what is done. */
export const deleteObjects = operation({
  input: z.object({
    Bucket: z.string(),
    BypassGovernanceRetention: flag.default(false),
    Delete: z.strictObject({ Object: listOf(entry), Quiet: flag.default(false) }),
  }),
  access: ({ Bucket }, { world }) => {
    findBucket(world, Bucket);
    return [];
  },
  run: async ({ Bucket, BypassGovernanceRetention, Delete }, at) => {
    if (Delete.Object.length === 0 || Delete.Object.length > 1000) throw malformedXml();
    const Deleted: object[] = [];
    const Error: object[] = [];
    for (const { Key, VersionId, ETag, LastModifiedTime, Size } of Delete.Object) {
      const named = { Key, ...(VersionId === undefined ? {} : { VersionId }) };
      if (LastModifiedTime !== undefined || Size !== undefined)
        throw new AwsError('NotImplemented', 'LastModifiedTime and Size are conditions of directory buckets', 501);
      const done = await deleteOne(at, { Bucket, ...named, BypassGovernanceRetention, IfMatch: ETag });
      if ('Code' in done) Error.push({ ...named, ...done });
      else if (!Delete.Quiet) Deleted.push({ ...named, ...done });
    }
    return { Deleted, Error };
  },
});

async function deleteOne(at: Call, input: object): Promise<object> {
  try {
    const { world, caller, account, region, cause } = at;
    const request = { caller, account, region, cause, service: 's3', operation: 'DeleteObject', input };
    const { DeleteMarker, VersionId } = await call<{ DeleteMarker?: true; VersionId?: string }>(world, request);
    return DeleteMarker ? { DeleteMarker, DeleteMarkerVersionId: VersionId } : {};
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const Code = error.code === 'AccessDeniedException' ? 'AccessDenied' : error.code;
    return { Code, Message: error.message };
  }
}
