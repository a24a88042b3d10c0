import { createHash } from 'node:crypto';
import type { MessageAttribute } from './tables.ts';

/** MD5 in hexadecimal, as clients check it. */
export const md5 = (content: string | Buffer): string => createHash('md5').update(content).digest('hex');

/** SHA-256 in hexadecimal: FIFO queues know equal bodies by it. */
export const sha256 = (content: string): string => createHash('sha256').update(content).digest('hex');

/** MD5 of message attributes: name, type and value of each, sorted by name, each with its length in front. Source: SQS developer guide. */
export function attributesMd5(attributes: Readonly<Record<string, MessageAttribute>>): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  return md5(Buffer.concat(names.flatMap((name) => parts(name, attributes[name] as MessageAttribute))));
}

function parts(name: string, { DataType, StringValue, BinaryValue }: MessageAttribute): readonly Buffer[] {
  const value =
    BinaryValue === undefined
      ? [Buffer.from([1]), sized(Buffer.from(StringValue ?? ''))]
      : [Buffer.from([2]), sized(Buffer.from(BinaryValue, 'base64'))];
  return [sized(Buffer.from(name)), sized(Buffer.from(DataType)), ...value];
}

function sized(content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, content]);
}
