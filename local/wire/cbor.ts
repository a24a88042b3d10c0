import { AwsError } from '../world/failure.ts';

/** The deepest nesting that is read: deeper input is an attack, not a request. */
const deepest = 64;
/** The end of a list, map or text of indefinite length. */
const breakMark = Symbol('break');

/** Reads one CBOR value. Byte strings become Buffers, tagged times epoch seconds. Throws SerializationException. Source: RFC 8949. */
export function decodeCbor(content: Buffer): unknown {
  const reader = new Reader(content);
  const value = reader.value(0);
  if (value === breakMark || !reader.atEnd) throw malformed('bytes are left over');
  return value;
}

const malformed = (reason: string) =>
  new AwsError('SerializationException', `the request body is not valid CBOR: ${reason}`);

class Reader {
  readonly #content: Buffer;
  #at = 0;

  constructor(content: Buffer) {
    this.#content = content;
  }

  get atEnd(): boolean {
    return this.#at === this.#content.length;
  }

  value(depth: number): unknown {
    if (depth > deepest) throw malformed(`it is nested deeper than ${deepest} levels`);
    const head = this.#take(1).readUInt8();
    const major = head >> 5;
    if (major === 7) return this.#simple(head & 31);
    const length = this.#length(head & 31);
    switch (major) {
      case 0:
        return length;
      case 1:
        return -1 - (length ?? 0);
      case 2:
        return this.#bytes(length, depth);
      case 3:
        return this.#bytes(length, depth).toString('utf8');
      case 4:
        return this.#list(length, depth);
      case 5:
        return this.#map(length, depth);
      default:
        return this.value(depth + 1);
    }
  }

  #take(count: number): Buffer {
    if (this.#at + count > this.#content.length) throw malformed('it ends too early');
    const taken = this.#content.subarray(this.#at, this.#at + count);
    this.#at += count;
    return taken;
  }

  /** The argument of a head; undefined means indefinite length. */
  #length(short: number): number | undefined {
    if (short < 24) return short;
    if (short === 24) return this.#take(1).readUInt8();
    if (short === 25) return this.#take(2).readUInt16BE();
    if (short === 26) return this.#take(4).readUInt32BE();
    if (short === 27) return Number(this.#take(8).readBigUInt64BE());
    if (short === 31) return undefined;
    throw malformed(`a length of kind ${short}`);
  }

  #simple(short: number): unknown {
    if (short === 20 || short === 21) return short === 21;
    if (short === 22) return null;
    if (short === 23) return undefined;
    if (short === 25) return halfFloat(this.#take(2).readUInt16BE());
    if (short === 26) return this.#take(4).readFloatBE();
    if (short === 27) return this.#take(8).readDoubleBE();
    if (short === 31) return breakMark;
    throw malformed(`a simple value of kind ${short}`);
  }

  #bytes(length: number | undefined, depth: number): Buffer {
    if (length !== undefined) return this.#take(length);
    const parts = this.#list(undefined, depth);
    return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : (part as Buffer))));
  }

  #list(length: number | undefined, depth: number): readonly unknown[] {
    const items: unknown[] = [];
    while (length === undefined || items.length < length) {
      const item = this.value(depth + 1);
      if (item === breakMark) break;
      items.push(item);
    }
    return items;
  }

  #map(length: number | undefined, depth: number): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    while (length === undefined || entries.length < length) {
      const key = this.value(depth + 1);
      if (key === breakMark) break;
      if (typeof key !== 'string') throw malformed('a key is no text');
      entries.push([key, this.value(depth + 1)]);
    }
    return Object.fromEntries(entries);
  }
}

function halfFloat(bits: number): number {
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  const size =
    exponent === 0
      ? fraction * 2 ** -24
      : exponent === 31
        ? fraction === 0
          ? Number.POSITIVE_INFINITY
          : Number.NaN
        : (1 + fraction / 1024) * 2 ** (exponent - 15);
  return bits & 0x8000 ? -size : size;
}

/** Writes a value as CBOR: Dates as tagged epoch seconds, Buffers as byte strings; undefined members vanish. */
export function encodeCbor(value: unknown): Buffer {
  if (value === null || value === undefined) return Buffer.from([0xf6]);
  if (typeof value === 'boolean') return Buffer.from([value ? 0xf5 : 0xf4]);
  if (typeof value === 'number') return encodeNumber(value);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Date) return Buffer.concat([Buffer.from([0xc1]), encodeNumber(value.getTime() / 1000)]);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(encodeCbor)]);
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Buffer.concat([head(5, entries.length), ...entries.flat().map(encodeCbor)]);
}

function encodeNumber(value: number): Buffer {
  if (Number.isSafeInteger(value)) return value >= 0 ? head(0, value) : head(1, -1 - value);
  const float = Buffer.alloc(9);
  float.writeUInt8(0xfb);
  float.writeDoubleBE(value, 1);
  return float;
}

function head(major: number, length: number): Buffer {
  const kind = major << 5;
  if (length < 24) return Buffer.from([kind | length]);
  if (length < 0x100) return Buffer.from([kind | 24, length]);
  if (length < 0x1_0000_0000) {
    const long = Buffer.alloc(5);
    long.writeUInt8(kind | 26);
    long.writeUInt32BE(length, 1);
    return long;
  }
  const longest = Buffer.alloc(9);
  longest.writeUInt8(kind | 27);
  longest.writeBigUInt64BE(BigInt(length), 1);
  return longest;
}
