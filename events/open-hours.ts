import { Fault } from '../shared/fault.ts';

/** The hours of a week in which a pipeline may start something; outside of them its merges are held. */
export interface OpenHours {
  /** Spans such as `Mon-Fri 09:00-17:00` or `Sat,Sun 22:00-02:00`, on the clocks of the zone; the end is not part of it. */
  readonly open: readonly string[];
  /** An IANA time zone, such as `Europe/Berlin`. */
  readonly zone: string;
  /** In the owner's words; the trail repeats it. */
  readonly reason: string;
}

/** A span of a day of the week, in minutes since midnight. One that ends at or before its beginning ends on the next day. */
interface Span {
  /** 0 is Monday. */
  readonly days: ReadonlySet<number>;
  readonly from: number;
  readonly until: number;
}

const dayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const minutesOfDay = 24 * 60;
const minute = 60_000;
const day = minutesOfDay * minute;

/**
 * The end of the hold at a moment (milliseconds since 1970): when the hours are open next, or a week later when they only fall into
 * the hour that clocks leave out. Null while they are open.
 */
export function opensAt(hours: OpenHours, now: number): number | null {
  const spans = hours.open.map(spanOf);
  const clock = clockOf(hours.zone);
  const isOpen = (moment: number): boolean => isWithin(spans, localTime(moment, clock));
  if (isOpen(now)) return null;
  const today = localTime(now, clock).midnight;
  // A week and a day on each side: the clocks of the zone can be a day apart from UTC, and be put on.
  const midnights = Array.from({ length: 10 }, (_, ahead) => today + ahead * day);
  const starts = midnights.flatMap((midnight) =>
    spans
      .filter(({ days }) => days.has(weekdayOf(midnight)))
      .flatMap(({ from }) => instantsOf(midnight + from * minute, clock)),
  );
  // Clocks that are put on or back can also open: into the middle of a span, or into it a second time.
  const changes = midnights.flatMap((midnight) => changeOf(clock, midnight - day, midnight));
  const next = [...starts, ...changes].filter((start) => start > now && isOpen(start)).sort((a, b) => a - b);
  return next[0] ?? now + 7 * day;
}

/** Throws OpenHoursInvalid for a span or a zone that cannot be read. */
export function checkOpenHours({ open, zone }: OpenHours): void {
  if (open.length === 0) throw new Fault('OpenHoursInvalid', 'there is no span, so nothing would ever start');
  for (const text of open) spanOf(text);
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
  } catch {
    throw new Fault('OpenHoursInvalid', `'${zone}' is no time zone`, 'give a name of the IANA list, as Europe/Berlin');
  }
}

function spanOf(text: string): Span {
  const [, days = '', fromHour, fromMinute, untilHour, untilMinute] =
    /^\s*([a-z,\s-]+?)\s+(\d\d):(\d\d)\s*-\s*(\d\d):(\d\d)\s*$/i.exec(text) ?? [];
  const from = Number(fromHour) * 60 + Number(fromMinute);
  const until = Number(untilHour) * 60 + Number(untilMinute);
  const isTime = (minutes: number, minutesOfHour: string | undefined, most: number): boolean =>
    minutes <= most && Number(minutesOfHour) < 60;
  if (!isTime(from, fromMinute, minutesOfDay - 1) || !isTime(until, untilMinute, minutesOfDay))
    throw new Fault('OpenHoursInvalid', `'${text}' is no span of days and times`);
  return { days: new Set(days.split(',').flatMap((each) => daysOf(each, text))), from, until };
}

/** `Mon` or `Fri-Mon`, as numbers of days. */
function daysOf(text: string, span: string): readonly number[] {
  const [first = '', last = first, ...more] = text
    .trim()
    .toLowerCase()
    .split(/\s*-\s*/);
  const [from, until] = [dayNames.indexOf(first), dayNames.indexOf(last)];
  if (from < 0 || until < 0 || more.length > 0)
    throw new Fault('OpenHoursInvalid', `'${text.trim()}' in '${span}' is no day or span of days`);
  const length = ((until - from + 7) % 7) + 1;
  return Array.from({ length }, (_, ahead) => (from + ahead) % 7);
}

function isWithin(spans: readonly Span[], { midnight, minutes }: LocalTime): boolean {
  const [today, yesterday] = [weekdayOf(midnight), weekdayOf(midnight - day)];
  return spans.some(({ days, from, until }) =>
    from < until
      ? days.has(today) && from <= minutes && minutes < until
      : (days.has(today) && from <= minutes) || (days.has(yesterday) && minutes < until),
  );
}

/** What the clocks of a zone show. */
interface LocalTime {
  /** The day's midnight, as if the zone were UTC: a name for the day. */
  readonly midnight: number;
  readonly minutes: number;
}

/** How far the clocks of a zone are ahead of UTC at a moment, in milliseconds. */
type Clock = (moment: number) => number;

function localTime(moment: number, aheadOfUtc: Clock): LocalTime {
  const shown = moment + aheadOfUtc(moment);
  const midnight = Math.floor(shown / day) * day;
  return { midnight, minutes: Math.floor((shown - midnight) / minute) };
}

/**
 * The moments at which the clocks of a zone may show this time, given as if the zone were UTC: two when clocks are put back, and when they
 * are put on and leave it out, some other.
 */
function instantsOf(shown: number, aheadOfUtc: Clock): readonly number[] {
  return [shown - day, shown + day].map((around) => shown - aheadOfUtc(around));
}

/** The moment between two at which the clocks are put on or back, to the minute. */
function changeOf(aheadOfUtc: Clock, from: number, until: number): readonly number[] {
  if (aheadOfUtc(from) === aheadOfUtc(until)) return [];
  let [before, after] = [from, until];
  while (after - before > minute) {
    const middle = Math.floor((before + after) / 2 / minute) * minute;
    if (aheadOfUtc(middle) === aheadOfUtc(from)) before = middle;
    else after = middle;
  }
  return [after];
}

function clockOf(zone: string): Clock {
  const numeric = 'numeric';
  const fields = {
    year: numeric,
    month: numeric,
    day: numeric,
    hour: numeric,
    minute: numeric,
    second: numeric,
  } as const;
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', ...fields });
  return (moment) => {
    const parts = new Map(format.formatToParts(moment).map(({ type, value }) => [type, Number(value)]));
    const [year = 0, month = 1, ...rest] = Object.keys(fields).map(
      (field) => parts.get(field as keyof typeof fields) ?? 0,
    );
    return Date.UTC(year, month - 1, ...rest) - Math.floor(moment / 1000) * 1000;
  };
}

/** 1970-01-01 was a Thursday. */
const weekdayOf = (midnight: number): number => (((midnight / day + 3) % 7) + 7) % 7;
