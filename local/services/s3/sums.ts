import { createHash } from 'node:crypto';

/** A sum that is fed with bytes and then told in base64. */
export interface Sum {
  update(content: Buffer): unknown;
  value(): string;
}

/** The sums that S3 knows, by the name in the API's members: `CRC32`. */
export const sums: Readonly<Record<string, () => Sum>> = {
  CRC32: () => crc32(0xedb88320),
  CRC32C: () => crc32(0x82f63b78),
  CRC64NVME: () => crc64nvme(),
  SHA1: () => digest('sha1'),
  SHA256: () => digest('sha256'),
};

function digest(algorithm: string): Sum {
  const hash = createHash(algorithm);
  return { update: (content) => hash.update(content), value: () => hash.digest('base64') };
}

/** A reflected CRC of 32 bits. */
function crc32(polynomial: number): Sum {
  const table = Uint32Array.from({ length: 256 }, (_, byte) => {
    let sum = byte;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ polynomial : sum >>> 1;
    return sum;
  });
  let sum = 0xffffffff;
  return {
    update: (content) => {
      let now = sum;
      for (let at = 0; at < content.length; at += 1)
        now = (now >>> 8) ^ (table[(now ^ (content[at] ?? 0)) & 0xff] ?? 0);
      sum = now;
    },
    value: () => words((sum ^ 0xffffffff) >>> 0),
  };
}

/** The reflected CRC of 64 bits that NVMe uses, in two words of 32 bits, since large integers are slow. */
function crc64nvme(): Sum {
  const [highs, lows] = crc64Tables();
  let [high, low] = [0xffffffff, 0xffffffff];
  return {
    update: (content) => {
      let [nowHigh, nowLow] = [high, low];
      for (let at = 0; at < content.length; at += 1) {
        const index = (nowLow ^ (content[at] ?? 0)) & 0xff;
        nowLow = (((nowLow >>> 8) | (nowHigh << 24)) ^ (lows[index] ?? 0)) >>> 0;
        nowHigh = ((nowHigh >>> 8) ^ (highs[index] ?? 0)) >>> 0;
      }
      [high, low] = [nowHigh, nowLow];
    },
    value: () => words((high ^ 0xffffffff) >>> 0, (low ^ 0xffffffff) >>> 0),
  };
}

function crc64Tables(): readonly [Uint32Array, Uint32Array] {
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
  return [highs, lows];
}

function words(...each: readonly number[]): string {
  const bytes = Buffer.alloc(4 * each.length);
  each.forEach((word, index) => bytes.writeUInt32BE(word, 4 * index));
  return bytes.toString('base64');
}
