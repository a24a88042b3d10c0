import { afterAll, beforeAll, expect, test } from 'vitest';
import { administrator } from '../../local/accounts.ts';
import { nextRun, parseSchedule } from '../../local/services/scheduler/expression.ts';
import { call } from '../../local/world/call.ts';
import { type EventsWorld, eventsWorld } from './events-world.ts';

const account = '444444444444';
const region = 'eu-west-1';
const queueArn = `arn:aws:sqs:${region}:${account}:none`;
const roleArn = `arn:aws:iam::${account}:role/none`;
let cloud: EventsWorld;

beforeAll(async () => {
  cloud = await eventsWorld();
});
afterAll(() => cloud.close());

const ask = (operation: string, input: object) =>
  call<Record<string, unknown>>(cloud.world, {
    service: 'scheduler',
    operation,
    input,
    account,
    region,
    caller: administrator(cloud.world, account),
  });

const plain = {
  ScheduleExpression: 'rate(1 hour)',
  FlexibleTimeWindow: { Mode: 'OFF' },
  Target: { Arn: queueArn, RoleArn: roleArn },
};

const runsOf = (name: string) =>
  cloud.told('state').filter((text) => text === `schedule ${name} is due by ${plain.ScheduleExpression}`);

test.each([
  ['CreateSchedule', { Name: 'taken' }, 'ConflictException', 'Schedule taken already exists.'],
  [
    'CreateSchedule',
    { Name: 'x', GroupName: 'none' },
    'ResourceNotFoundException',
    'Schedule group none does not exist.',
  ],
  [
    'CreateSchedule',
    { Name: 'x', ScheduleExpression: 'daily' },
    'ValidationException',
    'Invalid Schedule Expression daily.',
  ],
  ['CreateSchedule', { Name: 'x', ScheduleExpressionTimezone: 'Mars/Base' }, 'ValidationException', 'Mars/Base'],
  [
    'CreateSchedule',
    { Name: 'x', FlexibleTimeWindow: { Mode: 'FLEXIBLE' } },
    'ValidationException',
    'MaximumWindowInMinutes',
  ],
  ['CreateSchedule', { Name: 'x', StartDate: 2, EndDate: 1 }, 'ValidationException', 'EndDate'],
  [
    'CreateSchedule',
    { Name: 'x', Target: { Arn: 'arn:aws:states:eu-west-1:444444444444:stateMachine:m', RoleArn: roleArn } },
    'ValidationException',
    'not played',
  ],
  ['UpdateSchedule', { Name: 'none' }, 'ResourceNotFoundException', 'Schedule none does not exist.'],
  ['DeleteSchedule', { Name: 'none' }, 'ResourceNotFoundException', 'Schedule none does not exist.'],
  ['CreateScheduleGroup', { Name: 'default' }, 'ConflictException', 'Schedule group default already exists.'],
  ['DeleteScheduleGroup', { Name: 'default' }, 'ValidationException', 'Default schedule group cannot be deleted.'],
  [
    'TagResource',
    { ResourceArn: `arn:aws:scheduler:${region}:${account}:schedule/default/taken`, Tags: [] },
    'ValidationException',
    'schedule group',
  ],
])('%s of %o is refused with %s', async (operation, input, code, text) => {
  if (operation === 'CreateSchedule') await ask(operation, { ...plain, Name: 'taken', ClientToken: 't' });

  const asking = ask(operation, { ...plain, ...input });

  await expect(asking).rejects.toMatchObject({ code });
  await expect(asking).rejects.toThrow(text);
});

test('a schedule is created once by its token, updated as a whole, and deleted', async () => {
  const made = { ...plain, Name: 'life', ClientToken: 'one', Description: 'first' };
  expect(await ask('CreateSchedule', made)).toEqual(await ask('CreateSchedule', made));

  await ask('UpdateSchedule', {
    ...plain,
    Name: 'life',
    FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 5 },
  });

  const shown = await ask('GetSchedule', { Name: 'life' });
  expect(shown['FlexibleTimeWindow']).toEqual({ Mode: 'FLEXIBLE', MaximumWindowInMinutes: 5 });
  expect(shown['Description']).toBeUndefined();
  await ask('DeleteSchedule', { Name: 'life' });
  await expect(ask('GetSchedule', { Name: 'life' })).rejects.toThrow(/does not exist/);
});

test('a run in a flexible window begins within it', async () => {
  await ask('CreateSchedule', {
    ...plain,
    Name: 'soon',
    FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 10 },
  });

  await cloud.world.clock.advance(3_600_000 + 11 * 60_000);

  expect(runsOf('soon')).toHaveLength(1);
  const due = cloud.world.journal.entries.find(({ text }) => text.startsWith('schedule soon is due'));
  expect(due).toBeDefined();
  await ask('DeleteSchedule', { Name: 'soon' });
});

test('a schedule runs between its dates, and is deleted after its last run when it says so', async () => {
  const now = cloud.world.clock.now() / 1000;
  const wanted = { StartDate: now + 7200, EndDate: now + 3 * 3600, ActionAfterCompletion: 'DELETE' };
  await ask('CreateSchedule', { ...plain, ...wanted, Name: 'between' });

  await cloud.world.clock.advance(7_000_000);
  expect(runsOf('between')).toHaveLength(0);
  await cloud.world.clock.advance(5 * 3_600_000);

  expect(runsOf('between')).toHaveLength(2);
  await expect(ask('GetSchedule', { Name: 'between' })).rejects.toThrow(/does not exist/);
});

test('a group has tags, and takes its schedules with it', async () => {
  const Tags = [
    { Key: 'a', Value: '1' },
    { Key: 'b', Value: '2' },
  ];
  const { ScheduleGroupArn: ResourceArn } = await ask('CreateScheduleGroup', { Name: 'sweeps', Tags });
  await ask('CreateSchedule', { ...plain, Name: 'inside', GroupName: 'sweeps' });
  await ask('UntagResource', { ResourceArn, TagKeys: ['a'] });

  expect(await ask('ListTagsForResource', { ResourceArn })).toEqual({ Tags: [{ Key: 'b', Value: '2' }] });
  await ask('DeleteScheduleGroup', { Name: 'sweeps' });

  expect((await ask('ListSchedules', { NamePrefix: 'inside' }))['Schedules']).toEqual([]);
});

test.each([
  // Berlin's clocks go from 2:00 to 3:00 on 28 March 2027, and from 3:00 back to 2:00 on 31 October 2027.
  ['cron(30 2 * * ? *)', '2027-03-27T12:00:00Z', '2027-03-29T00:30:00.000Z'],
  ['cron(30 2 * * ? *)', '2027-10-30T12:00:00Z', '2027-10-31T00:30:00.000Z'],
  ['cron(30 2 * * ? *)', '2027-10-31T00:30:00Z', '2027-11-01T01:30:00.000Z'],
  ['cron(0 12 * * ? *)', '2027-03-28T00:00:00Z', '2027-03-28T10:00:00.000Z'],
])('%s in Berlin after %s runs at %s', (expression, after, expected) => {
  const looking = { after: Date.parse(after), since: Date.parse(after), zone: 'Europe/Berlin' };

  expect(new Date(nextRun(parseSchedule(expression, 'schedule'), looking) ?? 0).toISOString()).toBe(expected);
});
