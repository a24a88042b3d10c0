import { type OpenHours, opensAt } from './open-hours.ts';

/** A span in which an owner lets nothing start. */
export interface Freeze {
  /** ISO 8601. */
  readonly from: string;
  /** ISO 8601; the span ends just before it. */
  readonly until: string;
  /** In the owner's words; the trail repeats it. */
  readonly reason: string;
}

/** What holds merges: a span of time, or all times outside of opening hours. */
export type Hold = Freeze | OpenHours;

/** So many holds may follow each other without a break; what is held longer is looked at again by the sweep. */
const turnsAtMost = 100;

/** The hold at a moment (milliseconds since 1970), or null. Its end is where no adjoining hold holds any longer. */
export function freezeAt(holds: readonly Hold[], now: number): { until: number; reason: string } | null {
  const first = holdAt(holds, now);
  if (first === null) return null;
  let { until } = first;
  for (let turns = 0; turns < turnsAtMost; turns += 1) {
    const next = holdAt(holds, until);
    if (next === null) break;
    until = next.until;
  }
  return { until, reason: first.reason };
}

/** True when merges come through at some moment of the fortnight after `now`. */
export const opensWithinAFortnight = (holds: readonly Hold[], now: number): boolean =>
  (freezeAt(holds, now)?.until ?? now) < now + 14 * 24 * 60 * 60_000;

function holdAt(holds: readonly Hold[], moment: number): { until: number; reason: string } | null {
  for (const hold of holds) {
    const until = endOf(hold, moment);
    if (until !== null) return { until, reason: hold.reason };
  }
  return null;
}

/** When a hold that holds at a moment ends; null when it does not hold. */
function endOf(hold: Hold, moment: number): number | null {
  if ('open' in hold) return opensAt(hold, moment);
  return Date.parse(hold.from) <= moment && moment < Date.parse(hold.until) ? Date.parse(hold.until) : null;
}
