import { AwsError } from '../world/failure.ts';
import { checkChecksums } from './checksums.ts';
import type { WireRequest } from './request.ts';
import { hmac, type Signed, sha256 } from './sigv4.ts';

/** What the payload header says about a body that comes in chunks: whether each is signed, and whether trailers follow. */
const streams: Readonly<Record<string, { readonly signed: boolean; readonly trailer: boolean }>> = {
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD': { signed: true, trailer: false },
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER': { signed: true, trailer: true },
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER': { signed: false, trailer: true },
};

/** One chunk as it stands in the body. */
interface Chunk {
  readonly content: Buffer;
  /** What follows the size, `chunk-signature=…`. */
  readonly extension: string;
}

/**
 * An S3 request with its body as the client meant it: out of its `aws-chunked` encoding, each chunk's signature, the trailers' and all
 * checksums verified. Throws IncompleteBody, SignatureDoesNotMatch, BadDigest, InvalidDigest.
 * Source: "Signature calculations: transferring a payload in multiple chunks" of the S3 API reference.
 */
export function withPlainBody(request: WireRequest, signed: Signed): WireRequest {
  const { 'x-amz-content-sha256': payload = '', 'content-encoding': encoding = '', ...headers } = request.headers;
  const stream = streams[payload];
  if (payload.startsWith('STREAMING-') && stream === undefined)
    throw new AwsError('NotImplemented', `${payload} is not played by the local cloud`, 501);
  if (stream === undefined && !/\baws-chunked\b/.test(encoding)) {
    if (!completesUpload(request)) checkChecksums(request.body, headers);
    return request;
  }
  const { chunks, rest } = chunksOf(request.body);
  const body = Buffer.concat(chunks.map(({ content }) => content));
  const declared = headers['x-amz-decoded-content-length'];
  if (declared !== undefined && declared !== String(body.length)) throw incomplete();
  const last = stream?.signed ? checkChunks(chunks, signed) : signed.signature;
  const trailers = stream?.trailer ? trailersOf(rest) : {};
  if (stream?.signed && stream.trailer) checkTrailers(trailers, last, signed);
  checkChecksums(body, { ...headers, ...trailers });
  const others = encoding
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '' && each !== 'aws-chunked');
  return {
    ...request,
    headers: { ...headers, ...trailers, ...(others.length === 0 ? {} : { 'content-encoding': others.join(',') }) },
    body,
  };
}

/** The completion of an upload in parts tells the checksum of the object, which is not that of its body. */
const completesUpload = ({ method, query }: WireRequest): boolean =>
  method === 'POST' && new URLSearchParams(query).has('uploadId');

/** The chunks up to the empty one, which is among them, and what stands behind it. */
function chunksOf(body: Buffer): { readonly chunks: readonly Chunk[]; readonly rest: Buffer } {
  const chunks: Chunk[] = [];
  for (let at = 0; ; ) {
    const end = body.indexOf('\r\n', at);
    const [, digits = '', extension = ''] =
      (end < 0 ? null : /^([0-9a-f]{1,8})(?:;(.{0,200}))?$/i.exec(body.toString('latin1', at, end))) ?? [];
    const size = Number.parseInt(digits, 16);
    const after = end + 2 + size;
    if (Number.isNaN(size) || after > body.length) throw incomplete();
    chunks.push({ content: body.subarray(end + 2, after), extension });
    if (size === 0) return { chunks, rest: body.subarray(after) };
    if (body.toString('latin1', after, after + 2) !== '\r\n') throw incomplete();
    at = after + 2;
  }
}

/** Each signature covers the one before; answers the last. */
function checkChunks(chunks: readonly Chunk[], signed: Signed): string {
  let previous = signed.signature;
  for (const { content, extension } of chunks) {
    const own = signatureOf('AWS4-HMAC-SHA256-PAYLOAD', [previous, sha256(''), sha256(content)], signed);
    if (extension !== `chunk-signature=${own}`) throw wrongSignature();
    previous = own;
  }
  return previous;
}

/** Checksums and signatures are far shorter. */
const longestTrailer = 1000;

function trailersOf(rest: Buffer): Readonly<Record<string, string>> {
  const lines = rest
    .toString('latin1')
    .split(/\r?\n/)
    .filter((line) => line !== '');
  return Object.fromEntries(
    lines.map((line) => {
      // Trimmed by hand: blanks on both sides of what a RegExp takes make it try every way to divide them.
      const [, name = '', rest = ''] = /^([\w-]{1,100}):(.*)$/s.exec(line) ?? [];
      const value = rest.trim();
      if (name === '' || value.length > longestTrailer)
        throw new AwsError(
          'MalformedTrailerError',
          'The request contained trailing data that was not well-formed or did not conform to our published schema.',
        );
      return [name.toLowerCase(), value];
    }),
  );
}

function checkTrailers(trailers: Readonly<Record<string, string>>, previous: string, signed: Signed): void {
  const { 'x-amz-trailer-signature': sent, ...others } = trailers;
  const text = Object.entries(others)
    .map(([name, value]) => `${name}:${value}\n`)
    .join('');
  if (sent !== signatureOf('AWS4-HMAC-SHA256-TRAILER', [previous, sha256(text)], signed)) throw wrongSignature();
}

const signatureOf = (algorithm: string, parts: readonly string[], { timestamp, scope, signingKey }: Signed): string =>
  hmac(signingKey, [algorithm, timestamp, scope, ...parts].join('\n')).toString('hex');

const incomplete = () =>
  new AwsError('IncompleteBody', 'You did not provide the number of bytes specified by the Content-Length HTTP header');

const wrongSignature = () =>
  new AwsError(
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    403,
  );
