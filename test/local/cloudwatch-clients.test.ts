import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  DescribeAlarmsForMetricCommand,
  DisableAlarmActionsCommand,
  EnableAlarmActionsCommand,
  GetMetricStatisticsCommand,
  ListTagsForResourceCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stateOf } from '../../local/services/cloudwatch/missing.ts';
import tables from '../cases/alarm-missing-data.json' with { type: 'json' };
import { type EventsWorld, eventsWorld } from './events-world.ts';

const account = '111111111111';
let cloud: EventsWorld;
let cloudwatch: CloudWatchClient;

beforeAll(async () => {
  cloud = await eventsWorld();
  cloudwatch = new CloudWatchClient({ ...cloud.client(account), maxAttempts: 1 });
});
afterAll(async () => {
  cloudwatch.destroy();
  await cloud.close();
});

const alarm = (AlarmName: string, more: object = {}) =>
  cloudwatch.send(
    new PutMetricAlarmCommand({
      AlarmName,
      Namespace: 'App',
      MetricName: AlarmName,
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      ...more,
    }),
  );

const described = async (name: string) =>
  (await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [name] }))).MetricAlarms?.[0];

test.each([
  ...tables.threeOfThree.map(([periods, states]) => [3, periods, states] as const),
  ...tables.twoOfThree.map(([periods, states]) => [2, periods, states] as const),
])('%i of three periods, measured %s', (datapointsToAlarm, periods, states) => {
  const measured = [...(periods as string)].map((each) => (each === '-' ? undefined : each === 'X'));
  const found = (['missing', 'ignore', 'breaching', 'notBreaching'] as const).map((missing) => [
    missing,
    stateOf({ evaluationPeriods: 3, datapointsToAlarm, missing }, measured) ?? null,
  ]);

  expect(Object.fromEntries(found)).toEqual(states);
});

test('actions of alarms are switched off and on', async () => {
  await alarm('switched');

  await cloudwatch.send(new DisableAlarmActionsCommand({ AlarmNames: ['switched'] }));
  expect((await described('switched'))?.ActionsEnabled).toBe(false);
  await cloudwatch.send(new EnableAlarmActionsCommand({ AlarmNames: ['switched'] }));

  expect((await described('switched'))?.ActionsEnabled).toBe(true);
});

test('the alarms on a metric are found', async () => {
  await alarm('metric', { Dimensions: [{ Name: 'a', Value: '1' }] });
  const find = (Value: string) =>
    cloudwatch.send(
      new DescribeAlarmsForMetricCommand({
        Namespace: 'App',
        MetricName: 'metric',
        Dimensions: [{ Name: 'a', Value }],
      }),
    );

  expect((await find('1')).MetricAlarms?.map(({ AlarmName }) => AlarmName)).toEqual(['metric']);
  expect((await find('2')).MetricAlarms).toEqual([]);
});

test('tags of an alarm are given with it, and come and go', async () => {
  await alarm('tagged', { Tags: [{ Key: 'a', Value: '1' }] });
  const ResourceARN = (await described('tagged'))?.AlarmArn ?? '';
  await cloudwatch.send(new TagResourceCommand({ ResourceARN, Tags: [{ Key: 'b', Value: '2' }] }));

  await cloudwatch.send(new UntagResourceCommand({ ResourceARN, TagKeys: ['a'] }));

  const { Tags } = await cloudwatch.send(new ListTagsForResourceCommand({ ResourceARN }));
  expect(Tags).toEqual([{ Key: 'b', Value: '2' }]);
  await expect(cloudwatch.send(new ListTagsForResourceCommand({ ResourceARN: `${ResourceARN}x` }))).rejects.toThrow(
    /does not exist/,
  );
});

test('a statistic set is measured with its bounds, and not beside single values', async () => {
  const StatisticValues = { SampleCount: 4, Sum: 20, Minimum: 2, Maximum: 9 };
  const put = (more: object) =>
    cloudwatch.send(
      new PutMetricDataCommand({ Namespace: 'App', MetricData: [{ MetricName: 'set', StatisticValues, ...more }] }),
    );
  await put({});
  await expect(put({ Value: 1 })).rejects.toThrow(/mutually exclusive/);

  const { Datapoints } = await cloudwatch.send(
    new GetMetricStatisticsCommand({
      Namespace: 'App',
      MetricName: 'set',
      StartTime: new Date(Date.now() - 120_000),
      EndTime: new Date(Date.now() + 120_000),
      Period: 60,
      Statistics: ['SampleCount', 'Average', 'Minimum', 'Maximum'],
    }),
  );
  expect(Datapoints).toMatchObject([{ SampleCount: 4, Average: 5, Minimum: 2, Maximum: 9 }]);
});
