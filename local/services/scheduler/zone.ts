const dayMilliseconds = 86_400_000;

/** The clocks of a time zone. Making them costs far more than reading them: make them once for many readings. */
export interface ZoneClocks {
  /** How far they are ahead of UTC at a moment, in milliseconds. */
  offsetAt(at: number): number;
  /** How far they are ahead for the whole of a day that begins at local midnight `start`; undefined when they change around it. */
  steadyOffset(start: number): number | undefined;
  /**
   * The moment at which they show a local time `YYYY-MM-DDThh:mm:ss`: the first of two in autumn, and for a time that is skipped in
   * spring the moment that is as far behind the change.
   */
  momentOf(local: string): number;
}

/** The clocks of a zone that the machine knows. Throws RangeError for another. */
export function zoneClocks(zone: string): ZoneClocks {
  const offsetAt = zone === 'UTC' ? () => 0 : offsetsOf(zone);
  return {
    offsetAt,
    // A zone is at most 14 hours from UTC; none changes its clocks twice in three days.
    steadyOffset: (start) => {
      const offset = offsetAt(start - dayMilliseconds);
      return offset === offsetAt(start + 2 * dayMilliseconds) ? offset : undefined;
    },
    momentOf: (local) => {
      const utc = Date.parse(`${local}Z`);
      const before = utc - offsetAt(utc - dayMilliseconds);
      const after = utc - offsetAt(utc + dayMilliseconds);
      const [first = before] = [before, after]
        .filter((at) => at + offsetAt(at) === utc)
        .sort((one, other) => one - other);
      return first;
    },
  };
}

function offsetsOf(zone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (at) => {
    const parts = format.formatToParts(at);
    const part = (type: string) => Number(parts.find((each) => each.type === type)?.value ?? 0);
    const shown = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
    return shown - Math.floor(at / 1000) * 1000;
  };
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
