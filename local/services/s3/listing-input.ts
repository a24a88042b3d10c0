import { z } from 'zod';
import { invalidArgument } from './refusals.ts';

/** A count from 0 up. Throws InvalidArgument. */
export const count = (name: string, otherwise = 1000) =>
  z
    .union([z.number(), z.string()])
    .default(otherwise)
    .transform((given) => {
      if (!/^-?\d{1,10}$/.test(String(given)))
        throw invalidArgument(`Provided ${name} not an integer or within integer range`, name, given);
      const value = Number(given);
      if (value < 0 || value > 2_147_483_647)
        throw invalidArgument(`Argument ${name} must be an integer between 0 and 2147483647`, name, given);
      return value;
    });

/** What all listings of a bucket's keys take. An empty delimiter is none. */
export const listInput = {
  Bucket: z.string(),
  Prefix: z.string().default(''),
  Delimiter: z
    .string()
    .transform((text) => (text === '' ? undefined : text))
    .optional(),
  MaxKeys: count('max-keys'),
  EncodingType: z
    .string()
    .transform((type) => {
      if (type !== 'url') throw invalidArgument('Invalid Encoding Method specified in Request', 'encoding-type', type);
      return type;
    })
    .optional(),
};

/** A key as the answer writes it: percent-encoded when the request asks, so that any key survives XML. */
export const written = (text: string, { EncodingType }: { readonly EncodingType?: string | undefined }): string =>
  EncodingType === undefined
    ? text
    : encodeURIComponent(Buffer.from(text).toString())
        .replaceAll('%2F', '/')
        .replaceAll('%20', '+')
        .replace(/[!'()]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
