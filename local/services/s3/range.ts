import { AwsError } from '../../world/failure.ts';

/** A run of an object's bytes, both ends counted, from 0. */
export interface Span {
  readonly first: number;
  readonly last: number;
}

/**
 * The bytes that a Range header asks for, or undefined for all of them: a header that is no byte range, or has several, does not count.
 * Throws InvalidRange. Source: RFC 9110, 14.2; several ranges in one request are not supported by S3.
 */
export function readRange(range: string | undefined, sizeBytes: number): Span | undefined {
  const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(range?.trim() ?? '') ?? [];
  if (from === '' && to === '') return undefined;
  const suffix = from === '';
  const first = suffix ? Math.max(0, sizeBytes - Number(to)) : Number(from);
  const last = suffix || to === '' ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1);
  if (!suffix && to !== '' && Number(to) < Number(from)) return undefined;
  if (first >= sizeBytes)
    throw new AwsError('InvalidRange', 'The requested range is not satisfiable', 416, {
      RangeRequested: range,
      ActualObjectSize: sizeBytes,
    });
  return { first, last };
}
