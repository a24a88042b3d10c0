import { constants, createHash, type KeyObject, privateEncrypt, publicDecrypt } from 'node:crypto';

/** What stands before a digest in a PKCS #1 v1.5 signature. Source: RFC 8017, 9.2, note 1. */
const digestPrefixes: Readonly<Record<string, string>> = {
  sha256: '3031300d060960864801650304020105000420',
  sha384: '3041300d060960864801650304020205000430',
  sha512: '3051300d060960864801650304020305000440',
};

/** Signs a digest as PKCS #1 v1.5. Node signs only what it hashes itself; encrypting with the private key is the same without the hash. */
export const signPkcs1 = (key: KeyObject, hash: string, digest: Buffer): Buffer =>
  privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, prefixed(hash, digest));

/** Whether a signature is one of this digest. */
export function verifyPkcs1(key: KeyObject, hash: string, digest: Buffer, signature: Buffer): boolean {
  const found = opened(key, signature, constants.RSA_PKCS1_PADDING);
  return found?.equals(prefixed(hash, digest)) ?? false;
}

const prefixed = (hash: string, digest: Buffer): Buffer =>
  Buffer.concat([Buffer.from(digestPrefixes[hash] ?? '', 'hex'), digest]);

/** Signs a digest as PSS, with a salt as long as the digest. */
export const signPss = (key: KeyObject, hash: string, digest: Buffer, salt: Buffer): Buffer =>
  privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, pssEncode(hash, digest, salt, bytesOf(key)));

/** Whether a signature is one of this digest: what it holds must be what its own salt gives. */
export function verifyPss(key: KeyObject, hash: string, digest: Buffer, signature: Buffer): boolean {
  const length = bytesOf(key);
  const found = signature.length === length ? opened(key, signature, constants.RSA_NO_PADDING) : undefined;
  if (found === undefined) return false;
  const h = found.subarray(-digest.length - 1, -1);
  const block = xor(found.subarray(0, length - digest.length - 1), mask(hash, h, length - digest.length - 1));
  return pssEncode(hash, digest, block.subarray(-digest.length), length).equals(found);
}

/** EMSA-PSS-ENCODE of RFC 8017, 9.1.1; the modulus has a multiple of 8 bits. */
function pssEncode(hash: string, digest: Buffer, salt: Buffer, length: number): Buffer {
  const h = createHash(hash).update(Buffer.alloc(8)).update(digest).update(salt).digest();
  const block = Buffer.alloc(length - h.length - 1);
  block[block.length - salt.length - 1] = 1;
  salt.copy(block, block.length - salt.length);
  const masked = xor(block, mask(hash, h, block.length));
  masked[0] = (masked[0] ?? 0) & 0x7f;
  return Buffer.concat([masked, h, Buffer.from([0xbc])]);
}

/** MGF1 of RFC 8017, B.2.1. */
function mask(hash: string, seed: Buffer, length: number): Buffer {
  const parts: Buffer[] = [];
  for (let counter = 0; parts.length * seed.length < length; counter++) {
    const number = Buffer.alloc(4);
    number.writeUInt32BE(counter);
    parts.push(createHash(hash).update(seed).update(number).digest());
  }
  return Buffer.concat(parts).subarray(0, length);
}

const xor = (one: Buffer, other: Buffer): Buffer => Buffer.from(one.map((byte, index) => byte ^ (other[index] ?? 0)));

const bytesOf = (key: KeyObject): number => (key.asymmetricKeyDetails?.modulusLength ?? 0) / 8;

function opened(key: KeyObject, signature: Buffer, padding: number): Buffer | undefined {
  try {
    return publicDecrypt({ key, padding }, signature);
  } catch {
    return undefined;
  }
}
