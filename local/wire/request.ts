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

/** The method, address and headers of a request whose body is not read. */
export function headOf(message: IncomingMessage): WireRequest {
  const [path = '/', query = ''] = splitOnce(message.url ?? '/', '?');
  return { method: message.method ?? 'GET', path, query, headers: flatHeaders(message), body: Buffer.alloc(0) };
}

/** What the body of a request may take at most: its declared length, or, where none is declared, `undeclaredBytes`. */
export const bodyBytes = ({ headers }: WireRequest): number =>
  headers['transfer-encoding'] === undefined ? Number(headers['content-length'] ?? 0) : undeclaredBytes;

/** A body in chunks without a length; AWS's clients send none but to git, which streams. */
const undeclaredBytes = 16 * 1024 * 1024;

/** Reads the body of a request to its end. Throws IncompleteBody beyond so many bytes. */
export async function readBody(message: IncomingMessage, head: WireRequest, bytes: number): Promise<WireRequest> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > bytes)
      throw new AwsError('IncompleteBody', `The body has more than the ${bytes} bytes that its length allows.`, 400);
    chunks.push(chunk);
  }
  return { ...head, body: Buffer.concat(chunks) };
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
