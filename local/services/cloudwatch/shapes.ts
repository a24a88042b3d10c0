import { z } from 'zod';
import { numeric } from '../../world/properties.ts';
import { statistics } from './statistics.ts';

/** A moment: epoch seconds in JSON, ISO 8601 in Query. Becomes milliseconds. */
export const moment = z.union([
  z.number().transform((seconds) => seconds * 1000),
  z
    .string()
    .refine((text) => !Number.isNaN(Date.parse(text)), 'must be a time in ISO 8601')
    .transform((text) => Date.parse(text)),
]);

/** Dimensions as a list of names and values; become a map. */
export const dimensions = z
  .array(z.object({ Name: z.string().min(1).max(255), Value: z.string().min(1).max(1024) }))
  .max(30, 'must have at most 30 dimensions')
  .transform((list) => Object.fromEntries(list.map(({ Name, Value }) => [Name, Value])));

/** A map of dimensions as the API lists them. */
export const listedDimensions = (map: Readonly<Record<string, string>>) =>
  Object.entries(map).map(([Name, Value]) => ({ Name, Value }));

/** A statistic by name. Percentiles and trimmed means are refused. */
export const statistic = z.enum(statistics);

/** A period in seconds; shorter than a minute is not played. */
export const period = numeric.refine((seconds) => seconds >= 60 && seconds % 60 === 0, {
  message: 'must be a multiple of 60 seconds (high-resolution periods are not played by the local cloud)',
});
