import { z } from 'zod';

/** A list; the Query protocol writes an empty one as an empty text. */
export const queryList = <Item extends z.ZodType>(item: Item, most = 1000) =>
  z.preprocess((given) => (given === '' ? [] : given), z.array(item).max(most)).default([]);
