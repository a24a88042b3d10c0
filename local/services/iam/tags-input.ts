import { z } from 'zod';
import { queryList } from './query-list.ts';

/** Tags as IAM's calls take them. */
export const tagsInput = queryList(
  z.object({ Key: z.string().min(1).max(128), Value: z.string().max(256) }),
  50,
).superRefine((tags, context) => {
  const keys = tags.map(({ Key }) => Key.toLowerCase());
  if (new Set(keys).size < keys.length)
    context.addIssue({
      code: 'custom',
      message: 'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
    });
  const reserved = tags.find(({ Key }) => /^aws:/i.test(Key));
  if (reserved !== undefined)
    context.addIssue({ code: 'custom', message: `tag key '${reserved.Key}' begins with aws:, which is reserved` });
});

/** Tags by key. */
export const mapOf = (
  tags: readonly { readonly Key: string; readonly Value: string }[],
): Readonly<Record<string, string>> => Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
