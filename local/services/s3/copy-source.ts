import { z } from 'zod';
import { invalidArgument } from './refusals.ts';

const text = z.string().optional();

/** The conditions on the source of a copy. */
export const copySourceConditions = {
  CopySourceIfMatch: text,
  CopySourceIfNoneMatch: text,
  CopySourceIfModifiedSince: text,
  CopySourceIfUnmodifiedSince: text,
};

/** The same as conditions of a read. */
export const sourceConditions = (
  wanted: Readonly<Partial<Record<keyof typeof copySourceConditions, string | undefined>>>,
) => ({
  IfMatch: wanted.CopySourceIfMatch,
  IfNoneMatch: wanted.CopySourceIfNoneMatch,
  IfModifiedSince: wanted.CopySourceIfModifiedSince,
  IfUnmodifiedSince: wanted.CopySourceIfUnmodifiedSince,
});

/** Reads `bucket/key?versionId=id`, percent-encoded, with or without a slash before it. Throws InvalidArgument. */
export function copySourceOf(source: string): { bucket: string; key: string; versionId?: string } {
  const [, path = '', query] = /^\/?([^?]*)(?:\?versionId=([^&]+))?$/.exec(source) ?? [];
  const [, bucket = '', key = ''] = /^([^/]+)\/(.+)$/s.exec(decoded(path, source)) ?? [];
  if (bucket === '' || bucket.startsWith('arn:'))
    throw invalidArgument(
      'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
      'x-amz-copy-source',
      source,
    );
  return { bucket, key, ...(query === undefined ? {} : { versionId: query }) };
}

function decoded(path: string, source: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw invalidArgument('Invalid copy source encoding', 'x-amz-copy-source', source);
  }
}
