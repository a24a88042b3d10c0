import { z } from 'zod';
import { numeric } from '../../world/properties.ts';
import { pageOf } from '../page.ts';

/** How IAM's lists are asked for in parts; 100 items when nothing is said. */
export const paged = {
  Marker: z.string().optional(),
  MaxItems: numeric.pipe(z.number().int().min(1).max(1000)).default(100),
};

/** One part of a list, under the name its operation gives it. */
export function part<Item>(
  name: string,
  all: readonly Item[],
  { Marker, MaxItems }: { readonly Marker?: string | undefined; readonly MaxItems: number },
): Record<string, unknown> {
  const { items, next } = pageOf(all, Marker, MaxItems);
  return { [name]: items, IsTruncated: next !== undefined, ...(next === undefined ? {} : { Marker: next }) };
}

/** A path to list under. */
export const pathPrefix = z
  .string()
  .regex(/^\/.*$/, 'must begin with a slash')
  .default('/');
