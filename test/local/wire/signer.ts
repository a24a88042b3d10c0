import { hmac, sha256, signingKey } from '../../../local/wire/sigv4.ts';
import type { ClientSettings } from '../bare-world.ts';

/** A request to sign; what is left out is a POST of nothing to `/`. */
export interface Unsigned {
  readonly service: string;
  readonly method?: string;
  readonly path?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
  /** What the payload header says; the body's hash when left out. */
  readonly payload?: string;
  /** Milliseconds that the signer's clock is ahead of this machine's. */
  readonly ahead?: number;
  readonly sessionToken?: string;
  /** Headers that are sent and not signed. */
  readonly unsigned?: Readonly<Record<string, string>>;
  /** Headers that are not signed although they are sent. */
  readonly leaveOut?: readonly string[];
}

/** A signed request, and what the signatures of its chunks begin with. */
export interface SignedRequest {
  readonly url: string;
  readonly init: { readonly method: string; readonly headers: Record<string, string>; readonly body?: Buffer | string };
  readonly signature: string;
  readonly key: Buffer;
  readonly timestamp: string;
  readonly scope: string;
}

const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);

const queryText = (query: Readonly<Record<string, string>>): string =>
  Object.keys(query)
    .sort()
    .map((name) => `${encode(name)}=${encode(query[name] ?? '')}`)
    .join('&');

const timeOf = (ahead: number): string => new Date(Date.now() + ahead).toISOString().replace(/[-:]|\.\d+/g, '');

function scopeOf({ credentials, region }: ClientSettings, service: string, timestamp: string) {
  const date = timestamp.slice(0, 8);
  return {
    scope: `${date}/${region}/${service}/aws4_request`,
    key: signingKey(credentials.secretAccessKey, { date, region, service }),
  };
}

/** Signs in the Authorization header, written anew after the IAM guide and not taken from the code under test. */
export function signed(settings: ClientSettings, request: Unsigned): SignedRequest {
  const {
    service,
    method = 'POST',
    path = '/',
    query = {},
    body = '',
    ahead = 0,
    unsigned = {},
    leaveOut = [],
  } = request;
  const timestamp = timeOf(ahead);
  const { scope, key } = scopeOf(settings, service, timestamp);
  const payload = request.payload ?? sha256(body);
  const headers: Record<string, string> = {
    host: new URL(settings.endpoint).host,
    'x-amz-date': timestamp,
    'x-amz-content-sha256': payload,
    ...(request.sessionToken === undefined ? {} : { 'x-amz-security-token': request.sessionToken }),
    ...request.headers,
  };
  const names = Object.keys(headers)
    .filter((name) => !leaveOut.includes(name))
    .sort();
  const canonicalPath = service === 's3' ? path : path.split('/').map(encode).join('/');
  const canonical = [
    method,
    canonicalPath,
    queryText(query),
    ...names.map((name) => `${name}:${headers[name]}`),
    '',
    names.join(';'),
    payload,
  ].join('\n');
  const signature = hmac(key, ['AWS4-HMAC-SHA256', timestamp, scope, sha256(canonical)].join('\n')).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${settings.credentials.accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  const search = queryText(query);
  return {
    url: `${settings.endpoint}${path}${search === '' ? '' : `?${search}`}`,
    init: { method, headers: { ...headers, ...unsigned, authorization }, ...(method === 'GET' ? {} : { body }) },
    signature,
    key,
    timestamp,
    scope,
  };
}

/** Signs in the query, as presigned addresses do; only `host` is signed. */
export function presigned(
  settings: ClientSettings,
  request: Pick<Unsigned, 'service' | 'method' | 'path' | 'query' | 'ahead'> & { readonly expires?: string },
): string {
  const { service, method = 'GET', path = '/', ahead = 0, expires = '900' } = request;
  const timestamp = timeOf(ahead);
  const { scope, key } = scopeOf(settings, service, timestamp);
  const query = {
    ...request.query,
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${settings.credentials.accessKeyId}/${scope}`,
    'X-Amz-Date': timestamp,
    'X-Amz-Expires': expires,
    'X-Amz-SignedHeaders': 'host',
  };
  const host = new URL(settings.endpoint).host;
  const payload = service === 's3' ? 'UNSIGNED-PAYLOAD' : sha256('');
  const canonical = [method, path, queryText(query), `host:${host}`, '', 'host', payload].join('\n');
  const signature = hmac(key, ['AWS4-HMAC-SHA256', timestamp, scope, sha256(canonical)].join('\n')).toString('hex');
  return `${settings.endpoint}${path}?${queryText(query)}&X-Amz-Signature=${signature}`;
}

/** A body of signed chunks, and of one signed trailer line if there is one. */
export function signedChunks(
  { signature, key, timestamp, scope }: SignedRequest,
  chunks: readonly string[],
  trailer?: string,
): string {
  let previous = signature;
  const sign = (algorithm: string, ...parts: readonly string[]): string => {
    previous = hmac(key, [algorithm, timestamp, scope, previous, ...parts].join('\n')).toString('hex');
    return previous;
  };
  const body = [...chunks, '']
    .map((chunk) => {
      const own = sign('AWS4-HMAC-SHA256-PAYLOAD', sha256(''), sha256(chunk));
      return `${Buffer.byteLength(chunk).toString(16)};chunk-signature=${own}\r\n${chunk === '' ? '' : `${chunk}\r\n`}`;
    })
    .join('');
  if (trailer === undefined) return `${body}\r\n`;
  return `${body}${trailer}\r\nx-amz-trailer-signature:${sign('AWS4-HMAC-SHA256-TRAILER', sha256(`${trailer}\n`))}\r\n\r\n`;
}

/** Code and message of an answer in XML or JSON. */
export async function refusal(answer: Response): Promise<{ status: number; code: string; message: string }> {
  const text = await answer.text();
  const xml = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1];
  const json = text.startsWith('{') ? (JSON.parse(text) as { __type?: string; message?: string }) : {};
  return {
    status: answer.status,
    code: xml('Code') ?? json.__type ?? '',
    message: xml('Message') ?? json.message ?? '',
  };
}
