/** A span in which an owner lets nothing start. */
export interface Freeze {
  /** ISO 8601. */
  readonly from: string;
  /** ISO 8601; the span ends just before it. */
  readonly until: string;
  /** In the owner's words; the trail repeats it. */
  readonly reason: string;
}

/**
 * The freeze that holds at a moment (milliseconds since 1970), or null. Its end is where no adjoining freeze holds any
 * longer.
 */
export function freezeAt(freezes: readonly Freeze[], now: number): { until: number; reason: string } | null {
  const holding = (moment: number) =>
    freezes.find(({ from, until }) => Date.parse(from) <= moment && moment < Date.parse(until));
  const first = holding(now);
  if (first === undefined) return null;
  let until = now;
  // Each turn passes the end of one freeze, so there are at most as many turns as freezes.
  for (let last = holding(until); last !== undefined; last = holding(until)) until = Date.parse(last.until);
  return { until, reason: first.reason };
}
