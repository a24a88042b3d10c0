import { AwsError } from '../world/failure.ts';
import type { WireRequest } from './request.ts';

/**
 * The body of an `aws-chunked` upload without its chunk headers and trailers; any other body as it is. Chunk signatures and
 * trailing checksums are not verified: the request's own signature is. Throws IncompleteBody.
 */
export function decodeBody(request: WireRequest): Buffer {
  const chunked =
    request.headers['content-encoding']?.includes('aws-chunked') ||
    request.headers['x-amz-content-sha256']?.startsWith('STREAMING-');
  if (!chunked) return request.body;
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = request.body.indexOf('\r\n', at);
    const size = Number.parseInt(request.body.subarray(at, end).toString('latin1').split(';')[0] ?? '', 16);
    if (end < 0 || Number.isNaN(size) || end + 2 + size > request.body.length) {
      throw new AwsError(
        'IncompleteBody',
        'You did not provide the number of bytes specified by the Content-Length HTTP header',
      );
    }
    if (size === 0) return Buffer.concat(chunks);
    chunks.push(request.body.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}
