import { z } from 'zod';
import { trailRecordSchema } from '../../events/trail-record.ts';
import { trailHeadSchema } from '../../events/trail-seal.ts';

/** The published JSON Schemas (draft 2020-12) of the sealed trail, by file of docs/schema. */
export const publishedSchemas: Readonly<Record<string, string>> = {
  'trail-record.json': text('A line of a segment of the sealed trail', trailRecordSchema),
  'trail-head.json': text("The first line of a head's object; the second is the signature in base64", trailHeadSchema),
};

function text(title: string, schema: z.ZodType): string {
  return `${JSON.stringify({ title, ...z.toJSONSchema(schema) }, undefined, 2)}\n`;
}
