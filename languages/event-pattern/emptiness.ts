import { anyEvent, type EventShape } from './event-shape.ts';
import { commonEvent } from './overlap.ts';
import type { Pattern } from './types.ts';

/** Whether no event of a shape matches the pattern. Exact. */
export const isEmpty = (pattern: Pattern, shape: EventShape = anyEvent): boolean =>
  !commonEvent([pattern], shape).overlaps;
