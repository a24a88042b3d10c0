import { createHash, randomBytes } from 'node:crypto';

/** All that is random in the world: ids, secrets, jitter. Equal seeds give equal worlds. */
export interface Chance {
  /** A UUID version 4. */
  uuid(): string;
  /** That many lower-case hexadecimal digits. */
  hex(digits: number): string;
  /** That many characters of the given alphabet. */
  text(length: number, alphabet: string): string;
  /** A number from 0 up to, not including, 1. */
  fraction(): number;
}

/** Upper-case letters and digits, as access key ids use them. */
export const upperAlphanumeric = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** A generator that derives every value from `seed` by SHA-256 in counter mode; without a seed, from the machine. */
export function chanceFrom(seed: string = randomBytes(32).toString('hex')): Chance {
  let counter = 0;
  let pool = Buffer.alloc(0);
  const bytes = (count: number): Buffer => {
    while (pool.length < count) {
      pool = Buffer.concat([pool, createHash('sha256').update(`${seed}:${counter++}`).digest()]);
    }
    const taken = pool.subarray(0, count);
    pool = pool.subarray(count);
    return taken;
  };
  const hex = (digits: number) =>
    bytes(Math.ceil(digits / 2))
      .toString('hex')
      .slice(0, digits);
  return {
    hex,
    uuid: () => {
      const digits = hex(32);
      const variant = '89ab'[Number.parseInt(digits[16] ?? '0', 16) % 4] ?? '8';
      return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${digits.slice(20)}`;
    },
    text: (length, alphabet) =>
      Array.from(bytes(length), (byte) => alphabet[byte % alphabet.length] ?? alphabet.charAt(0)).join(''),
    fraction: () => bytes(6).readUIntBE(0, 6) / 2 ** 48,
  };
}
