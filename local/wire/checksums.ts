import { createHash } from 'node:crypto';
import { AwsError } from '../world/failure.ts';

/** The checksums that S3 knows, by their names in headers and trailers; each answers the checksum of bytes in base64. */
const algorithms: Readonly<Record<string, (content: Buffer) => string>> = {
  'x-amz-checksum-crc32': (content) => word(crc32(content, 0xedb88320)),
  'x-amz-checksum-crc32c': (content) => word(crc32(content, 0x82f63b78)),
  'x-amz-checksum-crc64nvme': (content) => crc64nvme(content),
  'x-amz-checksum-sha1': (content) => createHash('sha1').update(content).digest('base64'),
  'x-amz-checksum-sha256': (content) => createHash('sha256').update(content).digest('base64'),
};

/** Refuses a body that is not the one whose checksum was sent, as a header or trailer. Throws BadDigest and InvalidDigest. */
export function checkChecksums(content: Buffer, sent: Readonly<Record<string, string>>): void {
  const md5 = sent['content-md5'];
  if (md5 !== undefined) {
    if (Buffer.from(md5, 'base64').length !== 16)
      throw new AwsError('InvalidDigest', 'The Content-MD5 you specified was invalid.');
    if (createHash('md5').update(content).digest('base64') !== md5)
      throw new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.');
  }
  for (const [name, sum] of Object.entries(algorithms)) {
    const expected = sent[name];
    if (expected === undefined || expected === sum(content)) continue;
    const label = name.slice('x-amz-checksum-'.length).toUpperCase();
    throw new AwsError('BadDigest', `The ${label} you specified did not match the calculated checksum.`);
  }
}

function word(sum: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(sum);
  return bytes.toString('base64');
}

/** A reflected CRC of 32 bits. */
function crc32(content: Buffer, polynomial: number): number {
  const table = Uint32Array.from({ length: 256 }, (_, byte) => {
    let sum = byte;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ polynomial : sum >>> 1;
    return sum;
  });
  let sum = 0xffffffff;
  for (const byte of content) sum = (sum >>> 8) ^ (table[(sum ^ byte) & 0xff] ?? 0);
  return (sum ^ 0xffffffff) >>> 0;
}

/** The reflected CRC of 64 bits that NVMe uses, in two words of 32 bits, since large integers are slow. */
function crc64nvme(content: Buffer): string {
  const polynomial = [0x9a6c9329, 0xac4bc9b5] as const;
  const [highs, lows] = [new Uint32Array(256), new Uint32Array(256)];
  for (let byte = 0; byte < 256; byte += 1) {
    let [high, low] = [0, byte];
    for (let bit = 0; bit < 8; bit += 1) {
      const odd = low & 1;
      low = ((low >>> 1) | (high << 31)) >>> 0;
      high >>>= 1;
      if (odd) [high, low] = [(high ^ polynomial[0]) >>> 0, (low ^ polynomial[1]) >>> 0];
    }
    highs[byte] = high;
    lows[byte] = low;
  }
  let [high, low] = [0xffffffff, 0xffffffff];
  for (const byte of content) {
    const at = (low ^ byte) & 0xff;
    low = (((low >>> 8) | (high << 24)) ^ (lows[at] ?? 0)) >>> 0;
    high = ((high >>> 8) ^ (highs[at] ?? 0)) >>> 0;
  }
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32BE((high ^ 0xffffffff) >>> 0, 0);
  bytes.writeUInt32BE((low ^ 0xffffffff) >>> 0, 4);
  return bytes.toString('base64');
}
