import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** The MD5 of a file's bytes in hexadecimal, without holding them. */
export async function digestOf(file: string): Promise<string> {
  const hash = createHash('md5');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
