import { table } from '../../world/store.ts';

/** A bucket. Names are global, so a bucket is found by name alone. */
export interface Bucket {
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly versioned: boolean;
  readonly policy?: unknown;
  /** The key that objects are encrypted with when the request names none. */
  readonly keyArn?: string;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** One version of an object; its bytes are a file of the world's directory. */
export interface ObjectVersion {
  readonly bucket: string;
  readonly key: string;
  /** `null` in a bucket without versions. */
  readonly versionId: string;
  readonly deleteMarker: boolean;
  readonly file: string;
  readonly sizeBytes: number;
  /** MD5 in hexadecimal, without quotes. */
  readonly etag: string;
  readonly contentType: string;
  readonly keyArn?: string;
  /** Milliseconds of world time. */
  readonly modifiedAt: number;
  readonly metadata: Readonly<Record<string, string>>;
}

/** By name. */
export const buckets = table<Bucket>('s3/buckets');
/** By `<bucket>/<key>`: all versions, newest first. */
export const objects = table<readonly ObjectVersion[]>('s3/objects');
