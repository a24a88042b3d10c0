import type { IncomingMessage } from 'node:http';
import { AwsError } from '../world/failure.ts';

/** A request with its whole body in memory, as the API doors read it. Git streams instead. */
export interface WireRequest {
  readonly method: string;
  /** As sent, still percent-encoded, without the query. */
  readonly path: string;
  /** As sent, without `?`. */
  readonly query: string;
  /** Lower-case names; repeated headers joined with commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** An answer on its way out. */
export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
}

/** AWS's largest request body here is an S3 object; anything larger than this is refused. */
const largestBodyBytes = 512 * 1024 * 1024;

/** Reads a request to its end. Throws RequestEntityTooLarge beyond 512 MiB. */
export async function readRequest(message: IncomingMessage): Promise<WireRequest> {
  const [path = '/', query = ''] = splitOnce(message.url ?? '/', '?');
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > largestBodyBytes)
      throw new AwsError('RequestEntityTooLarge', `the body is longer than ${largestBodyBytes} bytes`, 413);
    chunks.push(chunk);
  }
  return { method: message.method ?? 'GET', path, query, headers: flatHeaders(message), body: Buffer.concat(chunks) };
}

/** Header names in lower case, values trimmed. */
export function flatHeaders(message: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(message.headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, (Array.isArray(value) ? value.join(',') : value).trim()]],
    ),
  );
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}
