import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteMetricFilterCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  DescribeMetricFiltersCommand,
  FilterLogEventsCommand,
  ListTagsForResourceCommand,
  ListTagsLogGroupCommand,
  PutLogEventsCommand,
  PutMetricFilterCommand,
  PutRetentionPolicyCommand,
  StartQueryCommand,
  TagLogGroupCommand,
  TagResourceCommand,
  TestMetricFilterCommand,
  UntagLogGroupCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseFilter } from '../../local/services/logs/filter-pattern.ts';
import patterns from '../cases/log-filter-patterns.json' with { type: 'json' };
import { type EventsWorld, eventsWorld } from './events-world.ts';

const account = '111111111111';
let cloud: EventsWorld;
let logs: CloudWatchLogsClient;
let cloudwatch: CloudWatchClient;

beforeAll(async () => {
  cloud = await eventsWorld();
  logs = new CloudWatchLogsClient({ ...cloud.client(account), maxAttempts: 1 });
  cloudwatch = new CloudWatchClient(cloud.client(account));
});
afterAll(async () => {
  logs.destroy();
  cloudwatch.destroy();
  await cloud.close();
});

async function group(logGroupName: string): Promise<{ logGroupName: string; logStreamName: string }> {
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName: 's' }));
  return { logGroupName, logStreamName: 's' };
}

const put = (
  stream: { logGroupName: string; logStreamName: string },
  messages: readonly string[],
  timestamp = Date.now(),
) => logs.send(new PutLogEventsCommand({ ...stream, logEvents: messages.map((message) => ({ timestamp, message })) }));

test.each(patterns.cases)('the pattern $pattern and the line $line: $fits', ({ pattern, line, fits }) => {
  expect(parseFilter(pattern).passes(line)).toBe(fits);
});

test.each(patterns.refused)('the pattern %s is refused', (pattern) => {
  expect(() => parseFilter(pattern)).toThrow(/Invalid filter pattern/);
});

test('a pattern can be tried on lines', async () => {
  const { matches } = await logs.send(
    new TestMetricFilterCommand({ filterPattern: '[a, b = 2]', logEventMessages: ['x 1', 'y 2'] }),
  );

  expect(matches).toEqual([{ eventNumber: 2, eventMessage: 'y 2', extractedValues: {} }]);
});

test('a metric filter measures the lines that fit, with dimensions, until it is deleted', async () => {
  const stream = await group('/measured');
  const { logGroupName } = stream;
  const transformation = {
    metricName: 'Latency',
    metricNamespace: 'App',
    metricValue: '$.ms',
    dimensions: { Path: '$.path' },
  };
  const filter = {
    logGroupName,
    filterName: 'latency',
    filterPattern: '{ $.ms > 0 }',
    metricTransformations: [transformation],
  };
  await logs.send(new PutMetricFilterCommand(filter));
  await put(stream, ['{"ms":40,"path":"/a"}', '{"ms":60,"path":"/a"}', '{"ms":9}', 'noise']);

  const { metricFilters } = await logs.send(new DescribeMetricFiltersCommand({ logGroupName }));
  expect(metricFilters).toMatchObject([{ filterName: 'latency', metricTransformations: [transformation] }]);
  const { Datapoints } = await cloudwatch.send(
    new GetMetricStatisticsCommand({
      Namespace: 'App',
      MetricName: 'Latency',
      Dimensions: [{ Name: 'Path', Value: '/a' }],
      StartTime: new Date(Date.now() - 120_000),
      EndTime: new Date(Date.now() + 120_000),
      Period: 300,
      Statistics: ['Average', 'SampleCount'],
    }),
  );
  expect(Datapoints?.reduce((sum, each) => sum + (each.SampleCount ?? 0), 0)).toBe(2);
  const shown = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/measured' }));
  expect(shown.logGroups?.[0]?.metricFilterCount).toBe(1);
  await logs.send(new DeleteMetricFilterCommand({ logGroupName, filterName: 'latency' }));
  await expect(logs.send(new DeleteMetricFilterCommand({ logGroupName, filterName: 'latency' }))).rejects.toThrow(
    /metric filter does not exist/,
  );
});

test('a stack makes metric filters; their default counts when no line fits', async () => {
  const stream = await group('/counted');
  await cloud.place(account, 'AWS::Logs::MetricFilter', {
    LogGroupName: '/counted',
    FilterPattern: 'ERROR',
    MetricTransformations: [{ MetricName: 'Errors', MetricNamespace: 'App', MetricValue: '1', DefaultValue: 0 }],
  });

  await put(stream, ['fine']);
  await put(stream, ['ERROR']);

  const { Datapoints = [] } = await cloudwatch.send(
    new GetMetricStatisticsCommand({
      Namespace: 'App',
      MetricName: 'Errors',
      StartTime: new Date(Date.now() - 120_000),
      EndTime: new Date(Date.now() + 120_000),
      Period: 300,
      Statistics: ['Sum', 'SampleCount'],
    }),
  );
  const total = (name: 'Sum' | 'SampleCount') => Datapoints.reduce((sum, each) => sum + (each[name] ?? 0), 0);
  expect([total('Sum'), total('SampleCount')]).toEqual([1, 2]);
});

test.each([
  [{ defaultValue: 0, dimensions: { A: '$.a' } }, /mutually exclusive/],
  [{ metricValue: 'many' }, /neither a number nor a selector/],
  [{ dimensions: { A: '$.a', B: '$.b', C: '$.c', D: '$.d' } }, /at most 3 dimensions/],
])('a transformation with %o is refused', async (more, text) => {
  await logs.send(new CreateLogGroupCommand({ logGroupName: '/strict' })).catch(() => undefined);
  const metricTransformations = [{ metricName: 'M', metricNamespace: 'N', metricValue: '1', ...more }];

  await expect(
    logs.send(
      new PutMetricFilterCommand({
        logGroupName: '/strict',
        filterName: 'f',
        filterPattern: '',
        metricTransformations,
      }),
    ),
  ).rejects.toThrow(text);
});

test('pages go on after the last line told, whatever comes in meanwhile', async () => {
  const stream = await group('/paged');
  const now = Date.now();
  await put(stream, ['b', 'c', 'd'], now);
  const page = (nextToken?: string) =>
    logs.send(new FilterLogEventsCommand({ logGroupName: '/paged', limit: 2, ...(nextToken && { nextToken }) }));
  const first = await page();

  await put(stream, ['a'], now - 1000);
  const second = await page(first.nextToken);

  expect(first.events?.map(({ message }) => message)).toEqual(['b', 'c']);
  expect(second.events?.map(({ message }) => message)).toEqual(['d']);
  expect(second.nextToken).toBeUndefined();
  await expect(page('x')).rejects.toThrow(/nextToken is invalid/);
});

test('lines may span a day, and those beyond the retention are named in the answer', async () => {
  const stream = await group('/days');
  const now = Date.now();
  const days = (...ago: number[]) =>
    logs.send(
      new PutLogEventsCommand({
        ...stream,
        logEvents: ago.map((each) => ({ timestamp: now - each * 86_400_000, message: 'x' })),
      }),
    );
  await expect(days(2, 0)).rejects.toThrow(/cannot span more than 24 hours/);
  await logs.send(new PutRetentionPolicyCommand({ logGroupName: '/days', retentionInDays: 1 }));

  expect((await days(1.5, 0.6)).rejectedLogEventsInfo).toEqual({ expiredLogEventEndIndex: 1 });
  await logs.send(new DeleteRetentionPolicyCommand({ logGroupName: '/days' }));
  expect((await days(1.5)).rejectedLogEventsInfo).toBeUndefined();
});

test('tags are set by ARN, and by name as older clients do', async () => {
  const { logGroupName } = await group('/tagged');
  const resourceArn = `arn:aws:logs:eu-west-1:${account}:log-group:${logGroupName}`;
  await logs.send(new TagResourceCommand({ resourceArn, tags: { a: '1', b: '2' } }));
  await logs.send(new UntagResourceCommand({ resourceArn, tagKeys: ['a'] }));
  await logs.send(new TagLogGroupCommand({ logGroupName, tags: { c: '3', d: '4' } }));
  await logs.send(new UntagLogGroupCommand({ logGroupName, tags: ['d'] }));

  expect((await logs.send(new ListTagsForResourceCommand({ resourceArn }))).tags).toEqual({ b: '2', c: '3' });
  expect((await logs.send(new ListTagsLogGroupCommand({ logGroupName }))).tags).toEqual({ b: '2', c: '3' });
});

test('queries are refused by name', async () => {
  await expect(
    logs.send(new StartQueryCommand({ logGroupName: '/x', startTime: 0, endTime: 1, queryString: 'fields @message' })),
  ).rejects.toThrow(/logs:StartQuery is not played/);
});
