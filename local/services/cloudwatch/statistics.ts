import type { Minute } from './tables.ts';

/** The statistics that are played; percentiles are not. */
export const statistics = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'] as const;
export type Statistic = (typeof statistics)[number];

/** Combines the minutes whose start lies in `[from, until)`, in milliseconds; undefined when nothing was measured. */
export function combine(minutes: readonly Minute[], from: number, until: number): Minute | undefined {
  let found: Minute | undefined;
  for (const minute of minutes) {
    if (minute.start < from || minute.start >= until) continue;
    found = {
      start: from,
      sum: (found?.sum ?? 0) + minute.sum,
      count: (found?.count ?? 0) + minute.count,
      minimum: Math.min(found?.minimum ?? minute.minimum, minute.minimum),
      maximum: Math.max(found?.maximum ?? minute.maximum, minute.maximum),
    };
  }
  return found;
}

/** One statistic of what was measured. */
export function statisticOf(minute: Minute, statistic: Statistic): number {
  switch (statistic) {
    case 'SampleCount':
      return minute.count;
    case 'Average':
      return minute.sum / minute.count;
    case 'Sum':
      return minute.sum;
    case 'Minimum':
      return minute.minimum;
    case 'Maximum':
      return minute.maximum;
  }
}

/** Each period of `[from, until)` that holds data, oldest first, with its start in milliseconds. */
export function series(
  minutes: readonly Minute[],
  statistic: Statistic,
  { from, until, periodSeconds }: { readonly from: number; readonly until: number; readonly periodSeconds: number },
): readonly { readonly start: number; readonly value: number }[] {
  const period = periodSeconds * 1000;
  const starts = new Set(minutes.map((minute) => Math.floor(minute.start / period) * period));
  return [...starts].flatMap((start) => {
    const found = start + period > from && start < until ? combine(minutes, start, start + period) : undefined;
    return found === undefined ? [] : [{ start, value: statisticOf(found, statistic) }];
  });
}
