import { headerMember, invalidRequest } from '../services/s3/refusals.ts';
import type { AwsError } from '../world/failure.ts';
import { queryCode } from './query.ts';
import type { WireRequest, WireResponse } from './request.ts';
import { addressOf } from './s3/address.ts';
import { headersOfOutput, membersOfHeaders } from './s3/headers.ts';
import type { Route } from './s3/routes.ts';
import { escaped, readXml, textOf, writeXml } from './s3/xml.ts';
import type { Signed } from './sigv4.ts';

/** S3 speaks a protocol of its own: REST with XML. */
export const isS3 = (signed: Signed): boolean => signed.service === 's3';

/** Reads an S3 request, path-style or with the bucket in the host name. Throws NotImplemented with what is not understood. */
export function readS3(request: WireRequest, _signed: Signed, requestId: string) {
  const { bucket, key, route, query, headers } = addressOf(request);
  checkDigest(route, headers);
  const asked = Object.entries(route.query ?? {}).flatMap(([name, member]) => {
    const value = query.get(name);
    return value === null ? [] : [[member, value] as const];
  });
  const input = {
    ...membersOfHeaders(headers),
    ...Object.fromEntries(asked),
    ...bodyOf(route, request.body),
    ...(bucket === '' ? {} : { Bucket: bucket }),
    ...(key === '' ? {} : { Key: key }),
  };
  return { operation: route.operation, input, write: (output: unknown) => write(route, output, requestId) };
}

function bodyOf({ body: kind }: Route, body: Buffer): Record<string, unknown> {
  if (kind === undefined) return {};
  if ('bytes' in kind) return { [kind.bytes]: body };
  const text = body.toString('utf8');
  if ('text' in kind) return { [kind.text]: text };
  return body.length === 0 && kind.optional ? {} : { [kind.xml]: readXml(text, kind.xml) };
}

/** What deletes many or locks must have come as it was sent. */
function checkDigest({ operation }: Route, headers: Readonly<Record<string, string>>): void {
  const digested = Object.keys(headers).some(
    (name) => name === 'content-md5' || /^x-amz-checksum-(crc|sha)/.test(name),
  );
  if (digested) return;
  if (operation === 'DeleteObjects') throw invalidRequest('Missing required header for this request: Content-MD5');
  if (operation === 'PutObject' && Object.keys(headers).some((name) => name.startsWith('x-amz-object-lock-')))
    throw invalidRequest(
      'Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters',
    );
}

function write(route: Route, output: unknown, requestId: string): WireResponse {
  const members = (output ?? {}) as Record<string, unknown>;
  const id = { 'x-amz-request-id': requestId, 'x-amz-id-2': requestId };
  const { operation, root, answers } = route;
  if (root !== undefined) {
    const { headers, others } = headersOfOutput(members, operation);
    return {
      status: 200,
      headers: { ...id, ...headers, 'content-type': 'application/xml' },
      body: document(root, others),
    };
  }
  const { headers, others } = headersOfOutput(members);
  const metadata = Object.entries((members['Metadata'] ?? {}) as Record<string, string>);
  const all = {
    ...id,
    ...headers,
    ...Object.fromEntries(metadata.map(([name, value]) => [`x-amz-meta-${name}`, value])),
  };
  if (operation === 'HeadObject') {
    const length = String(members['ContentLength']);
    return { status: statusOf(route, members), headers: { ...all, 'x-length': length }, body: '' };
  }
  const body = answers === undefined ? '' : (others[answers] as Buffer | string | undefined);
  return { status: statusOf(route, members), headers: all, body: body ?? '' };
}

const statusOf = ({ status = 200 }: Route, { ContentRange }: Readonly<Record<string, unknown>>): number =>
  ContentRange === undefined ? status : 206;

/** An answer's members are the document's; of one that has the document as a member, those of that member. */
function document(root: string, members: Readonly<Record<string, unknown>>): string {
  if (root === 'LocationConstraint')
    return writeXml('LocationConstraint', {}).replace('></', `>${textOf(members[root] ?? '')}</`);
  return writeXml(root, (members[root] as Record<string, unknown> | undefined) ?? members);
}

/** S3's error document; HEAD answers and those without a change have none. */
export function writeS3Error(error: AwsError, request: WireRequest, requestId: string): WireResponse {
  const { code, status } = nameOf(error, request);
  const { [headerMember]: told, ...members } = error.members;
  const elements = Object.entries(members)
    .map(([name, value]) => `<${name}>${escaped(textOf(value ?? ''))}</${name}>`)
    .join('');
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${escaped(code)}</Code><Message>${escaped(error.message)}</Message>${elements}<RequestId>${requestId}</RequestId><HostId>${requestId}</HostId></Error>`;
  const { headers } = headersOfOutput((told ?? {}) as Record<string, unknown>);
  const id = { 'content-type': 'application/xml', 'x-amz-request-id': requestId, 'x-amz-id-2': requestId };
  const silent = request.method === 'HEAD' || status === 304;
  return { status, headers: { ...id, ...headers }, body: silent ? '' : body };
}

/** The codes that all services share have other names here; what does not fit an operation's input is an argument, or its document. */
function nameOf({ code, status }: AwsError, request: WireRequest): { code: string; status: number } {
  if (code === 'InternalFailure') return { code: 'InternalError', status };
  if (code === 'InvalidSignatureException') return { code: 'SignatureDoesNotMatch', status };
  if (code !== 'ValidationException') return { code: queryCode(code), status };
  return { code: request.method !== 'GET' && request.body.length > 0 ? 'MalformedXML' : 'InvalidArgument', status };
}
