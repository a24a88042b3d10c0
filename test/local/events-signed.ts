import { hmac, sha256, signingKey } from '../../local/wire/sigv4.ts';
import type { ClientSettings } from './bare-world.ts';

/** Posts a body with a SigV4 signature, for protocols that the pinned SDK does not speak; the world may be ahead of the machine's time. */
export async function signedPost(
  url: string,
  service: string,
  { credentials, region }: ClientSettings,
  headers: Readonly<Record<string, string>>,
  body: string | Buffer,
  aheadMilliseconds = 0,
): Promise<Response> {
  const { host, pathname } = new URL(url);
  const timestamp = new Date(Date.now() + aheadMilliseconds).toISOString().replace(/[-:]|\.\d+/g, '');
  const date = timestamp.slice(0, 8);
  const signed: Record<string, string> = { ...headers, host, 'x-amz-date': timestamp };
  const names = Object.keys(signed).sort();
  const canonical = [
    'POST',
    pathname,
    '',
    ...names.map((name) => `${name}:${signed[name]}`),
    '',
    names.join(';'),
    sha256(body),
  ].join('\n');
  const scope = `${date}/${region}/${service}/aws4_request`;
  const key = signingKey(credentials.secretAccessKey, { date, region, service });
  const signature = hmac(key, ['AWS4-HMAC-SHA256', timestamp, scope, sha256(canonical)].join('\n')).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  return fetch(url, { method: 'POST', headers: { ...signed, authorization }, body });
}
