import { z } from 'zod';

/** A number property: templates may write it as text. */
export const numeric = z.union([
  z.number(),
  z
    .string()
    .regex(/^-?\d+(\.\d+)?$/)
    .transform(Number),
]);

/** A boolean property: templates may write it as text. */
export const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);

/** A policy document: JSON whose meaning `languages/iam-policy` judges. */
export const policyDocument = z.record(z.string(), z.unknown());

/** Tags as most resource types take them. */
export const tags = z.array(z.strictObject({ Key: z.string(), Value: z.string() }));
