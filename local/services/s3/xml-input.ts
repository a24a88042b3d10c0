import { z } from 'zod';

/** A repeated element: one that stands alone comes as itself, and none as nothing. */
export const listOf = <Item extends z.ZodType>(item: Item) =>
  z.preprocess((value) => (value === undefined || Array.isArray(value) ? value : [value]), z.array(item));

/** An element without children. */
export const emptyElement = z.string().regex(/^\s*$/);
