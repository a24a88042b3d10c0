import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { administrator } from '../../local/accounts.ts';
import { nextRun, parseSchedule } from '../../local/services/scheduler/expression.ts';
import { call } from '../../local/world/call.ts';
import { bodies } from './events-queue.ts';
import { type EventsWorld, eventsWorld } from './events-world.ts';

describe('expressions', () => {
  const after = Date.parse('2026-11-23T07:20:30Z');
  const next = (expression: string, zone = 'UTC') => {
    const at = nextRun(parseSchedule(expression, 'schedule'), { after, since: after, zone });
    return at === undefined ? undefined : new Date(at).toISOString();
  };

  test.each([
    ['rate(1 minute)', '2026-11-23T07:21:30.000Z'],
    ['rate(5 minutes)', '2026-11-23T07:25:30.000Z'],
    ['rate(2 days)', '2026-11-25T07:20:30.000Z'],
    ['at(2026-12-24T18:00:00)', '2026-12-24T18:00:00.000Z'],
    ['at(2020-01-01T00:00:00)', undefined],
    ['cron(0/15 * * * ? *)', '2026-11-23T07:30:00.000Z'],
    ['cron(0 12 * * ? *)', '2026-11-23T12:00:00.000Z'],
    ['cron(15 7 ? * MON-FRI *)', '2026-11-24T07:15:00.000Z'],
    ['cron(0 18 ? * 1 *)', '2026-11-29T18:00:00.000Z'],
    ['cron(0 8 1 * ? *)', '2026-12-01T08:00:00.000Z'],
    ['cron(0 8 L * ? *)', '2026-11-30T08:00:00.000Z'],
    ['cron(0 8 ? * 6L *)', '2026-11-27T08:00:00.000Z'],
    ['cron(0 8 ? * 2#1 *)', '2026-12-07T08:00:00.000Z'],
    ['cron(0 8 15W * ? *)', '2026-12-15T08:00:00.000Z'],
    ['cron(0 0 29 2 ? *)', '2028-02-29T00:00:00.000Z'],
    ['cron(0 0 1 1 ? 2020)', undefined],
  ])('%s runs next at %s', (expression, expected) => {
    expect(next(expression)).toBe(expected);
  });

  test('calendar times follow the clocks of their zone, also when they change', () => {
    expect(next('cron(0 9 * * ? *)', 'Europe/Berlin')).toBe('2026-11-23T08:00:00.000Z');
    expect(next('at(2027-07-01T09:00:00)', 'Europe/Berlin')).toBe('2027-07-01T07:00:00.000Z');
  });

  test.each([
    'rate(1 minutes)',
    'rate(2 minute)',
    'rate(0 minutes)',
    'rate(5 seconds)',
    'cron(0 12 * * * *)',
    'cron(0 12 ? * ? *)',
    'cron(60 12 * * ? *)',
    'cron(0 12 * * ?)',
    'cron(0 12 5-1 * ? *)',
    'cron(0/0 12 * * ? *)',
    'at(tomorrow)',
    'daily',
  ])('%s is refused', (expression) => {
    expect(() => parseSchedule(expression, 'schedule')).toThrow(/Invalid Schedule Expression/);
  });
});

describe('schedules', () => {
  const account = '444444444444';
  const queueArn = `arn:aws:sqs:eu-west-1:${account}:sweeps`;
  let cloud: EventsWorld;
  let sqs: SQSClient;
  let url: string;

  beforeEach(async () => {
    cloud = await eventsWorld();
    sqs = new SQSClient(cloud.client(account));
    url = (await sqs.send(new CreateQueueCommand({ QueueName: 'sweeps' }))).QueueUrl ?? '';
  });
  afterEach(async () => {
    sqs.destroy();
    await cloud.close();
  });

  async function roleArn(sourceArn: string): Promise<string> {
    const { attributes } = await cloud.place(account, 'AWS::IAM::Role', {
      RoleName: 'sweep',
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'scheduler.amazonaws.com' },
            Action: 'sts:AssumeRole',
            Condition: { StringEquals: { 'aws:SourceAccount': account, 'aws:SourceArn': sourceArn } },
          },
        ],
      },
      Policies: [
        {
          PolicyName: 'send',
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queueArn }],
          },
        },
      ],
    });
    return String(attributes['Arn']);
  }

  const defaultGroup = `arn:aws:scheduler:eu-west-1:${account}:schedule-group/default`;
  const sweep = async (more: object = {}, target: object = {}, sourceArn = defaultGroup) =>
    cloud.place(account, 'AWS::Scheduler::Schedule', {
      Name: 'sweep',
      ScheduleExpression: 'rate(5 minutes)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: queueArn, RoleArn: await roleArn(sourceArn), Input: '{"source":"mergecast.sweep"}', ...target },
      ...more,
    });

  const received = async (laterMilliseconds: number) => {
    await cloud.world.settled();
    return bodies(new SQSClient({ ...cloud.client(account), systemClockOffset: laterMilliseconds }), url);
  };

  test('a schedule calls its target with its role each time it is due', async () => {
    await sweep();

    await cloud.world.clock.advance(16 * 60_000);

    expect(await received(16 * 60_000)).toEqual(Array(3).fill({ source: 'mergecast.sweep' }));
  });

  test('a role that trusts another source is not taken on, and nothing is sent', async () => {
    await sweep({}, {}, 'arn:aws:scheduler:eu-west-1:444444444444:schedule-group/other');

    await cloud.world.clock.advance(6 * 60_000);

    expect(await received(6 * 60_000)).toEqual([]);
    expect(cloud.told('delivery').join()).toMatch(/schedule sweep could not call \(AccessDeniedException/);
  });

  test.each([
    ['disabled', { State: 'DISABLED' }],
    ['over', { EndDate: new Date(0).toISOString() }],
    ['not begun', { StartDate: '2199-01-01T00:00:00Z' }],
  ])('a schedule that is %s is not run', async (_what, more) => {
    await sweep(more);

    await cloud.world.clock.advance(6 * 60_000);

    expect(await received(6 * 60_000)).toEqual([]);
  });

  test('the keywords of the scheduler are filled in', async () => {
    await sweep({}, { Input: '{"at":"<aws.scheduler.scheduled-time>","try":<aws.scheduler.attempt-number>}' });

    await cloud.world.clock.advance(6 * 60_000);

    expect(await received(6 * 60_000)).toEqual([{ at: expect.stringMatching(/^\d{4}-.*Z$/) as string, try: 1 }]);
  });

  test('schedules can be read through the API', async () => {
    await sweep();
    const ask = (operation: string, input: object) =>
      call<Record<string, unknown>>(cloud.world, {
        account,
        region: 'eu-west-1',
        caller: administrator(cloud.world, account),
        service: 'scheduler',
        operation,
        input,
      });

    expect(await ask('GetSchedule', { Name: 'sweep' })).toMatchObject({
      Arn: `arn:aws:scheduler:eu-west-1:${account}:schedule/default/sweep`,
      ScheduleExpression: 'rate(5 minutes)',
      Target: { Arn: queueArn },
    });
    expect((await ask('ListSchedules', {}))['Schedules']).toHaveLength(1);
    await expect(ask('GetSchedule', { Name: 'none' })).rejects.toThrow(/does not exist/);
  });

  test.each([
    [{ FlexibleTimeWindow: { Mode: 'FLEXIBLE' } }, /MaximumWindowInMinutes must be given/],
    [{ ScheduleExpressionTimezone: 'Mars/Olympus' }, /Invalid ScheduleExpressionTimezone/],
    [{ GroupName: 'none' }, /group none does not exist/],
    [{ Colour: 'red' }, /Colour/],
  ])('a schedule with %j is refused', async (more, text) => {
    await expect(sweep(more)).rejects.toThrow(text);
  });
});
