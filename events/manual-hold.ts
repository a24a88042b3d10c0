import { z } from 'zod';
import { moment } from './fields.ts';
import { objectIn, personOf, type WrittenVersion } from './written-version.ts';

const schema = z.strictObject({ reason: z.string().trim().min(1).max(500), until: moment.nullable() });

/** What a person writes to hold a pipeline: why, and until when (ISO 8601 in UTC, null for no end). */
export type ManualHold = Readonly<z.infer<typeof schema>>;

/** The hold as its parameter keeps it. */
export const holdText = (hold: ManualHold): string => JSON.stringify(schema.parse(hold));

/** A hold that is on. */
export interface HoldInForce {
  readonly reason: string;
  /** Milliseconds since 1970; null for no end. */
  readonly until: number | null;
}

/**
 * The hold that the versions of a hold's parameter amount to at a moment, oldest first; null when there is none or it has ended. A hold
 * that cannot be read holds: somebody wanted nothing to start.
 */
export function holdInForce(versions: readonly WrittenVersion[], now: number): HoldInForce | null {
  const newest = versions.at(-1);
  if (newest === undefined) return null;
  const who = personOf(newest.by) ?? newest.by;
  const { success, data } = schema.safeParse(objectIn(newest.value));
  if (!success)
    return { reason: `${who} holds it by a parameter that cannot be read: write it anew, or release`, until: null };
  const until = data.until === null ? null : Date.parse(data.until);
  return until !== null && until <= now ? null : { reason: `${who} holds it: ${data.reason}`, until };
}
