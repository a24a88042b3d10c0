/** How an operation of S3 is addressed, and how it answers. */
export interface Route {
  readonly operation: string;
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE' | 'HEAD';
  readonly level: 'service' | 'bucket' | 'object';
  /** Query parameters that must be there, with a value where one is written (`list-type=2`). */
  readonly needs?: readonly string[];
  /** True for what is copied from elsewhere, which a header says. */
  readonly copies?: boolean;
  /** Query parameter to input member; what is needed may stand here as well. */
  readonly query?: Readonly<Record<string, string>>;
  /** What the body is: bytes, the text of a member, or an XML document by its root element, which is the member. */
  readonly body?:
    | { readonly bytes: string }
    | { readonly text: string }
    | { readonly xml: string; readonly optional?: boolean };
  /** The root element of the answer's document. */
  readonly root?: string;
  /** The output member that is the answer's text. */
  readonly answers?: string;
  /** 200 when left out. */
  readonly status?: number;
}

const list = { prefix: 'Prefix', delimiter: 'Delimiter', 'encoding-type': 'EncodingType' };
const version = { versionId: 'VersionId' };
const read = {
  ...version,
  partNumber: 'PartNumber',
  'response-cache-control': 'ResponseCacheControl',
  'response-content-disposition': 'ResponseContentDisposition',
  'response-content-encoding': 'ResponseContentEncoding',
  'response-content-language': 'ResponseContentLanguage',
  'response-content-type': 'ResponseContentType',
  'response-expires': 'ResponseExpires',
};
const part = { uploadId: 'UploadId', partNumber: 'PartNumber' };

const serviceRoutes: readonly Route[] = [
  {
    ...{ operation: 'ListBuckets', method: 'GET', level: 'service', root: 'ListAllMyBucketsResult' },
    query: {
      ...{ prefix: 'Prefix', 'max-buckets': 'MaxBuckets', 'continuation-token': 'ContinuationToken' },
      'bucket-region': 'BucketRegion',
    },
  },
];

const bucketRoutes: readonly Route[] = [
  {
    ...{ operation: 'CreateBucket', method: 'PUT', level: 'bucket' },
    body: { xml: 'CreateBucketConfiguration', optional: true },
  },
  { operation: 'DeleteBucket', method: 'DELETE', level: 'bucket', status: 204 },
  { operation: 'HeadBucket', method: 'HEAD', level: 'bucket' },
  {
    ...{ operation: 'ListObjects', method: 'GET', level: 'bucket', root: 'ListBucketResult' },
    query: { ...list, 'max-keys': 'MaxKeys', marker: 'Marker' },
  },
  {
    ...{ operation: 'ListObjectsV2', method: 'GET', level: 'bucket', needs: ['list-type=2'], root: 'ListBucketResult' },
    query: {
      ...{ ...list, 'max-keys': 'MaxKeys', 'continuation-token': 'ContinuationToken' },
      ...{ 'start-after': 'StartAfter', 'fetch-owner': 'FetchOwner' },
    },
  },
  {
    ...{ operation: 'ListObjectVersions', method: 'GET', level: 'bucket', needs: ['versions'] },
    root: 'ListVersionsResult',
    query: { ...list, 'max-keys': 'MaxKeys', 'key-marker': 'KeyMarker', 'version-id-marker': 'VersionIdMarker' },
  },
  {
    ...{ operation: 'ListMultipartUploads', method: 'GET', level: 'bucket', needs: ['uploads'] },
    root: 'ListMultipartUploadsResult',
    query: { ...list, 'max-uploads': 'MaxUploads', 'key-marker': 'KeyMarker', 'upload-id-marker': 'UploadIdMarker' },
  },
  {
    ...{ operation: 'DeleteObjects', method: 'POST', level: 'bucket', needs: ['delete'], root: 'DeleteResult' },
    body: { xml: 'Delete' },
  },
  {
    ...{ operation: 'GetBucketPolicy', method: 'GET', level: 'bucket', needs: ['policy'], answers: 'Policy' },
  },
  {
    ...{ operation: 'PutBucketPolicy', method: 'PUT', level: 'bucket', needs: ['policy'], status: 204 },
    body: { text: 'Policy' },
  },
  { operation: 'DeleteBucketPolicy', method: 'DELETE', level: 'bucket', needs: ['policy'], status: 204 },
  { operation: 'GetBucketLocation', method: 'GET', level: 'bucket', needs: ['location'], root: 'LocationConstraint' },
  { operation: 'GetBucketAcl', method: 'GET', level: 'bucket', needs: ['acl'], root: 'AccessControlPolicy' },
  ...documents('versioning', 'BucketVersioning', 'VersioningConfiguration', { deletes: false }),
  ...documents('encryption', 'BucketEncryption', 'ServerSideEncryptionConfiguration'),
  ...documents('object-lock', 'ObjectLockConfiguration', 'ObjectLockConfiguration', { deletes: false }),
  ...documents('tagging', 'BucketTagging', 'Tagging', { putStatus: 204 }),
  ...documents('cors', 'BucketCors', 'CORSConfiguration'),
  ...documents('lifecycle', 'BucketLifecycleConfiguration', 'LifecycleConfiguration', { deletion: 'BucketLifecycle' }),
  ...documents('website', 'BucketWebsite', 'WebsiteConfiguration'),
  ...documents('publicAccessBlock', 'PublicAccessBlock', 'PublicAccessBlockConfiguration'),
  ...documents('ownershipControls', 'BucketOwnershipControls', 'OwnershipControls'),
  ...documents('logging', 'BucketLogging', 'BucketLoggingStatus', { deletes: false }),
];

const objectRoutes: readonly Route[] = [
  { operation: 'PutObject', method: 'PUT', level: 'object', body: { bytes: 'Body' } },
  { operation: 'CopyObject', method: 'PUT', level: 'object', copies: true, root: 'CopyObjectResult' },
  { operation: 'GetObject', method: 'GET', level: 'object', query: read, answers: 'Body' },
  { operation: 'HeadObject', method: 'HEAD', level: 'object', query: read },
  { operation: 'DeleteObject', method: 'DELETE', level: 'object', query: version, status: 204 },
  {
    ...{ operation: 'GetObjectAttributes', method: 'GET', level: 'object', needs: ['attributes'], query: version },
    root: 'GetObjectAttributesResponse',
  },
  {
    operation: 'GetObjectAcl',
    method: 'GET',
    level: 'object',
    needs: ['acl'],
    query: version,
    root: 'AccessControlPolicy',
  },
  ...documents('tagging', 'ObjectTagging', 'Tagging', { level: 'object' }),
  ...documents('retention', 'ObjectRetention', 'Retention', { level: 'object', deletes: false }),
  ...documents('legal-hold', 'ObjectLegalHold', 'LegalHold', { level: 'object', deletes: false }),
  {
    ...{ operation: 'CreateMultipartUpload', method: 'POST', level: 'object', needs: ['uploads'] },
    root: 'InitiateMultipartUploadResult',
  },
  {
    ...{ operation: 'UploadPart', method: 'PUT', level: 'object', needs: ['uploadId', 'partNumber'], query: part },
    body: { bytes: 'Body' },
  },
  {
    ...{ operation: 'UploadPartCopy', method: 'PUT', level: 'object', needs: ['uploadId', 'partNumber'], query: part },
    ...{ copies: true, root: 'CopyPartResult' },
  },
  {
    ...{ operation: 'CompleteMultipartUpload', method: 'POST', level: 'object', needs: ['uploadId'], query: part },
    ...{ body: { xml: 'CompleteMultipartUpload' }, root: 'CompleteMultipartUploadResult' },
  },
  {
    ...{ operation: 'AbortMultipartUpload', method: 'DELETE', level: 'object', needs: ['uploadId'], query: part },
    status: 204,
  },
  {
    ...{ operation: 'ListParts', method: 'GET', level: 'object', needs: ['uploadId'], root: 'ListPartsResult' },
    query: { uploadId: 'UploadId', 'max-parts': 'MaxParts', 'part-number-marker': 'PartNumberMarker' },
  },
];

/** Every operation that is played. */
export const routes: readonly Route[] = [...serviceRoutes, ...bucketRoutes, ...objectRoutes];

/** A document that is read, replaced and, mostly, deleted at its sub-resource. */
function documents(
  needed: string,
  name: string,
  root: string,
  settings: { level?: 'object'; deletes?: false; deletion?: string; putStatus?: number } = {},
): Route[] {
  const { level = 'bucket' as const, deletes = true, deletion = name, putStatus } = settings;
  const at = { level, needs: [needed] as readonly string[], ...(level === 'object' ? { query: version } : {}) };
  return [
    { ...at, operation: `Get${name}`, method: 'GET', root },
    {
      ...at,
      operation: `Put${name}`,
      method: 'PUT',
      body: { xml: root },
      ...(putStatus === undefined ? {} : { status: putStatus }),
    },
    ...(deletes ? [{ ...at, operation: `Delete${deletion}`, method: 'DELETE' as const, status: 204 }] : []),
  ];
}
