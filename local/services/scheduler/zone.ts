const dayMilliseconds = 86_400_000;

/**
 * The moment at which a zone's clocks show a local time `YYYY-MM-DDThh:mm:ss`: the first of two in autumn, and for a time that is
 * skipped in spring the moment that is as far behind the change.
 */
export function zoned(local: string, zone: string): number {
  const utc = Date.parse(`${local}Z`);
  const before = utc - offsetAt(utc - dayMilliseconds, zone);
  const after = utc - offsetAt(utc + dayMilliseconds, zone);
  const [first = before] = [before, after]
    .filter((at) => at + offsetAt(at, zone) === utc)
    .sort((one, other) => one - other);
  return first;
}

/** How far a zone's clocks are ahead of UTC at a moment, in milliseconds. */
export function offsetAt(at: number, zone: string): number {
  if (zone === 'UTC') return 0;
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at);
  const part = (type: string) => Number(parts.find((each) => each.type === type)?.value ?? 0);
  const shown = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return shown - Math.floor(at / 1000) * 1000;
}

/** Whether the machine knows a time zone by that name. */
export function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
