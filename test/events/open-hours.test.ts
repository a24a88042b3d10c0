import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { freezeAt, opensWithinAFortnight } from '../../events/freeze.ts';
import { checkOpenHours, opensAt } from '../../events/open-hours.ts';

const hours = (zone: string, ...open: readonly string[]) => ({ open, zone, reason: 'office hours' });
const office = hours('Europe/Berlin', 'Mon-Fri 09:00-17:00');
const opens = (at: string, which = office): string | null => {
  const moment = opensAt(which, Date.parse(at));
  return moment === null ? null : new Date(moment).toISOString();
};

describe('opening hours on the clocks of their zone', () => {
  test.each([
    ['on a Friday at nine', '2026-11-20T08:00:00Z', null],
    ['on a Friday just before five', '2026-11-20T15:59:59Z', null],
    ['on a Friday at five', '2026-11-20T16:00:00Z', '2026-11-23T08:00:00.000Z'],
    ['on a Sunday', '2026-11-22T12:00:00Z', '2026-11-23T08:00:00.000Z'],
    ['on the Friday before clocks are put on', '2026-03-27T16:00:00Z', '2026-03-30T07:00:00.000Z'],
    ['on the Friday before clocks are put back', '2026-10-23T15:00:00Z', '2026-10-26T08:00:00.000Z'],
  ])('%s', (_when, at, next) => {
    expect(opens(at)).toBe(next);
  });

  test.each([
    ['over midnight, before it', hours('UTC', 'Sat,Sun 22:00-02:00'), '2026-11-21T23:00:00Z', null],
    ['over midnight, after it', hours('UTC', 'Sat,Sun 22:00-02:00'), '2026-11-23T01:59:00Z', null],
    [
      'over midnight, at its end',
      hours('UTC', 'Sat,Sun 22:00-02:00'),
      '2026-11-23T02:00:00Z',
      '2026-11-28T22:00:00.000Z',
    ],
    ['over the end of the week', hours('UTC', 'Fri-Mon 00:00-24:00'), '2026-11-23T23:59:00Z', null],
    [
      'ahead of UTC by half an hour too',
      hours('Asia/Kolkata', 'Mon 09:00-10:00'),
      '2026-11-23T03:29:00Z',
      '2026-11-23T03:30:00.000Z',
    ],
    [
      'at an hour that clocks leave out',
      hours('Europe/Berlin', 'Sun 02:30-05:00'),
      '2026-03-29T00:00:00Z',
      '2026-03-29T01:00:00.000Z',
    ],
  ])('%s', (_what, which, at, next) => {
    expect(opens(at, which)).toBe(next);
  });

  test('where they open, they are open, and until then they are closed', () => {
    const days = fc.constantFrom('Mon', 'Tue-Thu', 'Fri,Sun', 'Sat-Mon');
    const times = fc.constantFrom('00:00-24:00', '02:30-03:30', '09:00-17:00', '22:00-04:00');
    const zones = fc.constantFrom(
      'UTC',
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'Pacific/Kiritimati',
    );
    const moments = fc.oneof(
      fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2028, 0, 1) }),
      // Around the nights in which clocks are put back and on: Berlin, New York, Lord Howe.
      fc
        .tuple(
          fc.constantFrom('2026-10-25', '2027-03-28', '2026-11-01', '2027-03-14', '2026-10-04', '2027-04-04'),
          fc.integer({ min: -1440, max: 1440 }),
        )
        .map(([date, minutes]) => Date.parse(`${date}T01:00:00Z`) + minutes * 60_000),
    );
    fc.assert(
      fc.property(
        days,
        times,
        zones,
        moments,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (day, time, zone, now, part) => {
          const which = hours(zone, `${day} ${time}`);
          const next = opensAt(which, now);
          if (next === null || next === now + 7 * 86_400_000) return;
          expect(opensAt(which, next)).toBeNull();
          for (const before of [Math.floor(now + (next - now) * part), next - 60_000, next - 3_600_000])
            if (before > now && before < next) expect(opensAt(which, before)).toBe(next);
        },
      ),
      { numRuns: 200 },
    );
  });
});

test.each([
  ['put back into the span', 'Sun 02:30-03:30', '2026-10-24T23:00:00Z', '2026-10-25T00:30:00Z'],
  ['put back: the span comes twice', 'Sun 02:30-02:45', '2026-10-25T00:50:00Z', '2026-10-25T01:30:00Z'],
  ['put back into a span that had ended', 'Sun 01:30-02:30', '2026-10-25T00:40:00Z', '2026-10-25T01:00:00Z'],
  ['put on into the span', 'Sun 02:30-03:30', '2027-03-27T23:00:00Z', '2027-03-28T01:00:00Z'],
])('clocks of Berlin that are %s', (_what, span, now, opens) => {
  expect(opensAt(hours('Europe/Berlin', span), Date.parse(now))).toBe(Date.parse(opens));
});

test('a freeze at the end of the week holds until the hours open again', () => {
  const freeze = { from: '2026-11-23T00:00:00Z', until: '2026-11-24T12:00:00Z', reason: 'inventory' };

  expect(freezeAt([office, freeze], Date.parse('2026-11-21T00:00:00Z'))).toEqual({
    until: Date.parse('2026-11-24T12:00:00Z'),
    reason: 'office hours',
  });
});

test('hours of two owners that never meet never open', () => {
  expect(opensWithinAFortnight([office], 0)).toBe(true);
  expect(opensWithinAFortnight([office, hours('Europe/Berlin', 'Sat 09:00-17:00')], 0)).toBe(false);
});

test.each([
  [hours('UTC'), 'there is no span'],
  [hours('UTC', 'weekdays'), "'weekdays' is no span of days and times"],
  [hours('UTC', 'Mon 9-17'), "'Mon 9-17' is no span"],
  [hours('UTC', 'Mon 09:00-25:00'), "'Mon 09:00-25:00' is no span"],
  [hours('UTC', 'Mon 09:60-10:00'), "'Mon 09:60-10:00' is no span"],
  [hours('UTC', 'Mon-Freitag 09:00-17:00'), "'Mon-Freitag' in 'Mon-Freitag 09:00-17:00' is no day"],
  [hours('Europe/Berln', 'Mon 09:00-10:00'), "'Europe/Berln' is no time zone"],
])('%j is refused', (which, words) => {
  expect(() => checkOpenHours(which)).toThrow(words);
});
