import { createECDH, createHmac, createPrivateKey, type KeyObject } from 'node:crypto';

/** A NIST curve y² = x³ − 3x + b over p, with a generator of order n. */
interface Curve {
  /** OpenSSL's name. */
  readonly name: string;
  /** JWK's name. */
  readonly crv: string;
  readonly hash: string;
  readonly bytes: number;
  readonly p: bigint;
  readonly n: bigint;
}

/** Source: FIPS 186-4, D.1.2.3 and D.1.2.4. */
export const curves = {
  ECC_NIST_P256: {
    name: 'prime256v1',
    crv: 'P-256',
    hash: 'sha256',
    bytes: 32,
    p: 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn,
    n: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  },
  ECC_NIST_P384: {
    name: 'secp384r1',
    crv: 'P-384',
    hash: 'sha384',
    bytes: 48,
    p: 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffffn,
    n: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  },
} as const satisfies Readonly<Record<string, Curve>>;

export type CurveSpec = keyof typeof curves;

type Point = readonly [x: bigint, y: bigint] | undefined;

const bytesOf = (value: bigint, length: number): Buffer =>
  Buffer.from(value.toString(16).padStart(length * 2, '0'), 'hex');
const numberOf = (bytes: Buffer): bigint => BigInt(`0x${bytes.toString('hex') || '0'}`);
const mod = (value: bigint, modulus: bigint): bigint => ((value % modulus) + modulus) % modulus;

function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [mod(value, modulus), modulus, 1n, 0n];
  while (a > 1n) {
    const quotient = b / a;
    [a, b] = [b - quotient * a, a];
    [x, y] = [y - quotient * x, x];
  }
  return mod(x, modulus);
}

/** The generator times `factor`, by OpenSSL. */
function timesGenerator(curve: Curve, factor: bigint): readonly [bigint, bigint] {
  const ecdh = createECDH(curve.name);
  ecdh.setPrivateKey(bytesOf(factor, curve.bytes));
  const point = ecdh.getPublicKey();
  return [numberOf(point.subarray(1, 1 + curve.bytes)), numberOf(point.subarray(1 + curve.bytes))];
}

/** A private key made from a number that is longer than the order, so that no key is likelier than another. */
export function ellipticKey(spec: CurveSpec, seed: bigint): KeyObject {
  const curve = curves[spec];
  const secret = mod(seed, curve.n - 1n) + 1n;
  const [x, y] = timesGenerator(curve, secret);
  const text = (value: bigint) => bytesOf(value, curve.bytes).toString('base64url');
  return createPrivateKey({
    key: { kty: 'EC', crv: curve.crv, d: text(secret), x: text(x), y: text(y) },
    format: 'jwk',
  });
}

/**
 * Signs a digest; the signature is DER. Node signs only what it hashes itself, hence this. The nonce follows from key and digest (RFC 6979), so
 * that equal worlds give equal signatures.
 */
export function signDigest(spec: CurveSpec, key: KeyObject, digest: Buffer): Buffer {
  const curve = curves[spec];
  const secret = numberOf(Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url'));
  for (const nonce of nonces(curve, secret, digest)) {
    const r = mod(timesGenerator(curve, nonce)[0], curve.n);
    const s = mod(inverse(nonce, curve.n) * (numberOf(digest) + r * secret), curve.n);
    if (r > 0n && s > 0n) return derOf(r, s);
  }
  throw new Error('RFC 6979 has no end');
}

/** RFC 6979, 3.2, for digests as long as the order. */
function* nonces(curve: Curve, secret: bigint, digest: Buffer): Generator<bigint> {
  const hmac = (key: Buffer, ...parts: readonly Buffer[]) =>
    parts.reduce((hash, part) => hash.update(part), createHmac(curve.hash, key)).digest();
  const seed = [bytesOf(secret, curve.bytes), bytesOf(mod(numberOf(digest), curve.n), curve.bytes)];
  let v: Buffer = Buffer.alloc(curve.bytes, 1);
  let k: Buffer = Buffer.alloc(curve.bytes, 0);
  for (const separator of [0, 1]) {
    k = hmac(k, v, Buffer.from([separator]), ...seed);
    v = hmac(k, v);
  }
  for (;;) {
    v = hmac(k, v);
    const nonce = numberOf(v);
    if (nonce > 0n && nonce < curve.n) yield nonce;
    k = hmac(k, v, Buffer.from([0]));
    v = hmac(k, v);
  }
}

/** Whether a DER signature is one of this digest. Anything that is not a signature is none. */
export function verifyDigest(spec: CurveSpec, key: KeyObject, digest: Buffer, signature: Buffer): boolean {
  const curve = curves[spec];
  const [r, s] = fromDer(signature) ?? [0n, 0n];
  if (r <= 0n || r >= curve.n || s <= 0n || s >= curve.n) return false;
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  const publicPoint: Point = [numberOf(Buffer.from(x, 'base64url')), numberOf(Buffer.from(y, 'base64url'))];
  const w = inverse(s, curve.n);
  const u = mod(numberOf(digest) * w, curve.n);
  const sum = add(
    curve,
    u === 0n ? undefined : timesGenerator(curve, u),
    times(curve, mod(r * w, curve.n), publicPoint),
  );
  return sum !== undefined && mod(sum[0], curve.n) === r;
}

function add({ p }: Curve, one: Point, other: Point): Point {
  if (one === undefined || other === undefined) return one ?? other;
  const [[x1, y1], [x2, y2]] = [one, other];
  if (x1 === x2 && mod(y1 + y2, p) === 0n) return undefined;
  const slope = x1 === x2 ? (3n * x1 * x1 - 3n) * inverse(2n * y1, p) : (y2 - y1) * inverse(x2 - x1, p);
  const x = mod(slope * slope - x1 - x2, p);
  return [x, mod(slope * (x1 - x) - y1, p)];
}

function times(curve: Curve, factor: bigint, point: Point): Point {
  let [sum, power, rest]: [Point, Point, bigint] = [undefined, point, factor];
  for (; rest > 0n; rest >>= 1n) {
    if (rest & 1n) sum = add(curve, sum, power);
    power = add(curve, power, power);
  }
  return sum;
}

/** SEQUENCE of two INTEGERs; below 128 bytes on these curves. */
function derOf(r: bigint, s: bigint): Buffer {
  const integer = (value: bigint) => {
    const hex = value.toString(16);
    const even = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
    const bytes = (even[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), even]) : even;
    return Buffer.concat([Buffer.from([2, bytes.length]), bytes]);
  };
  const both = Buffer.concat([integer(r), integer(s)]);
  return Buffer.concat([Buffer.from([0x30, both.length]), both]);
}

/** Only the one DER form of a signature is read. */
function fromDer(signature: Buffer): readonly [bigint, bigint] | undefined {
  const length = signature[3] ?? 0;
  const r = signature.subarray(4, 4 + length);
  const s = signature.subarray(6 + length);
  const found = [numberOf(r), numberOf(s)] as const;
  return r.length > 0 && s.length > 0 && derOf(...found).equals(signature) ? found : undefined;
}
