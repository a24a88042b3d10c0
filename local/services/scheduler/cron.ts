import { type ZoneClocks, zoneClocks } from './zone.ts';

/** The values that each field of a cron expression lets through. Days follow either the month or the week, never both. */
export interface CronFields {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly years: ReadonlySet<number>;
  readonly isDay: (day: CalendarDay) => boolean;
}

/** A day; `month` from 1, `weekday` from 1 (Sunday), `last` the number of days of its month. */
interface CalendarDay {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
  readonly last: number;
}

const monthNames = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const weekdayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/**
 * Reads AWS's six fields `minutes hours day-of-month month day-of-week year`; undefined for what AWS refuses. `L`, `nL` and
 * `n#k` and `nW` (nearest weekday) are read.
 */
export function parseCron(content: string): CronFields | undefined {
  const [minutes = '', hours = '', dayOfMonth = '', month = '', dayOfWeek = '', year = '', ...rest] = content
    .trim()
    .toUpperCase()
    .split(/\s+/);
  if (rest.length > 0 || (dayOfMonth === '?') === (dayOfWeek === '?')) return undefined;
  const sets = {
    minutes: valuesOf(minutes, 0, 59),
    hours: valuesOf(hours, 0, 23),
    months: valuesOf(month, 1, 12, monthNames),
    years: valuesOf(year, 1970, 2199),
  };
  const isDay = dayOfWeek === '?' ? monthDay(dayOfMonth) : weekDay(dayOfWeek);
  if (!sets.minutes || !sets.hours || !sets.months || !sets.years || !isDay) return undefined;
  return { minutes: sets.minutes, hours: sets.hours, months: sets.months, years: sets.years, isDay };
}

/** A field that is longer names values again and again. */
const longestField = 1024;

/** `*`, `5`, `1-5`, `1/15`, `* /15`, names, and lists of these. */
function valuesOf(field: string, least: number, most: number, names: readonly string[] = []): Set<number> | undefined {
  if (field.length > longestField) return undefined;
  const found = new Set<number>();
  const number = (text: string): number =>
    names.includes(text) ? names.indexOf(text) + 1 : /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  for (const item of field.split(',')) {
    const [, range = '', step] = /^([^/]+)(?:\/(\d{1,4}))?$/.exec(item) ?? [];
    const [first = '', last, more] = range.split('-');
    if (more !== undefined || (first === '*' && last !== undefined)) return undefined;
    const from = first === '*' ? least : number(first);
    const until =
      first === '*' || (step !== undefined && last === undefined) ? most : last === undefined ? from : number(last);
    if (!(from >= least && until <= most && from <= until) || step === '0') return undefined;
    for (let value = from; value <= until; value += Number(step ?? 1)) found.add(value);
  }
  return found.size === 0 ? undefined : found;
}

function monthDay(field: string): CronFields['isDay'] | undefined {
  if (field === 'L') return ({ day, last }) => day === last;
  const [, nearest] = /^(\d{1,2})W$/.exec(field) ?? [];
  if (nearest !== undefined) return (date) => date.day === nearestWeekday(date, Number(nearest));
  const days = valuesOf(field, 1, 31);
  return days && (({ day }) => days.has(day));
}

/** The weekday of the month nearest to a day, without leaving the month. */
function nearestWeekday({ day, weekday, last }: CalendarDay, wanted: number): number {
  const target = Math.min(wanted, last);
  const weekdayOfTarget = ((((weekday - 1 + target - day) % 7) + 7) % 7) + 1;
  if (weekdayOfTarget === 7) return target === 1 ? 3 : target - 1;
  if (weekdayOfTarget === 1) return target === last ? target - 2 : target + 1;
  return target;
}

function weekDay(field: string): CronFields['isDay'] | undefined {
  const [, day, special, nth] = /^(\w{1,3}?)(L|#([1-5]))$/.exec(field) ?? [];
  if (special !== undefined) {
    const [weekday] = valuesOf(day ?? '', 1, 7, weekdayNames) ?? [];
    if (weekday === undefined) return undefined;
    return (date) =>
      date.weekday === weekday &&
      (special === 'L' ? date.day + 7 > date.last : Math.ceil(date.day / 7) === Number(nth));
  }
  if (field === 'L') return ({ weekday }) => weekday === 7;
  const days = valuesOf(field, 1, 7, weekdayNames);
  return days && (({ weekday }) => days.has(weekday));
}

const dayMilliseconds = 86_400_000;
/** How far ahead is looked: leap days come every eight years at worst. */
const longestLookDays = 366 * 9;

/** The first run after a moment, by the calendar of a zone; undefined when there is none within nine years. */
export function nextCron(fields: CronFields, after: number, zone: string): number | undefined {
  const clocks = zoneClocks(zone);
  const local = after + clocks.offsetAt(after);
  const today = Math.floor(local / dayMilliseconds) * dayMilliseconds;
  for (let day = 0; day < longestLookDays; day++) {
    const start = today + day * dayMilliseconds;
    if (!runsOn(fields, start)) continue;
    for (const time of timesOf(fields, start, clocks)) if (time > after) return time;
  }
  return undefined;
}

function runsOn({ months, years, isDay }: CronFields, start: number): boolean {
  const date = new Date(start);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + 1];
  if (!years.has(year) || !months.has(month)) return false;
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return isDay({ year, month, day: date.getUTCDate(), weekday: date.getUTCDay() + 1, last });
}

/**
 * The times of a day in order. A time that the zone's clocks skip in spring is no run; one that they show twice in autumn is one run.
 * Source: "Daylight savings time" on the schedule types page of the EventBridge Scheduler guide.
 */
function* timesOf({ hours, minutes }: CronFields, start: number, clocks: ZoneClocks): Generator<number> {
  const ordered = (values: ReadonlySet<number>) => [...values].sort((a, b) => a - b);
  const steady = clocks.steadyOffset(start);
  for (const hour of ordered(hours))
    for (const minute of ordered(minutes)) {
      const local = start + (hour * 60 + minute) * 60_000;
      const at = steady === undefined ? clocks.momentOf(new Date(local).toISOString().slice(0, 19)) : local - steady;
      if (steady !== undefined || at + clocks.offsetAt(at) === local) yield at;
    }
}
