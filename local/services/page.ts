import { z } from 'zod';
import { AwsError } from '../world/failure.ts';
import { numeric } from '../world/properties.ts';

/** How many items a list of EventBridge shall give at most: 1 to 100. Source: LimitMax100 of its API model. */
export const pageLimit = numeric.pipe(z.number().int().min(1).max(100)).optional();

/** One page of a list, and where the next one begins. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next?: string;
}

/** The page of at most `limit` items that a token of an earlier answer points at. Throws InvalidNextToken (or `code`). */
export function pageOf<Item>(
  all: readonly Item[],
  token: string | undefined,
  limit: number,
  code = 'ValidationException',
): Page<Item> {
  const text = token === undefined ? '0' : Buffer.from(token, 'base64url').toString('utf8');
  const start = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(start)) throw new AwsError(code, 'The next token is not valid.');
  const items = all.slice(start, start + limit);
  const end = start + items.length;
  return end < all.length ? { items, next: Buffer.from(String(end)).toString('base64url') } : { items };
}
