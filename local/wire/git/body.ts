import { IncomingMessage } from 'node:http';
import { Readable, Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type PushHead, PushHeadReader } from './pkt-line.ts';

/** What one push may bring, unpacked: CodeCommit takes 2 GB. Source: the quotas page of its guide. */
export const largestPushBytes = 2 * 1024 ** 3;

/** What one fetch may ask: wants and haves of 51 bytes each, for more commits than a negotiation ever names. */
export const largestFetchBytes = 64 * 1024 ** 2;

/** A request's body, unpacked if it came gzipped, and broken off with RangeError beyond the limit, so that no gzip bomb goes off. */
export function body(message: IncomingMessage, largestBytes: number): Readable {
  const limit = limited(largestBytes);
  const gzip = /^(x-)?gzip$/i.test(message.headers['content-encoding'] ?? '');
  return gzip ? joined(joined(message, createGunzip()), limit) : joined(message, limit);
}

/** Pipes, and hands on how each side ends: a client that goes away breaks the reader off, and a reader that has enough lets the rest of the request run off unread. */
function joined(from: Readable, to: Transform): Transform {
  from.once('error', (error) => to.destroy(error));
  from.once('close', () => {
    if (!from.readableEnded) to.destroy(new RangeError('the request ended too early'));
  });
  to.once('close', () => {
    from.unpipe(to);
    if (from instanceof IncomingMessage) from.resume();
    else from.destroy();
  });
  return from.pipe(to);
}

function limited(largestBytes: number): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes <= largestBytes) done(null, chunk);
      else done(new RangeError(`the request is larger than ${largestBytes} bytes`));
    },
  });
}

/**
 * Reads the commands of a push; `whole` is the body again from its first byte. Memory is bounded by the commands' own limit. Throws
 * RangeError for garbage.
 */
export async function pushHead(incoming: Readable): Promise<{ head: PushHead; whole: Readable }> {
  const pieces = incoming[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const reader = new PushHeadReader();
  const read: Buffer[] = [];
  for (;;) {
    const piece = await pieces.next().catch((error: Error) => {
      throw new RangeError(`the push cannot be read: ${error.message}`);
    });
    if (piece.done === true) throw new RangeError('the push ended within its commands');
    read.push(piece.value);
    const head = reader.take(piece.value);
    if (head !== undefined) return { head, whole: Readable.from(again(read, pieces), { objectMode: false }) };
  }
}

async function* again(read: readonly Buffer[], pieces: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield* read;
  for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) yield next.value;
}
