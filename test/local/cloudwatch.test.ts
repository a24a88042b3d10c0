import {
  CloudWatchClient,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  ListMetricsCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  ResourceNotFound,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateTopicCommand, SetTopicAttributesCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { decodeCbor, encodeCbor } from '../../local/wire/cbor.ts';
import { bodies, queueFor } from './events-queue.ts';
import { signedPost } from './events-signed.ts';
import { type EventsWorld, eventsWorld } from './events-world.ts';

const account = '111111111111';
let cloud: EventsWorld;
let cloudwatch: CloudWatchClient;

beforeEach(async () => {
  cloud = await eventsWorld();
  cloudwatch = new CloudWatchClient(cloud.client(account));
});
afterEach(async () => {
  cloudwatch.destroy();
  await cloud.close();
});

const put = (Value: number) =>
  cloudwatch.send(new PutMetricDataCommand({ Namespace: 'test', MetricData: [{ MetricName: 'Errors', Value }] }));

const alarm = (more: object = {}) =>
  cloud.place(account, 'AWS::CloudWatch::Alarm', {
    AlarmName: 'errors',
    Namespace: 'test',
    MetricName: 'Errors',
    Statistic: 'Sum',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 5,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    TreatMissingData: 'notBreaching',
    ...more,
  });

const state = async () =>
  (await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: ['errors'] }))).MetricAlarms?.[0]?.StateValue;

test('what is measured can be read as series and listed', async () => {
  for (const value of [1, 2, 3]) await put(value);

  const { MetricDataResults } = await cloudwatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(Date.now() - 600_000),
      EndTime: new Date(Date.now() + 600_000),
      MetricDataQueries: ['Sum', 'Average', 'Maximum', 'SampleCount'].map((Stat) => ({
        Id: Stat.toLowerCase(),
        MetricStat: { Metric: { Namespace: 'test', MetricName: 'Errors' }, Period: 3600, Stat },
      })),
    }),
  );

  expect(MetricDataResults?.map(({ Values }) => Values)).toEqual([[6], [2], [3], [3]]);
  expect((await cloudwatch.send(new ListMetricsCommand({ Namespace: 'test' }))).Metrics).toEqual([
    { Namespace: 'test', MetricName: 'Errors', Dimensions: [] },
  ]);
});

test('an alarm goes off when its threshold is crossed and rests when the periods looked at are over', async () => {
  await alarm();
  await put(4);
  expect(await state()).toBe('OK');

  await put(1);
  expect(await state()).toBe('ALARM');
  await cloud.world.clock.advance(300_000);

  cloudwatch = new CloudWatchClient({ ...cloud.client(account), systemClockOffset: 300_000 });
  expect(await state()).toBe('OK');
  const { AlarmHistoryItems = [] } = await cloudwatch.send(
    new DescribeAlarmHistoryCommand({ AlarmName: 'errors', HistoryItemType: 'StateUpdate' }),
  );
  expect(AlarmHistoryItems.map(({ HistorySummary }) => HistorySummary)).toEqual([
    'Alarm updated from ALARM to OK',
    'Alarm updated from OK to ALARM',
    'Alarm updated from INSUFFICIENT_DATA to OK',
  ]);
});

test.each([
  ['GreaterThanThreshold', 5, 'OK'],
  ['GreaterThanThreshold', 6, 'ALARM'],
  ['LessThanThreshold', 4, 'ALARM'],
  ['LessThanOrEqualToThreshold', 5, 'ALARM'],
  ['LessThanOrEqualToThreshold', 6, 'OK'],
])('%s 5 with the value %i means %s', async (ComparisonOperator, value, expected) => {
  await alarm({ ComparisonOperator });

  await put(value);

  expect(await state()).toBe(expected);
});

test('an alarm of two out of three periods waits for the second one', async () => {
  await alarm({ EvaluationPeriods: 3, DatapointsToAlarm: 2 });
  await put(5);
  expect(await state()).toBe('OK');

  await cloud.world.clock.advance(60_000);
  await put(5);

  expect(await state()).toBe('ALARM');
});

test('an alarm tells its topic and the default bus', async () => {
  const sns = new SNSClient(cloud.client(account));
  const sqs = new SQSClient(cloud.client(account));
  const events = new EventBridgeClient(cloud.client(account));
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'alarms' }));
  const statement = {
    Effect: 'Allow',
    Principal: { Service: 'cloudwatch.amazonaws.com' },
    Action: 'sns:Publish',
    Resource: TopicArn,
  };
  const AttributeValue = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Policy', AttributeValue }));
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'team@example.org' }));
  const { RuleArn = '' } = await events.send(
    new PutRuleCommand({ Name: 'alarms', EventPattern: '{"source":["aws.cloudwatch"]}' }),
  );
  const { url, arn } = await queueFor(sqs, 'alarms', RuleArn);
  await events.send(new PutTargetsCommand({ Rule: 'alarms', Targets: [{ Id: 'q', Arn: arn }] }));
  await alarm({ AlarmActions: [TopicArn] });

  await put(7);

  await cloud.world.settled();
  expect(cloud.told('delivery').join()).toContain('mail to team@example.org: ALARM: "errors" in eu-west-1');
  expect(await bodies(sqs, url)).toMatchObject([
    { detail: { previousState: { value: 'INSUFFICIENT_DATA' }, state: { value: 'OK' } } },
    { 'detail-type': 'CloudWatch Alarm State Change', detail: { alarmName: 'errors', state: { value: 'ALARM' } } },
  ]);
  expect(cloud.told('state').join()).toMatch(/alarm errors went from OK to ALARM: Threshold Crossed/);
});

test('a topic that does not let CloudWatch publish is told by history and journal', async () => {
  const { TopicArn = '' } = await new SNSClient(cloud.client(account)).send(new CreateTopicCommand({ Name: 'closed' }));
  await alarm({ AlarmActions: [TopicArn] });

  await put(7);

  await cloud.world.settled();
  expect(cloud.told('delivery').join()).toMatch(/alarm errors could not notify .*closed: .*not authorized/);
});

test('an alarm on the messages of a dead-letter queue stays on while one stands there', async () => {
  const sqs = new SQSClient(cloud.client(account));
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'dead' }));
  await alarm({
    Namespace: 'AWS/SQS',
    MetricName: 'ApproximateNumberOfMessagesVisible',
    Dimensions: [{ Name: 'QueueName', Value: 'dead' }],
    Statistic: 'Maximum',
    Threshold: 1,
  });

  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
  await cloud.world.clock.advance(600_000);

  cloudwatch = new CloudWatchClient({ ...cloud.client(account), systemClockOffset: 600_000 });
  expect(await state()).toBe('ALARM');
});

test('a state can be set for a test', async () => {
  await alarm();

  await cloudwatch.send(new SetAlarmStateCommand({ AlarmName: 'errors', StateValue: 'ALARM', StateReason: 'a test' }));

  expect(await state()).toBe('ALARM');
  const unknown = new SetAlarmStateCommand({ AlarmName: 'none', StateValue: 'OK', StateReason: 'x' });
  await expect(cloudwatch.send(unknown)).rejects.toThrow(ResourceNotFound);
});

test('metric math and percentiles are refused by name', async () => {
  const query = { Id: 'e', Expression: 'm1 + m2' };
  const window = { StartTime: new Date(0), EndTime: new Date() };
  const base = {
    AlarmName: 'x',
    Namespace: 'n',
    MetricName: 'm',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanThreshold' as const,
  };

  await expect(cloudwatch.send(new GetMetricDataCommand({ ...window, MetricDataQueries: [query] }))).rejects.toThrow(
    /metric math is not played/,
  );
  await expect(cloudwatch.send(new PutMetricAlarmCommand({ ...base, ExtendedStatistic: 'p99' }))).rejects.toThrow(
    /percentiles are not played/,
  );
});

describe('other protocols than the SDK of today', () => {
  const rpc = async (operation: string, input: object) => {
    const url = `${cloud.world.endpoint}/service/GraniteServiceVersion20100801/operation/${operation}`;
    const headers = { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' };
    const answer = await signedPost(url, 'monitoring', cloud.client(account), headers, encodeCbor(input));
    expect(answer.headers.get('smithy-protocol')).toBe('rpc-v2-cbor');
    return { status: answer.status, output: decodeCbor(Buffer.from(await answer.arrayBuffer())) };
  };

  test('RPC v2 with CBOR is answered in CBOR, refusals too', async () => {
    await alarm();
    const metric = { MetricName: 'Errors', Value: 5.5, Timestamp: new Date() };

    await rpc('PutMetricData', { Namespace: 'test', MetricData: [metric] });

    expect((await rpc('DescribeAlarms', { AlarmNames: ['errors'] })).output).toMatchObject({
      MetricAlarms: [{ AlarmName: 'errors', StateValue: 'ALARM', Threshold: 5, ActionsEnabled: true }],
    });
    expect(await rpc('SetAlarmState', { AlarmName: 'none', StateValue: 'OK', StateReason: 'x' })).toMatchObject({
      status: 404,
      output: { __type: 'ResourceNotFound' },
    });
  });

  test('Query is answered in XML', async () => {
    const form = {
      Action: 'PutMetricData',
      Namespace: 'test',
      'MetricData.member.1.MetricName': 'Errors',
      'MetricData.member.1.Value': '7',
    };
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    await alarm();

    const post = async (body: Record<string, string>) =>
      (
        await signedPost(
          `${cloud.world.endpoint}/`,
          'monitoring',
          cloud.client(account),
          headers,
          new URLSearchParams(body).toString(),
        )
      ).text();

    expect(await post(form)).toContain('<PutMetricDataResponse');
    expect(await post({ Action: 'DescribeAlarms' })).toContain('<StateValue>ALARM</StateValue>');
  });
});
