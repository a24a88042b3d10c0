import { AwsError } from '../../world/failure.ts';
import type { WireRequest } from '../request.ts';
import { unknownHeaders } from './headers.ts';
import { type Route, routes } from './routes.ts';

/** What a request is about and which operation it asks for. */
export interface Addressed {
  readonly bucket: string;
  readonly key: string;
  readonly route: Route;
  /** Without what belongs to the signature. */
  readonly query: URLSearchParams;
  /** With those that a presigned address carries in its query. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Finds the operation of a request. Throws InvalidURI, MethodNotAllowed and NotImplemented with all that is not understood. */
export function addressOf(request: WireRequest): Addressed {
  const { bucket, key } = placeOf(request);
  const { query, headers } = sorted(request);
  const level = bucket === '' ? 'service' : key === '' ? 'bucket' : 'object';
  const copies = headers['x-amz-copy-source'] !== undefined && request.method === 'PUT' && level === 'object';
  const [route] = routes
    .filter((each) => each.level === level && each.method === request.method && (each.copies ?? false) === copies)
    .filter(({ needs = [] }) => needs.every((need) => has(query, need)))
    .sort((a, b) => (b.needs?.length ?? 0) - (a.needs?.length ?? 0));
  const unknown = [...[...query.keys()].filter((name) => !knows(route, name)), ...unknownHeaders(headers)];
  if (route === undefined || unknown.length > 0)
    throw new AwsError(
      'NotImplemented',
      `s3 ${request.method} of a ${level}${unknown.length === 0 ? '' : ` with ${[...new Set(unknown)].join(', ')}`} is not played by the local cloud`,
      501,
    );
  return { bucket, key, route, query, headers };
}

function has(query: URLSearchParams, need: string): boolean {
  const [name = '', value] = need.split('=');
  return value === undefined ? query.has(name) : query.get(name) === value;
}

function knows(route: Route | undefined, name: string): boolean {
  const needs = (route?.needs ?? []).map((need) => need.split('=')[0]);
  return needs.includes(name) || Object.hasOwn(route?.query ?? {}, name);
}

/** A presigned address carries headers in its query; its checksums were made before there was a body. */
function sorted({ query, headers }: WireRequest): Pick<Addressed, 'query' | 'headers'> {
  const own = new URLSearchParams();
  const hoisted: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(query)) {
    const lower = name.toLowerCase();
    if (name === 'x-id' || signing.includes(lower) || lower.startsWith('x-amz-checksum-')) continue;
    if (lower.startsWith('x-amz-')) hoisted[lower] = value;
    else own.append(name, value);
  }
  return { query: own, headers: { ...hoisted, ...headers } };
}

const signing = [
  ...['x-amz-algorithm', 'x-amz-credential', 'x-amz-date', 'x-amz-expires', 'x-amz-signedheaders'],
  ...['x-amz-signature', 'x-amz-security-token', 'x-amz-content-sha256', 'x-amz-sdk-checksum-algorithm'],
];

/** Path-style, or with the bucket in the host name. */
function placeOf(request: WireRequest): { bucket: string; key: string } {
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
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.", 400, { URI: path });
  }
}
