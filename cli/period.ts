import type { Period } from '../audit/trail/search.ts';
import { Fault } from '../shared/fault.ts';

const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** From that long ago (`90m`, `12h`, `30d`) until a minute from now, for clocks that differ. Throws PeriodInvalid. */
export function periodOf(since: string): Period {
  const [, count = '', unit = ''] = /^(\d{1,4})([mhd])$/.exec(since) ?? [];
  const milliseconds = units[unit];
  if (milliseconds === undefined) throw new Fault('PeriodInvalid', `'${since}' is no length of time`);
  return { from: Date.now() - Number(count) * milliseconds, until: Date.now() + 60_000 };
}
