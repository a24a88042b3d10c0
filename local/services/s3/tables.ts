import { table } from '../../world/store.ts';

/** A bucket. Names are global, so a bucket is found by name alone. */
export interface Bucket {
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  /** Whether versions are kept now. */
  readonly versioned: boolean;
  /** True once versioning was on and is off: versions that exist stay, and new objects are the `null` version. */
  readonly suspended?: boolean;
  readonly policy?: unknown;
  /** The key that objects are encrypted with when the request names none. */
  readonly keyArn?: string;
  readonly objectLock?: ObjectLock;
  /** What is only kept and told again, by its sub-resource (`cors`, `lifecycle`), in the element names of S3's XML. */
  readonly configurations?: Readonly<Record<string, Configuration>>;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** A bucket's configuration as S3's XML has it: an array is a repeated element. */
export type Configuration = Readonly<Record<string, unknown>>;

/** How long a version is kept from deletion. */
export type LockMode = 'GOVERNANCE' | 'COMPLIANCE';

/** Object Lock of a bucket: with it, versions may be retained; `rule` is what new versions get by themselves. */
export interface ObjectLock {
  readonly rule?:
    | { readonly mode: LockMode; readonly days: number }
    | { readonly mode: LockMode; readonly years: number };
}

/** Until when a version cannot be deleted. */
export interface Retention {
  readonly mode: LockMode;
  /** Milliseconds of world time. */
  readonly until: number;
}

/** A sum over an object's bytes that its sender gave. */
export interface Checksum {
  /** As in the API's member names: `CRC32`, `CRC64NVME`, `SHA256`. */
  readonly algorithm: string;
  /** Base64; of a composite sum with `-<parts>`. */
  readonly value: string;
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
}

/** What a sender says about an object, and readers are told. */
export interface Described {
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** `CacheControl`, `ContentEncoding` and the like, by the API's member name. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly storageClass?: string;
}

/** One version of an object; its bytes are a file of the world's directory. */
export interface ObjectVersion extends Described {
  readonly bucket: string;
  readonly key: string;
  /** `null` in a bucket without versions. */
  readonly versionId: string;
  readonly deleteMarker: boolean;
  readonly file: string;
  readonly sizeBytes: number;
  /** MD5 in hexadecimal, without quotes; of several parts with `-<parts>`. */
  readonly etag: string;
  readonly keyArn?: string;
  /** Milliseconds of world time. */
  readonly modifiedAt: number;
  readonly tags?: Readonly<Record<string, string>>;
  readonly checksum?: Checksum;
  readonly retention?: Retention;
  readonly legalHold?: boolean;
  /** Of an upload in parts: each part's size, in order. */
  readonly partBytes?: readonly number[];
}

/** A part that waits for its upload's completion. */
export interface Part {
  readonly number: number;
  readonly file: string;
  readonly sizeBytes: number;
  /** MD5 in hexadecimal. */
  readonly etag: string;
  readonly modifiedAt: number;
  readonly checksum?: Checksum;
}

/** An upload in parts that is neither completed nor aborted. */
export interface Upload extends Described {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly keyArn?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly retention?: Retention;
  readonly legalHold?: boolean;
  readonly checksum?: { readonly algorithm: string; readonly type: Checksum['type'] };
  readonly startedAt: number;
  /** By number. */
  readonly parts: ReadonlyMap<number, Part>;
}

/** By name. */
export const buckets = table<Bucket>('s3/buckets');
/** By `<bucket>/<key>`: all versions, newest first. */
export const objects = table<readonly ObjectVersion[]>('s3/objects');
/** By upload id. */
export const uploads = table<Upload>('s3/uploads');
