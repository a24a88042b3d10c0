import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
  PutRetentionPolicyCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeLog } from '../../local/services/logs/write.ts';
import { type EventsWorld, eventsWorld } from './events-world.ts';

const account = '111111111111';
const place = { account, region: 'eu-west-1' };
const group = '/aws/lambda/start';
let cloud: EventsWorld;
let logs: CloudWatchLogsClient;

beforeEach(async () => {
  cloud = await eventsWorld();
  logs = new CloudWatchLogsClient(cloud.client(account));
});
afterEach(async () => {
  logs.destroy();
  await cloud.close();
});

const filter = async (filterPattern: string) =>
  ((await logs.send(new FilterLogEventsCommand({ logGroupName: group, filterPattern }))).events ?? []).map(
    ({ message }) => message,
  );

test('lines put into a stream can be read page by page in both directions', async () => {
  await logs.send(new CreateLogGroupCommand({ logGroupName: group }));
  await logs.send(new CreateLogStreamCommand({ logGroupName: group, logStreamName: 's' }));
  const timestamp = Date.now();
  const stream = { logGroupName: group, logStreamName: 's' };
  await logs.send(
    new PutLogEventsCommand({ ...stream, logEvents: ['a', 'b', 'c'].map((message) => ({ timestamp, message })) }),
  );

  const first = await logs.send(new GetLogEventsCommand({ ...stream, limit: 2, startFromHead: true }));
  const second = await logs.send(new GetLogEventsCommand({ ...stream, nextToken: first.nextForwardToken }));
  const end = await logs.send(new GetLogEventsCommand({ ...stream, nextToken: second.nextForwardToken }));

  const texts = ({ events = [] }: { events?: { message?: string }[] }) => events.map(({ message }) => message);
  expect(texts(first)).toEqual(['a', 'b']);
  expect(texts(second)).toEqual(['c']);
  expect(texts(end)).toEqual([]);
  expect(end.nextForwardToken).toBe(second.nextForwardToken);
});

test.each([
  ['', 4],
  ['ERROR', 1],
  ['ERROR "out of"', 1],
  ['-ERROR', 3],
  ['?ERROR ?plain', 2],
  ['{ $.level = "error" }', 1],
  ['{ $.level = "e*r" && $.code >= 500 }', 1],
  ['{ $.code = 200 || $.code = 503 }', 2],
  ['{ $.deep.list[0] = "x" }', 1],
  ['{ $.level NOT EXISTS }', 1],
  ['{ $.level != "error" }', 0],
])('the pattern %j lets %i of four lines through', async (pattern, count) => {
  writeLog(cloud.world, place, {
    group,
    stream: 's',
    messages: [
      'ERROR out of memory',
      'a plain line',
      '{"level":"error","code":503}',
      '{"code":200,"deep":{"list":["x"]}}',
    ],
  });

  expect(await filter(pattern)).toHaveLength(count);
});

test.each(['{ $.a', '[ip, user', '%regex%', '{ $.a ~ 1 }'])('the pattern %j is refused', async (pattern) => {
  writeLog(cloud.world, place, { group, stream: 's', messages: ['x'] });

  await expect(filter(pattern)).rejects.toThrow(/Invalid filter pattern/);
});

test('lines older than the retention are forgotten', async () => {
  writeLog(cloud.world, place, { group, stream: 's', messages: ['old'] });
  await logs.send(new PutRetentionPolicyCommand({ logGroupName: group, retentionInDays: 7 }));
  await cloud.world.clock.advance(8 * 86_400_000);
  logs = new CloudWatchLogsClient({ ...cloud.client(account), systemClockOffset: 8 * 86_400_000 });

  writeLog(cloud.world, place, { group, stream: 's', messages: ['new'] });

  expect(await filter('')).toEqual(['new']);
});

test('a line in the embedded metric format becomes a metric', async () => {
  const line = {
    _aws: {
      Timestamp: 1,
      CloudWatchMetrics: [
        { Namespace: 'mergecast', Dimensions: [['service']], Metrics: [{ Name: 'Undelivered', Unit: 'Count' }] },
      ],
    },
    service: 'start-pipeline',
    Undelivered: [2, 3],
  };
  writeLog(cloud.world, place, {
    group,
    stream: 's',
    messages: [JSON.stringify(line), '{"_aws":{"CloudWatchMetrics":[null]}}'],
  });

  const found = await new CloudWatchClient(cloud.client(account)).send(
    new GetMetricStatisticsCommand({
      Namespace: 'mergecast',
      MetricName: 'Undelivered',
      Dimensions: [{ Name: 'service', Value: 'start-pipeline' }],
      StartTime: new Date(Date.now() - 600_000),
      EndTime: new Date(Date.now() + 600_000),
      Period: 300,
      Statistics: ['Sum', 'Maximum'],
    }),
  );
  expect(found.Datapoints).toMatchObject([{ Sum: 5, Maximum: 3 }]);
});

test('groups and streams can be listed', async () => {
  writeLog(cloud.world, place, { group, stream: 'one', messages: ['x'] });
  writeLog(cloud.world, place, { group, stream: 'two', messages: ['y'] });

  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/aws/lambda' }));
  const { logStreams } = await logs.send(
    new DescribeLogStreamsCommand({ logGroupName: group, orderBy: 'LastEventTime', descending: true, limit: 1 }),
  );

  expect(logGroups).toMatchObject([
    { logGroupName: group, arn: `arn:aws:logs:eu-west-1:${account}:log-group:${group}:*` },
  ]);
  expect(logStreams).toHaveLength(1);
});

test('a group or stream that does not exist is refused', async () => {
  const put = (logGroupName: string) =>
    logs.send(
      new PutLogEventsCommand({
        logGroupName,
        logStreamName: 'none',
        logEvents: [{ timestamp: Date.now(), message: 'x' }],
      }),
    );
  await logs.send(new CreateLogGroupCommand({ logGroupName: 'there' }));

  await expect(put('nowhere')).rejects.toThrow(ResourceNotFoundException);
  await expect(put('there')).rejects.toThrow(/log stream does not exist/);
});

test('a stream stays within its bounds however much is written', () => {
  for (let round = 0; round < 30; round++)
    writeLog(cloud.world, place, {
      group,
      stream: 's',
      messages: Array.from({ length: 2000 }, (_, index) => `line ${index}`),
    });

  const [stream] = cloud.world.store.in<{ lines: unknown[] }>({ name: 'logs/streams' }).rows();
  expect(stream?.lines.length).toBeLessThanOrEqual(25_000);
  expect(stream?.lines.length).toBeGreaterThanOrEqual(20_000);
});
