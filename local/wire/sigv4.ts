import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { type Credentials, credentials } from '../world/credentials.ts';
import { AwsError } from '../world/failure.ts';
import type { World } from '../world/world.ts';
import type { WireRequest } from './request.ts';

/** A verified signature: whose it is, and for which region and service. */
export interface Signed {
  readonly credentials: Credentials;
  readonly region: string;
  /** The signing name: `events`. */
  readonly service: string;
  /** For aws-chunked bodies, whose chunks are signed one after the other. */
  readonly signature: string;
  readonly signingKey: Buffer;
  readonly scope: string;
  readonly timestamp: string;
}

/** What a request claims, before it is verified. */
interface Claim {
  readonly accessKeyId: string;
  readonly scope: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** `YYYYMMDDTHHMMSSZ`. */
  readonly timestamp: string;
  readonly presigned: boolean;
  readonly sessionToken?: string;
  /** Only presigned requests say how long they hold. */
  readonly expiresSeconds?: number;
}

const algorithm = 'AWS4-HMAC-SHA256';
const tolerableSkewMilliseconds = 15 * 60 * 1000;

/**
 * Verifies a SigV4 signature, from the Authorization header or a presigned query, as AWS does: known key, right secret, valid
 * token, clock within 15 minutes (a presigned request within its own time). Throws AWS's error for each.
 * Source: the SigV4 pages of the IAM guide.
 */
export function verifySignature(world: World, request: WireRequest): Signed {
  const claim = readClaim(request);
  const known = world.store.in(credentials).get(claim.accessKeyId);
  if (known === undefined) throw invalidToken(claim);
  checkSignedHeaders(request, claim);
  checkToken(known, claim, world);
  checkTime(claim, world);
  const key = signingKey(known.secretAccessKey, claim);
  const text = [algorithm, claim.timestamp, claim.scope, sha256(canonicalRequest(request, claim))].join('\n');
  if (!sameText(hmac(key, text).toString('hex'), claim.signature)) throw wrongSignature(claim);
  checkPayload(request, claim);
  return {
    credentials: known,
    region: claim.region,
    service: claim.service,
    signature: claim.signature,
    signingKey: key,
    scope: claim.scope,
    timestamp: claim.timestamp,
  };
}

function readClaim(request: WireRequest): Claim {
  const query = new URLSearchParams(request.query);
  const authorization = request.headers['authorization'];
  if (authorization?.startsWith(algorithm)) return headerClaim(authorization, request);
  if (query.get('X-Amz-Algorithm') === algorithm) return queryClaim(query);
  // Version 2 of signatures, which old clients still make for addresses that are signed in advance.
  if (query.has('AWSAccessKeyId') || authorization?.startsWith('AWS '))
    throw new AwsError(
      'InvalidRequest',
      'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
    );
  throw new AwsError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403);
}

function headerClaim(authorization: string, request: WireRequest): Claim {
  const part = (name: string) => new RegExp(`[ ,]${name}=([^, ]+)`).exec(authorization)?.[1] ?? '';
  const timestamp = request.headers['x-amz-date'] ?? '';
  const token = request.headers['x-amz-security-token'];
  return claimOf(part('Credential'), part('SignedHeaders'), part('Signature'), timestamp, {
    presigned: false,
    ...(token === undefined ? {} : { sessionToken: token }),
  });
}

function queryClaim(query: URLSearchParams): Claim {
  const part = (name: string) => query.get(`X-Amz-${name}`) ?? '';
  const token = query.get('X-Amz-Security-Token');
  return claimOf(part('Credential'), part('SignedHeaders'), part('Signature'), part('Date'), {
    presigned: true,
    expiresSeconds: expiresOf(part('Expires')),
    ...(token === null ? {} : { sessionToken: token }),
  });
}

/** AWS holds a presigned request for a week at most. */
function expiresOf(text: string): number {
  if (!/^\d{1,9}$/.test(text))
    throw new AwsError('AuthorizationQueryParametersError', 'X-Amz-Expires should be a number');
  if (Number(text) > 604_800)
    throw new AwsError(
      'AuthorizationQueryParametersError',
      'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds',
    );
  return Number(text);
}

function claimOf(
  credential: string,
  signedHeaders: string,
  signature: string,
  timestamp: string,
  rest: Pick<Claim, 'presigned' | 'sessionToken' | 'expiresSeconds'>,
): Claim {
  const [accessKeyId = '', date = '', region = '', service = '', end] = credential.split('/');
  if (end !== 'aws4_request' || !/^\d{8}T\d{6}Z$/.test(timestamp) || !timestamp.startsWith(date)) {
    throw new AwsError('IncompleteSignature', 'The request signature does not conform to AWS standards', 400);
  }
  const scope = `${date}/${region}/${service}/aws4_request`;
  return {
    accessKeyId,
    scope,
    date,
    region,
    service,
    signedHeaders: signedHeaders.split(';'),
    signature,
    timestamp,
    ...rest,
  };
}

/** Long-term keys have no token, and one that comes with them is as wrong as another session's. */
function checkToken(known: Credentials, claim: Claim, world: World): void {
  const isS3 = claim.service === 's3';
  if (!sameText(claim.sessionToken ?? '', known.sessionToken ?? '')) {
    if (isS3 && claim.sessionToken !== undefined)
      throw new AwsError('InvalidToken', 'The provided token is malformed or otherwise invalid.', 400);
    throw invalidToken(claim);
  }
  if (known.expiresAt !== undefined && known.expiresAt < world.clock.now()) {
    throw isS3
      ? new AwsError('ExpiredToken', 'The provided token has expired.', 400)
      : new AwsError('ExpiredTokenException', 'The security token included in the request is expired', 403);
  }
}

const invalidToken = (claim: Claim) =>
  claim.service === 's3'
    ? new AwsError('InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.', 403)
    : new AwsError('UnrecognizedClientException', 'The security token included in the request is invalid.', 403);

const wrongSignature = (claim: Claim) =>
  new AwsError(
    'InvalidSignatureException',
    claim.service === 's3'
      ? 'The request signature we calculated does not match the signature you provided. Check your key and signing method.'
      : 'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
    403,
  );

/** `host` is always signed, and for S3 whatever else would change what the request means. */
function checkSignedHeaders(request: WireRequest, claim: Claim): void {
  if (!claim.signedHeaders.includes('host')) {
    const text = "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.";
    throw new AwsError('InvalidSignatureException', text, 403);
  }
  const unsigned = Object.keys(request.headers).filter(
    (name) => name.startsWith('x-amz-') && !claim.signedHeaders.includes(name),
  );
  if (claim.service === 's3' && unsigned.length > 0)
    throw new AwsError('AccessDenied', 'There were headers present in the request which were not signed', 403, {
      HeadersNotSigned: unsigned.join(', '),
    });
}

function checkTime(claim: Claim, world: World): void {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(claim.timestamp) ?? [];
  const at = Date.UTC(Number(y), Number(mo) - 1, Number(d), Number(h), Number(mi), Number(s));
  const now = world.clock.now();
  const lasts = claim.presigned ? (claim.expiresSeconds ?? 0) * 1000 : tolerableSkewMilliseconds;
  if (now - at > lasts) throw expired(claim, now, lasts);
  if (at - now > tolerableSkewMilliseconds) throw notYetCurrent(claim, now);
}

function expired(claim: Claim, now: number, lasts: number): AwsError {
  if (claim.service !== 's3')
    return new AwsError(
      'InvalidSignatureException',
      `Signature expired: ${claim.timestamp} is now earlier than ${shortTime(now - lasts)} (${shortTime(now)} - ${lasts / 60_000} min.)`,
      403,
    );
  return claim.presigned ? new AwsError('AccessDenied', 'Request has expired', 403) : tooSkewed(claim, now);
}

function notYetCurrent(claim: Claim, now: number): AwsError {
  if (claim.service !== 's3')
    return new AwsError(
      'InvalidSignatureException',
      `Signature not yet current: ${claim.timestamp} is still later than ${shortTime(now + tolerableSkewMilliseconds)} (${shortTime(now)} + 15 min.)`,
      403,
    );
  return claim.presigned ? new AwsError('AccessDenied', 'Request is not yet valid', 403) : tooSkewed(claim, now);
}

const tooSkewed = (claim: Claim, now: number) =>
  new AwsError(
    'RequestTimeTooSkewed',
    'The difference between the request time and the current time is too large.',
    403,
    {
      RequestTime: claim.timestamp,
      ServerTime: new Date(now).toISOString(),
      MaxAllowedSkewMilliseconds: String(tolerableSkewMilliseconds),
    },
  );

/** `YYYYMMDDTHHMMSSZ`. */
const shortTime = (moment: number): string => new Date(moment).toISOString().replace(/[-:]|\.\d{3}/g, '');

function checkPayload(request: WireRequest, claim: Claim): void {
  const declared = request.headers['x-amz-content-sha256'];
  if (declared === undefined || !/^[0-9a-f]{64}$/.test(declared)) return;
  if (declared !== sha256(request.body)) {
    if (claim.service !== 's3') throw wrongSignature(claim);
    throw new AwsError(
      'XAmzContentSHA256Mismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    );
  }
}

function canonicalRequest(request: WireRequest, claim: Claim): string {
  const headers = claim.signedHeaders.map((name) => `${name}:${collapse(request.headers[name] ?? '')}\n`).join('');
  const payload =
    request.headers['x-amz-content-sha256'] ??
    (claim.presigned && claim.service === 's3' ? 'UNSIGNED-PAYLOAD' : sha256(request.body));
  return [
    request.method,
    claim.service === 's3' ? request.path : encodePath(request.path),
    canonicalQuery(request.query),
    headers,
    claim.signedHeaders.join(';'),
    payload,
  ].join('\n');
}

/** All services but S3 sign the path encoded once more than it is sent. */
const encodePath = (path: string) => path.split('/').map(encode).join('/');

function canonicalQuery(query: string): string {
  return [...new URLSearchParams(query.replaceAll('+', '%20'))]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

const collapse = (value: string) => value.trim().replace(/ +/g, ' ');

/** The key for one day, region and service. */
export function signingKey(
  secret: string,
  scope: { readonly date: string; readonly region: string; readonly service: string },
): Buffer {
  return ['aws4_request'].reduce(
    (key, part) => hmac(key, part),
    hmac(hmac(hmac(Buffer.from(`AWS4${secret}`), scope.date), scope.region), scope.service),
  );
}

/** HMAC-SHA256. */
export const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** SHA-256 in lower-case hexadecimal. */
export const sha256 = (content: Buffer | string): string => createHash('sha256').update(content).digest('hex');

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
