/** When a stage may begin: a cron expression of six or seven fields, and the name of a time zone. */
export interface Window {
  /** Seconds, minutes, hours, day of month, month, day of week, and maybe a year. */
  readonly cron: string;
  readonly timeZone: string;
}

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const weekdays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** The fields after the seconds. Source: facts 3.4, and Quartz's cron expressions, which CodePipeline's have the form of. */
const fields = [
  { name: 'minutes', least: 0, most: 59 },
  { name: 'hours', least: 0, most: 23 },
  { name: 'day of month', least: 1, most: 31 },
  { name: 'month', least: 1, most: 12, names: months },
  { name: 'day of week', least: 1, most: 7, names: weekdays },
  { name: 'year', least: 1970, most: 2099 },
] as const;

type FieldName = (typeof fields)[number]['name'];

/** The values of each field that was understood; a field that lets all through, or means more than values (as `LW`), is left out. */
type Values = ReadonlyMap<FieldName, ReadonlySet<number>>;

/**
 * What is wrong with the windows of one condition, all of which must be open: fields that cannot be read, zones that nobody knows, and windows that are
 * never open, or never together. Each with its mend. The year is that of today.
 */
export function windowMistakes(windows: readonly Window[], year: number): readonly string[] {
  const read = windows.map((each) => ({ ...each, ...valuesOf(each) }));
  const unread = read.flatMap(({ cron, timeZone, mistake }) =>
    mistake === undefined ? [] : [`window('${cron}', '${timeZone}'): ${mistake}`],
  );
  if (unread.length > 0) return unread;
  const closed = read.flatMap(({ cron, values }) => {
    const why = neverOpens([values], year);
    return why === undefined ? [] : [`window('${cron}') never opens: ${why}`];
  });
  if (closed.length > 0) return closed;
  const zones = [...new Set(windows.map(({ timeZone }) => timeZone))];
  return zones.flatMap((zone) => {
    const together = read.filter(({ timeZone }) => timeZone === zone);
    const why = neverOpens(
      together.map(({ values }) => values),
      year,
    );
    return why === undefined
      ? []
      : [`${together.map(({ cron }) => `window('${cron}')`).join(' and ')} are never open at the same time: ${why}`];
  });
}

function valuesOf({ cron, timeZone }: Window): { readonly values: Values; readonly mistake?: string } {
  const values = new Map<FieldName, ReadonlySet<number>>();
  const [seconds = '', ...given] = cron.trim().toUpperCase().split(/\s+/);
  const wrong = (mistake: string) => ({ values, mistake });
  if (given.length !== 5 && given.length !== 6)
    return wrong(
      `it has ${given.length + 1} fields: give seconds, minutes, hours, day of month, month, day of week and maybe a year, as '* * 9-17 ? * MON-FRI *'`,
    );
  if (seconds !== '*') return wrong(`its seconds are '${seconds}', and it would be open for moments only: write *`);
  if ((given[2] === '?') === (given[4] === '?'))
    return wrong("one of day of month and day of week has to be '?', and the other one not");
  for (const [index, text] of given.entries()) {
    const field = fields[index];
    if (field === undefined || text === '*' || text === '?') continue;
    const found = setOf(text, field);
    if (found === undefined)
      return wrong(
        `'${text}' is no ${field.name}: give ${field.least} to ${field.most}, spans a-b, steps a/n, or lists`,
      );
    if (found !== 'special') values.set(field.name, found);
  }
  return isZone(timeZone)
    ? { values }
    : wrong(`'${timeZone}' is no time zone: give a name of the IANA list, as Europe/Berlin`);
}

interface Field {
  readonly name: FieldName;
  readonly least: number;
  readonly most: number;
  readonly names?: readonly string[];
}

function setOf(text: string, { name, least, most, names = [] }: Field): ReadonlySet<number> | 'special' | undefined {
  if (name === 'day of month' && /^(L(-\d{1,2})?|LW|([1-9]|[12]\d|3[01])W)$/.test(text)) return 'special';
  if (name === 'day of week' && /^([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)?L$|^([1-7]|[A-Z]{3})#[1-5]$/.test(text))
    return 'special';
  const found = new Set<number>();
  for (const item of text.split(',')) {
    const [, first = '', last, step] = /^(\*|\w{1,4})(?:-(\w{1,4}))?(?:\/(\d{1,4}))?$/.exec(item) ?? [];
    const number = (value: string): number =>
      names.includes(value) ? names.indexOf(value) + 1 : /^\d+$/.test(value) ? Number(value) : Number.NaN;
    const from = first === '*' ? least : number(first);
    const until = last !== undefined ? number(last) : first === '*' || step !== undefined ? most : from;
    if (!(from >= least && until <= most && from <= most && until >= least) || step === '0') return undefined;
    // A span may go over the end, as FRI-MON and 22-2 do.
    const length = (until >= from ? until - from : until - from + (most - least + 1)) + 1;
    for (let ahead = 0; ahead < length; ahead += Number(step ?? 1))
      found.add(((from - least + ahead) % (most - least + 1)) + least);
  }
  return found;
}

/** Why no moment is within all of these; undefined when some may be. */
function neverOpens(all: readonly Values[], year: number): string | undefined {
  const shared = (name: FieldName): readonly number[] | undefined => {
    const sets = all.flatMap((values) => values.get(name) ?? []);
    return sets.length === 0 ? undefined : [...(sets[0] ?? [])].filter((value) => sets.every((set) => set.has(value)));
  };
  const apart = fields.find(({ name }) => shared(name)?.length === 0);
  if (apart !== undefined) return `no ${apart.name} is in all of them: let them overlap, or leave one out`;
  const years = shared('year');
  if (years !== undefined && Math.max(...years) < year)
    return `its last year is ${Math.max(...years)}, which is over: leave the year out, or give a later one`;
  const days = shared('day of month');
  const longest = Math.max(...(shared('month') ?? [1]).map((month) => daysOf[month - 1] ?? 31));
  return days !== undefined && Math.min(...days) > longest
    ? `no month of those has a day ${Math.min(...days)}: give one that they have, or L for the last`
    : undefined;
}

/** The days of the months, in leap years. */
const daysOf = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Names as CodePipeline takes them: Region/City, an offset from UTC, or an abbreviation. Source: facts 3.4. */
function isZone(name: string): boolean {
  if (/^(UTC|GMT)?[+-]\d{1,2}(:?\d\d)?$|^[A-Z]{2,5}$/.test(name)) return true;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
