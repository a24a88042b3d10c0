import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { invalidArgument } from './refusals.ts';
import { emptyElement, listOf } from './xml-input.ts';

/** A set of tags as S3's XML has it. */
export const tagging = z.strictObject({
  TagSet: z
    .union([
      emptyElement,
      z.strictObject({ Tag: listOf(z.strictObject({ Key: z.string(), Value: z.string().default('') })).optional() }),
    ])
    .transform((set) => (typeof set === 'string' ? [] : (set.Tag ?? []))),
});

/** Tags as the header writes them, like a query. Throws InvalidArgument and InvalidTag. */
export function readTagging(text: string): Record<string, string> {
  const pairs = [...new URLSearchParams(text)].map(([Key, Value]) => ({ Key, Value }));
  if (new Set(pairs.map(({ Key }) => Key)).size < pairs.length)
    throw invalidArgument(
      "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
      'x-amz-tagging',
      text,
    );
  return readTags(pairs, 10);
}

/** Tags by key. Throws InvalidTag and BadRequest. */
export function readTags(
  tags: readonly { readonly Key: string; readonly Value: string }[],
  most: number,
): Record<string, string> {
  if (tags.length > most)
    throw new AwsError(
      'BadRequest',
      most === 10 ? 'Object tags cannot be greater than 10' : `Bucket tag count cannot be greater than ${most}`,
    );
  const seen = new Map<string, string>();
  for (const { Key, Value } of tags) {
    if (Key === '' || Key.length > 128) throw invalidTag('The TagKey you have provided is invalid', Key);
    if (Value.length > 256) throw invalidTag('The TagValue you have provided is invalid', Key);
    if (/^aws:/i.test(Key)) throw invalidTag('System tags cannot be added/updated by requester', Key);
    if (seen.has(Key)) throw invalidTag('Cannot provide multiple Tags with the same key', Key);
    seen.set(Key, Value);
  }
  return Object.fromEntries(seen);
}

const invalidTag = (text: string, key: string) => new AwsError('InvalidTag', text, 400, { TagKey: key });

/** Tags as S3's XML has them. */
export const shownTags = (tags: Readonly<Record<string, string>>) => ({
  TagSet: { Tag: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) },
});
