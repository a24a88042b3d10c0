import { expect, test } from 'vitest';
import { windowMistakes } from '../../../workload-account/steps/window.ts';

const year = 2026;
const utc = (...crons: string[]) => crons.map((cron) => ({ cron, timeZone: 'UTC' }));

test.each([
  ['* * 9-17 ? * MON-FRI *'],
  ['* 0-30,45 9-17 ? * mon-fri'],
  ['* */15 22-2 L * ?'],
  ['* * * LW 2 ? 2026-2030'],
  ['* * * ? * FRI#2 *'],
  ['* * * ? * FRI-MON *'],
  ['* * * 29 FEB ? *'],
  ['* * * 31 4,5 ? *'],
  ['* * 9-12 ? * MON *', '* * 11-14 ? * MON-TUE *'],
])('a window %s opens', (...crons) => {
  expect(windowMistakes(utc(...crons), year)).toEqual([]);
});

test.each<readonly [readonly string[], string]>([
  [
    ['9-17 ? * MON-FRI'],
    "window('9-17 ? * MON-FRI', 'UTC'): it has 4 fields: give seconds, minutes, hours, day of month, month, day of week and maybe a year, as '* * 9-17 ? * MON-FRI *'",
  ],
  [
    ['0 0 9-17 ? * MON-FRI *'],
    "window('0 0 9-17 ? * MON-FRI *', 'UTC'): its seconds are '0', and it would be open for moments only: write *",
  ],
  [
    ['* * 9-17 * * MON-FRI *'],
    "window('* * 9-17 * * MON-FRI *', 'UTC'): one of day of month and day of week has to be '?', and the other one not",
  ],
  [
    ['* * 9-25 ? * * *'],
    "window('* * 9-25 ? * * *', 'UTC'): '9-25' is no hours: give 0 to 23, spans a-b, steps a/n, or lists",
  ],
  [
    ['* * * ? * MO-FR *'],
    "window('* * * ? * MO-FR *', 'UTC'): 'MO-FR' is no day of week: give 1 to 7, spans a-b, steps a/n, or lists",
  ],
  [
    ['* * * 30 FEB ? *'],
    "window('* * * 30 FEB ? *') never opens: no month of those has a day 30: give one that they have, or L for the last",
  ],
  [
    ['* * * 31 4,6 ? *'],
    "window('* * * 31 4,6 ? *') never opens: no month of those has a day 31: give one that they have, or L for the last",
  ],
  [
    ['* * * ? * * 2024-2025'],
    "window('* * * ? * * 2024-2025') never opens: its last year is 2025, which is over: leave the year out, or give a later one",
  ],
  [
    ['* * * ? * MON *', '* * * ? * TUE-FRI *'],
    "window('* * * ? * MON *') and window('* * * ? * TUE-FRI *') are never open at the same time: no day of week is in all of them: let them overlap, or leave one out",
  ],
])('windows %j never open, and their owner is told how to mend them', (crons, told) => {
  expect(windowMistakes(utc(...crons), year)).toEqual([told]);
});

test.each(['Europe/Berlin', 'UTC', 'CET', '+02:00'])('a window may be in the zone %s', (timeZone) => {
  expect(windowMistakes([{ cron: '* * 9-17 ? * * *', timeZone }], year)).toEqual([]);
});

test('a window in a zone that nobody knows is told', () => {
  expect(windowMistakes([{ cron: '* * 9-17 ? * * *', timeZone: 'Europe/Berlyn' }], year)).toEqual([
    "window('* * 9-17 ? * * *', 'Europe/Berlyn'): 'Europe/Berlyn' is no time zone: give a name of the IANA list, as Europe/Berlin",
  ]);
});

test('windows of different zones are not compared', () => {
  const windows = [
    { cron: '* * 9-10 ? * MON *', timeZone: 'Europe/Berlin' },
    { cron: '* * 3-4 ? * MON *', timeZone: 'America/New_York' },
  ];

  expect(windowMistakes(windows, year)).toEqual([]);
});
