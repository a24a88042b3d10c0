import { z } from 'zod';
import { pageOf } from '../page.ts';

/** How KMS's lists are asked for in parts; 50 items when nothing is said. */
export const paged = { Limit: z.number().int().min(1).max(1000).default(50), Marker: z.string().optional() };

/** One part of a list, under the name its operation gives it. Throws InvalidMarkerException. */
export function part(
  name: string,
  all: readonly unknown[],
  { Limit, Marker }: { readonly Limit: number; readonly Marker?: string | undefined },
): Record<string, unknown> {
  const { items, next } = pageOf(all, Marker, Limit, 'InvalidMarkerException');
  return { [name]: items, Truncated: next !== undefined, ...(next === undefined ? {} : { NextMarker: next }) };
}
