import { createHash, createHmac } from 'node:crypto';

/** Who calls, as an SDK client resolves it. */
export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** A call of AWS's Query protocol. */
export interface QueryCall {
  readonly service: string;
  readonly region: string;
  /** @default - AWS's own */
  readonly endpoint?: string | undefined;
  readonly parameters: Readonly<Record<string, string>>;
}

const timeoutMilliseconds = 20_000;

/** Sends a signed call (Signature Version 4) and answers the XML, with the HTTP status. For services whose SDK client is not among the packages. */
export async function sendQuery(
  { service, region, endpoint = `https://${service}.${region}.amazonaws.com`, parameters }: QueryCall,
  keys: Keys,
): Promise<{ readonly status: number; readonly text: string }> {
  const url = new URL('/', endpoint);
  const body = new URLSearchParams(parameters).toString();
  const at = new Date().toISOString().replace(/[:-]|\.\d{3}/g, '');
  const headers: Record<string, string> = {
    'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
    host: url.host,
    'x-amz-date': at,
    ...(keys.sessionToken === undefined ? {} : { 'x-amz-security-token': keys.sessionToken }),
  };
  const authorization = authorizationOf({ at, region, service, headers, body, keys });
  const { host: _host, ...sent } = headers;
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...sent, authorization },
    body,
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMilliseconds),
  });
  return { status: response.status, text: await response.text() };
}

interface Signing {
  readonly at: string;
  readonly region: string;
  readonly service: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly keys: Keys;
}

function authorizationOf({ at, region, service, headers, body, keys }: Signing): string {
  const names = Object.keys(headers).sort();
  const signed = names.join(';');
  const lines = names.map((name) => `${name}:${headers[name]}\n`).join('');
  const request = ['POST', '/', '', lines, signed, sha256(body)].join('\n');
  const scope = [at.slice(0, 8), region, service, 'aws4_request'];
  const text = ['AWS4-HMAC-SHA256', at, scope.join('/'), sha256(request)].join('\n');
  const key = scope.reduce<string | Buffer>((from, part) => hmac(from, part), `AWS4${keys.secretAccessKey}`);
  const signature = hmac(key, text).toString('hex');
  return `AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/${scope.join('/')}, SignedHeaders=${signed}, Signature=${signature}`;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
