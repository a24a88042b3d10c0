import { z } from 'zod';
import { AwsError } from '../world/failure.ts';
import { numeric } from '../world/properties.ts';

/** How many items a page shall have at most, where a list takes 1 to 100 and gives 100 unless told. Sources: the API models of EventBridge (LimitMax100), Scheduler, CloudWatch. */
export const pageLimit = numeric.pipe(z.number().int().min(1).max(100)).default(100);

/** One page of a list, and where the next one begins. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next?: string;
}

/** The page of at most `limit` items that a token of an earlier answer points at. Throws ValidationException (or `code`) for a token that no answer gave. */
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
