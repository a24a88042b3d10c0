import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { flag } from '../../world/properties.ts';
import type { Access } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { bucketKey, keyUse, objectAccess } from './access.ts';
import { findBucket } from './find.ts';
import { lockedBucket } from './object-lock.ts';
import { invalidArgument } from './refusals.ts';
import type { NewObject } from './store-object.ts';
import type { Bucket, Checksum, Retention } from './tables.ts';
import { readTagging } from './tags.ts';

const text = z.string().optional();

/** The members by which a new object is described: PutObject, CopyObject and CreateMultipartUpload have them in common. */
export const objectInput = {
  Bucket: z.string(),
  Key: z.string(),
  ContentType: text,
  CacheControl: text,
  ContentDisposition: text,
  ContentEncoding: text,
  ContentLanguage: text,
  Expires: text,
  WebsiteRedirectLocation: text,
  StorageClass: text,
  ServerSideEncryption: text,
  SSEKMSKeyId: text,
  Metadata: z.record(z.string(), z.string()).default({}),
  Tagging: text,
  ACL: text,
  ObjectLockMode: text,
  ObjectLockRetainUntilDate: text,
  ObjectLockLegalHoldStatus: text,
  BypassGovernanceRetention: flag.default(false),
};

/** What describes a new object. */
export type ObjectInput = z.output<z.ZodObject<typeof objectInput>>;

const told = [
  'CacheControl',
  'ContentDisposition',
  'ContentEncoding',
  'ContentLanguage',
  'Expires',
  'WebsiteRedirectLocation',
] as const;

const storageClasses = [
  ...['STANDARD', 'REDUCED_REDUNDANCY', 'STANDARD_IA', 'ONEZONE_IA', 'INTELLIGENT_TIERING', 'GLACIER_IR'],
];

/** The new version that a request describes. Throws S3's refusal for each member that it does not take. */
export function describedObject(world: World, bucket: Bucket, wanted: ObjectInput): NewObject {
  checkKey(wanted);
  const keyId = keyOf(bucket, wanted);
  const headers = told.flatMap((name) => (wanted[name] === undefined ? [] : [[name, wanted[name]] as const]));
  const { StorageClass = 'STANDARD' } = wanted;
  if (!storageClasses.includes(StorageClass))
    throw new AwsError('InvalidStorageClass', 'The storage class you specified is not valid', 400, {
      StorageClassRequested: StorageClass,
    });
  const retention = wantedRetention(world, bucket, wanted);
  return {
    key: wanted.Key,
    contentType: wanted.ContentType ?? 'binary/octet-stream',
    metadata: wanted.Metadata,
    ...(headers.length === 0 ? {} : { headers: Object.fromEntries(headers) }),
    ...(StorageClass === 'STANDARD' ? {} : { storageClass: StorageClass }),
    ...(keyId === undefined ? {} : { keyArn: bucketKey(world, bucket, keyId).arn }),
    ...(wanted.Tagging === undefined ? {} : { tags: readTagging(wanted.Tagging) }),
    ...(retention === undefined ? {} : { retention }),
    ...legalHoldOf(bucket, wanted),
  };
}

function checkKey({ Key, Metadata }: ObjectInput): void {
  const size = Buffer.byteLength(Key);
  if (size > 1024)
    throw new AwsError('KeyTooLongError', 'Your key is too long', 400, { Size: size, MaxSizeAllowed: 1024 });
  const metadataSize = Object.entries(Metadata).reduce((sum, pair) => sum + Buffer.byteLength(pair.join('')), 0);
  if (metadataSize > 2048)
    throw new AwsError('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size', 400, {
      Size: metadataSize,
      MaxSizeAllowed: 2048,
    });
}

/** The questions for making an object: the action itself, what its members ask beside it, and the use of its key. */
export function writeAccess(world: World, wanted: ObjectInput, context: Access['context'] = {}): Access[] {
  const bucket = findBucket(world, wanted.Bucket);
  const all = { ...requestContext(wanted), ...context };
  const ask = (action: string) => objectAccess(world, action, wanted.Bucket, wanted.Key, all);
  return [
    ask('PutObject'),
    ...(wanted.Tagging === undefined ? [] : [ask('PutObjectTagging')]),
    ...(wanted.ACL === undefined ? [] : [ask('PutObjectAcl')]),
    ...(wanted.ObjectLockMode === undefined ? [] : [ask('PutObjectRetention')]),
    ...(wanted.ObjectLockLegalHoldStatus === undefined ? [] : [ask('PutObjectLegalHold')]),
    ...keyUse(world, bucket, wanted.Key, 'GenerateDataKey', keyOf(bucket, wanted)),
  ];
}

/** S3's condition keys that tell what a request for a new object says. */
function requestContext(wanted: ObjectInput): Record<string, string | string[]> {
  const tags = Object.entries(wanted.Tagging === undefined ? {} : readTagging(wanted.Tagging));
  const said: Record<string, string | string[] | undefined> = {
    's3:x-amz-server-side-encryption': wanted.ServerSideEncryption,
    's3:x-amz-server-side-encryption-aws-kms-key-id': wanted.SSEKMSKeyId,
    's3:x-amz-acl': wanted.ACL,
    's3:x-amz-storage-class': wanted.StorageClass,
    's3:object-lock-mode': wanted.ObjectLockMode,
    's3:object-lock-retain-until-date': wanted.ObjectLockRetainUntilDate,
    's3:object-lock-legal-hold': wanted.ObjectLockLegalHoldStatus,
    's3:RequestObjectTagKeys': tags.length === 0 ? undefined : tags.map(([key]) => key),
    ...Object.fromEntries(tags.map(([key, value]) => [`s3:RequestObjectTag/${key}`, value])),
  };
  return Object.fromEntries(
    Object.entries(said).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}

/** Which KMS key a new object is encrypted with, as it is named. */
function keyOf(bucket: Bucket, { ServerSideEncryption, SSEKMSKeyId }: ObjectInput): string | undefined {
  if (ServerSideEncryption !== undefined && !['AES256', 'aws:kms'].includes(ServerSideEncryption))
    throw invalidArgument(
      'The encryption method specified is not supported',
      'x-amz-server-side-encryption',
      ServerSideEncryption,
    );
  if (SSEKMSKeyId !== undefined && ServerSideEncryption !== 'aws:kms')
    throw invalidArgument(
      'Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms',
      'x-amz-server-side-encryption',
      ServerSideEncryption ?? 'null',
    );
  return ServerSideEncryption === 'AES256' ? undefined : (SSEKMSKeyId ?? bucket.keyArn);
}

function wantedRetention(world: World, bucket: Bucket, wanted: ObjectInput): Retention | undefined {
  const { ObjectLockMode: mode, ObjectLockRetainUntilDate: date } = wanted;
  if (mode === undefined && date === undefined) return undefined;
  lockedBucket(bucket);
  if (mode === undefined || date === undefined)
    throw invalidArgument(
      'x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied',
      mode === undefined ? 'x-amz-object-lock-mode' : 'x-amz-object-lock-retain-until-date',
      '',
    );
  if (mode !== 'GOVERNANCE' && mode !== 'COMPLIANCE')
    throw invalidArgument('Unknown wormMode directive.', 'x-amz-object-lock-mode', mode);
  return { mode, until: futureDate(world, date, 'x-amz-object-lock-retain-until-date') };
}

/** A moment of ISO 8601 that is still to come. Throws InvalidArgument. */
export function futureDate(world: World, date: string, name: string): number {
  const until = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(date) ? Date.parse(date) : Number.NaN;
  if (Number.isNaN(until))
    throw invalidArgument('The retain until date must be provided in ISO 8601 format', name, date);
  if (until <= world.clock.now()) throw invalidArgument('The retain until date must be in the future!', name, date);
  return until;
}

function legalHoldOf(bucket: Bucket, { ObjectLockLegalHoldStatus: status }: ObjectInput): { legalHold?: boolean } {
  if (status === undefined) return {};
  lockedBucket(bucket);
  if (status !== 'ON' && status !== 'OFF')
    throw invalidArgument('Legal Hold must be either of ON or OFF', 'x-amz-object-lock-legal-hold', status);
  return { legalHold: status === 'ON' };
}

const checksumMembers = {
  ChecksumCRC32: text,
  ChecksumCRC32C: text,
  ChecksumCRC64NVME: text,
  ChecksumSHA1: text,
  ChecksumSHA256: text,
};

/** Sums that a sender gives with an object or a part; the door has verified them. */
export const checksumInput = { ...checksumMembers, ChecksumAlgorithm: text };

/** The names of the sums, as `CRC32`. */
export const checksumNames = Object.keys(checksumMembers).map((name) => name.slice('Checksum'.length));

/** The sum that was given, if one was. */
export function givenChecksum(given: Readonly<Record<string, unknown>>): Checksum | undefined {
  for (const algorithm of checksumNames) {
    const value = given[`Checksum${algorithm}`];
    if (typeof value === 'string') return { algorithm, value, type: 'FULL_OBJECT' };
  }
  return undefined;
}

/** How answers tell a sum. */
export const shownChecksum = (checksum: Checksum | undefined): Record<string, string> =>
  checksum === undefined ? {} : { [`Checksum${checksum.algorithm}`]: checksum.value, ChecksumType: checksum.type };

/** How answers tell the encryption of an object. */
export const shownEncryption = ({ keyArn }: { readonly keyArn?: string }): Record<string, string> =>
  keyArn === undefined ? { ServerSideEncryption: 'AES256' } : { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: keyArn };

/** How answers tell a version: not at all in a bucket that never had versions. */
export const shownVersion = (
  { versioned, suspended }: Bucket,
  { versionId }: { readonly versionId: string },
): { VersionId?: string } => (versioned || suspended || versionId !== 'null' ? { VersionId: versionId } : {});
