import { AwsError } from '../world/failure.ts';
import { decodeBody } from './aws-chunked.ts';
import { queryCode, xmlText } from './query.ts';
import type { WireRequest, WireResponse } from './request.ts';
import type { Signed } from './sigv4.ts';

const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** S3 speaks a protocol of its own: REST with XML. */
export const isS3 = (signed: Signed): boolean => signed.service === 's3';

/** Reads an S3 request, path-style or with the bucket in the host name. Throws NotImplemented with the request's shape. */
export function readS3(request: WireRequest, _signed: Signed, requestId: string) {
  const { bucket, key } = addressOf(request);
  const query = new URLSearchParams(request.query);
  const operation = operationOf(request.method, bucket, key, query);
  refuseUnplayed(operation, request, query);
  const input = {
    ...inputOf(request, query),
    ...(bucket === '' ? {} : { Bucket: bucket }),
    ...(key === '' ? {} : { Key: key }),
  };
  return { operation, input, write: (output: unknown) => writeS3(operation, output, requestId) };
}

function addressOf(request: WireRequest): { bucket: string; key: string } {
  const path = decoded(request.path).slice(1);
  const [, virtual] = /^(.+)\.(?:s3[^/]*|127\.0\.0\.1|localhost)(?::\d+)?$/.exec(request.headers['host'] ?? '') ?? [];
  if (virtual !== undefined) return { bucket: virtual, key: path };
  const slash = path.indexOf('/');
  return slash < 0 ? { bucket: path, key: '' } : { bucket: path.slice(0, slash), key: path.slice(slash + 1) };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.", 400);
  }
}

/** What each operation takes beside `x-id` and the members of a presigned address. */
const parameters: Readonly<Record<string, readonly string[]>> = {
  ListObjectsV2: [
    ...['list-type', 'prefix', 'delimiter', 'max-keys', 'continuation-token', 'start-after'],
    ...['encoding-type', 'fetch-owner'],
  ],
  GetObject: ['versionId'],
  HeadObject: ['versionId'],
  DeleteObject: ['versionId'],
  GetBucketEncryption: ['encryption'],
  GetBucketLocation: ['location'],
  GetBucketVersioning: ['versioning'],
};

/** Headers that make another operation, or another answer, of one that is played. */
const unplayedHeaders = [
  ...['x-amz-copy-source', 'range', 'if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since'],
  ...[
    'x-amz-object-lock-mode',
    'x-amz-object-lock-legal-hold',
    'x-amz-tagging',
    'x-amz-acl',
    'x-amz-website-redirect-location',
  ],
  ...['x-amz-server-side-encryption-customer-algorithm', 'x-amz-mfa', 'x-amz-write-offset-bytes'],
];

/** What would be another operation is refused by its name, and never taken for the one it looks like. */
function refuseUnplayed(operation: string, request: WireRequest, query: URLSearchParams): void {
  const known = parameters[operation] ?? [];
  const unknown = [
    ...[...query.keys()].filter((key) => !known.includes(key) && key !== 'x-id' && !/^x-amz-/i.test(key)),
    ...unplayedHeaders.filter((name) => request.headers[name] !== undefined),
  ];
  if (operation === 'ListObjectsV2' && query.get('list-type') !== '2') unknown.push('list-type 1 (ListObjects)');
  if (unknown.length > 0)
    throw new AwsError(
      'NotImplemented',
      `s3 ${request.method} with ${unknown.join(', ')} is not played by the local cloud`,
      501,
    );
}

function operationOf(method: string, bucket: string, key: string, query: URLSearchParams): string {
  const subresource = [
    'encryption',
    'location',
    'versioning',
    'policy',
    'versions',
    'uploads',
    'uploadId',
    'acl',
    'tagging',
    'delete',
  ].find((name) => query.has(name));
  const shape = `${method} ${bucket === '' ? '/' : key === '' ? '/bucket' : '/bucket/key'}${subresource === undefined ? '' : `?${subresource}`}`;
  const found = {
    'GET /': 'ListBuckets',
    'HEAD /bucket': 'HeadBucket',
    'GET /bucket': 'ListObjectsV2',
    'GET /bucket?encryption': 'GetBucketEncryption',
    'GET /bucket?location': 'GetBucketLocation',
    'GET /bucket?versioning': 'GetBucketVersioning',
    'GET /bucket/key': 'GetObject',
    'HEAD /bucket/key': 'HeadObject',
    'PUT /bucket/key': 'PutObject',
    'DELETE /bucket/key': 'DeleteObject',
  }[shape];
  if (found === undefined) throw new AwsError('NotImplemented', `s3 ${shape} is not played by the local cloud`, 501);
  return found;
}

function inputOf(request: WireRequest, query: URLSearchParams): Record<string, unknown> {
  const header = (name: string) => request.headers[name];
  const members: Record<string, unknown> = {
    VersionId: query.get('versionId') ?? undefined,
    Prefix: query.get('prefix') ?? undefined,
    Delimiter: query.get('delimiter') ?? undefined,
    MaxKeys: query.get('max-keys') ?? undefined,
    ContinuationToken: query.get('continuation-token') ?? undefined,
    StartAfter: query.get('start-after') ?? undefined,
    ContentType: header('content-type'),
    ServerSideEncryption: header('x-amz-server-side-encryption'),
    SSEKMSKeyId: header('x-amz-server-side-encryption-aws-kms-key-id'),
    Metadata: Object.fromEntries(
      Object.entries(request.headers).flatMap(([name, value]) =>
        name.startsWith('x-amz-meta-') ? [[name.slice(11), value]] : [],
      ),
    ),
    ...(request.method === 'PUT' ? { Body: decodeBody(request) } : {}),
  };
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

const headerOf: Readonly<Record<string, string>> = {
  ContentType: 'content-type',
  ETag: 'etag',
  VersionId: 'x-amz-version-id',
  ServerSideEncryption: 'x-amz-server-side-encryption',
  SSEKMSKeyId: 'x-amz-server-side-encryption-aws-kms-key-id',
  DeleteMarker: 'x-amz-delete-marker',
  BucketRegion: 'x-amz-bucket-region',
};

function writeS3(operation: string, output: unknown, requestId: string): WireResponse {
  const members = (output ?? {}) as Record<string, unknown>;
  const headers: Record<string, string> = { 'x-amz-request-id': requestId };
  if (operation.startsWith('List') || operation.startsWith('GetBucket'))
    return {
      status: 200,
      headers: { ...headers, 'content-type': 'application/xml' },
      body: listing(operation, members),
    };
  for (const [member, header] of Object.entries(headerOf))
    if (members[member] !== undefined) headers[header] = headerText(members[member]);
  if (members['LastModified'] instanceof Date) headers['last-modified'] = members['LastModified'].toUTCString();
  for (const [name, value] of Object.entries((members['Metadata'] ?? {}) as Record<string, string>))
    headers[`x-amz-meta-${name}`] = value;
  if (operation === 'HeadObject')
    return { status: 200, headers: { ...headers, 'x-length': String(members['ContentLength']) }, body: '' };
  return {
    status: operation === 'DeleteObject' ? 204 : 200,
    headers,
    body: (members['Body'] as Buffer | undefined) ?? '',
  };
}

/** Header values are texts, numbers and booleans. */
const headerText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function listing(operation: string, members: Record<string, unknown>): string {
  const root = {
    ListBuckets: 'ListAllMyBucketsResult',
    ListObjectsV2: 'ListBucketResult',
    GetBucketEncryption: 'ServerSideEncryptionConfiguration',
    GetBucketVersioning: 'VersioningConfiguration',
  }[operation];
  if (operation === 'GetBucketLocation')
    return `<LocationConstraint xmlns="${namespace}">${xmlText(String(members['LocationConstraint']))}</LocationConstraint>`;
  return `<?xml version="1.0" encoding="UTF-8"?><${root} xmlns="${namespace}">${elements(members)}</${root}>`;
}

/** Lists repeat their element; only the list of buckets has one around it. */
function elements(members: Record<string, unknown>): string {
  return Object.entries(members)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => {
      if (Array.isArray(value)) {
        const items = value
          .map(
            (item) =>
              `<${name === 'Buckets' ? 'Bucket' : name}>${elements(item as Record<string, unknown>)}</${name === 'Buckets' ? 'Bucket' : name}>`,
          )
          .join('');
        return name === 'Buckets' ? `<Buckets>${items}</Buckets>` : items;
      }
      if (value instanceof Date) return `<${name}>${value.toISOString()}</${name}>`;
      if (typeof value === 'object' && value !== null)
        return `<${name}>${elements(value as Record<string, unknown>)}</${name}>`;
      return `<${name}>${xmlText(String(value))}</${name}>`;
    })
    .join('');
}

/** S3's error document; HEAD answers have none. */
export function writeS3Error(error: AwsError, request: WireRequest, requestId: string): WireResponse {
  const code = queryCode(error.code);
  const members = Object.entries(error.members)
    .map(([name, value]) => `<${name}>${xmlText(String(value))}</${name}>`)
    .join('');
  const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${xmlText(code)}</Code><Message>${xmlText(error.message)}</Message>${members}<RequestId>${requestId}</RequestId></Error>`;
  const headers = { 'content-type': 'application/xml', 'x-amz-request-id': requestId };
  return { status: error.status, headers, body: request.method === 'HEAD' ? '' : body };
}
