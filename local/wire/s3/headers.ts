import { textOf } from './xml.ts';

/** Request headers that are input members. */
const inputHeaders: Readonly<Record<string, string>> = {
  'cache-control': 'CacheControl',
  'content-disposition': 'ContentDisposition',
  'content-encoding': 'ContentEncoding',
  'content-language': 'ContentLanguage',
  'content-type': 'ContentType',
  expires: 'Expires',
  'if-match': 'IfMatch',
  'if-modified-since': 'IfModifiedSince',
  'if-none-match': 'IfNoneMatch',
  'if-unmodified-since': 'IfUnmodifiedSince',
  range: 'Range',
  'x-amz-acl': 'ACL',
  'x-amz-bucket-object-lock-enabled': 'ObjectLockEnabledForBucket',
  'x-amz-bypass-governance-retention': 'BypassGovernanceRetention',
  'x-amz-checksum-algorithm': 'ChecksumAlgorithm',
  'x-amz-checksum-crc32': 'ChecksumCRC32',
  'x-amz-checksum-crc32c': 'ChecksumCRC32C',
  'x-amz-checksum-crc64nvme': 'ChecksumCRC64NVME',
  'x-amz-checksum-mode': 'ChecksumMode',
  'x-amz-checksum-sha1': 'ChecksumSHA1',
  'x-amz-checksum-sha256': 'ChecksumSHA256',
  'x-amz-checksum-type': 'ChecksumType',
  'x-amz-copy-source': 'CopySource',
  'x-amz-copy-source-if-match': 'CopySourceIfMatch',
  'x-amz-copy-source-if-modified-since': 'CopySourceIfModifiedSince',
  'x-amz-copy-source-if-none-match': 'CopySourceIfNoneMatch',
  'x-amz-copy-source-if-unmodified-since': 'CopySourceIfUnmodifiedSince',
  'x-amz-copy-source-range': 'CopySourceRange',
  'x-amz-expected-bucket-owner': 'ExpectedBucketOwner',
  'x-amz-metadata-directive': 'MetadataDirective',
  'x-amz-object-attributes': 'ObjectAttributes',
  'x-amz-object-lock-legal-hold': 'ObjectLockLegalHoldStatus',
  'x-amz-object-lock-mode': 'ObjectLockMode',
  'x-amz-object-lock-retain-until-date': 'ObjectLockRetainUntilDate',
  'x-amz-object-ownership': 'ObjectOwnership',
  'x-amz-server-side-encryption': 'ServerSideEncryption',
  'x-amz-server-side-encryption-aws-kms-key-id': 'SSEKMSKeyId',
  'x-amz-source-expected-bucket-owner': 'ExpectedSourceBucketOwner',
  'x-amz-storage-class': 'StorageClass',
  'x-amz-tagging': 'Tagging',
  'x-amz-tagging-directive': 'TaggingDirective',
  'x-amz-website-redirect-location': 'WebsiteRedirectLocation',
};

/** Headers that say nothing to an operation: of signatures, transports and clients. */
const silentHeaders = [
  ...['x-amz-date', 'x-amz-content-sha256', 'x-amz-security-token', 'x-amz-user-agent', 'x-amz-trailer'],
  ...['x-amz-decoded-content-length', 'x-amz-sdk-checksum-algorithm', 'x-amz-trailer-signature', 'x-amz-te'],
  ...['x-amz-request-payer', 'x-amz-server-side-encryption-bucket-key-enabled', 'x-amz-transaction-id'],
  ...['x-amz-mp-object-size', 'x-amz-api-version'],
];

/** Headers of a request that nothing here understands, so that it would be answered as if they were not there. */
export const unknownHeaders = (headers: Readonly<Record<string, string>>): readonly string[] =>
  Object.keys(headers).filter(
    (name) =>
      name.startsWith('x-amz-') &&
      !name.startsWith('x-amz-meta-') &&
      !Object.hasOwn(inputHeaders, name) &&
      !silentHeaders.includes(name),
  );

/** The input members that stand in headers. */
export function membersOfHeaders(headers: Readonly<Record<string, string>>): Record<string, unknown> {
  const told = Object.entries(inputHeaders).flatMap(([name, member]) => {
    const value = headers[name];
    return value === undefined ? [] : [[member, value] as const];
  });
  const metadata = Object.entries(headers).flatMap(([name, value]) =>
    name.startsWith('x-amz-meta-') ? [[name.slice('x-amz-meta-'.length), value] as const] : [],
  );
  // Clients name the algorithm of an upload's checksum in either header.
  const algorithm = headers['x-amz-checksum-algorithm'];
  return {
    ...Object.fromEntries(told),
    Metadata: Object.fromEntries(metadata),
    ...(algorithm === undefined ? {} : { ChecksumAlgorithm: algorithm.toUpperCase() }),
  };
}

/** Output members that are always headers, also beside a document. */
const besideDocument: Readonly<Record<string, string>> = {
  CopySourceVersionId: 'x-amz-copy-source-version-id',
  SSEKMSKeyId: 'x-amz-server-side-encryption-aws-kms-key-id',
  ServerSideEncryption: 'x-amz-server-side-encryption',
  VersionId: 'x-amz-version-id',
};

/** Output members that are headers where there is no document. */
const outputHeaders: Readonly<Record<string, string>> = {
  ...besideDocument,
  AcceptRanges: 'accept-ranges',
  AccessPointAlias: 'x-amz-access-point-alias',
  Allow: 'allow',
  BucketRegion: 'x-amz-bucket-region',
  CacheControl: 'cache-control',
  ChecksumCRC32: 'x-amz-checksum-crc32',
  ChecksumCRC32C: 'x-amz-checksum-crc32c',
  ChecksumCRC64NVME: 'x-amz-checksum-crc64nvme',
  ChecksumSHA1: 'x-amz-checksum-sha1',
  ChecksumSHA256: 'x-amz-checksum-sha256',
  ChecksumType: 'x-amz-checksum-type',
  ContentDisposition: 'content-disposition',
  ContentEncoding: 'content-encoding',
  ContentLanguage: 'content-language',
  ContentRange: 'content-range',
  ContentType: 'content-type',
  DeleteMarker: 'x-amz-delete-marker',
  ETag: 'etag',
  Expires: 'expires',
  LastModified: 'last-modified',
  Location: 'location',
  ObjectLockLegalHoldStatus: 'x-amz-object-lock-legal-hold',
  ObjectLockMode: 'x-amz-object-lock-mode',
  ObjectLockRetainUntilDate: 'x-amz-object-lock-retain-until-date',
  PartsCount: 'x-amz-mp-parts-count',
  StorageClass: 'x-amz-storage-class',
  TagCount: 'x-amz-tagging-count',
  WebsiteRedirectLocation: 'x-amz-website-redirect-location',
};

/** By operation: members of an answer with a document that are headers only there. */
const ownHeaders: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  CreateMultipartUpload: {
    ChecksumAlgorithm: 'x-amz-checksum-algorithm',
    ChecksumType: 'x-amz-checksum-type',
  },
  GetObjectAttributes: { LastModified: 'last-modified' },
};

/** The output members that are headers, and those that are not. */
export function headersOfOutput(
  output: Readonly<Record<string, unknown>>,
  operation?: string,
): { readonly headers: Record<string, string>; readonly others: Record<string, unknown> } {
  const table = operation === undefined ? outputHeaders : { ...besideDocument, ...ownHeaders[operation] };
  const headers: Record<string, string> = {};
  const others: Record<string, unknown> = {};
  for (const [member, value] of Object.entries(output)) {
    const name = Object.hasOwn(table, member) ? table[member] : undefined;
    if (value === undefined) continue;
    if (name === undefined) others[member] = value;
    else headers[name] = value instanceof Date ? value.toUTCString() : textOf(value);
  }
  return { headers, others };
}
