import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as codebuild from '@aws-sdk/client-codebuild';
import * as events from '@aws-sdk/client-eventbridge';
import * as sns from '@aws-sdk/client-sns';
import * as sqs from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { arnOf, deploymentId, few, many, pagesWorld } from './pages-world.ts';
import { refusal, signed, type Unsigned } from './wire/signer.ts';

let world: Awaited<ReturnType<typeof pagesWorld>>;
beforeAll(async () => {
  world = await pagesWorld();
});
afterAll(() => world.close());

/** What is sent: the operation's own input, and the names under which it takes a token and a length. */
interface Listing {
  readonly service: Service;
  readonly operation: string;
  readonly input?: Readonly<Record<string, unknown>>;
  /** The member of the answer that holds the list. */
  readonly list: string;
  readonly token: string;
  /** Left out where AWS takes no length: pages then have AWS's own. */
  readonly limit?: string;
  /** The most items that may be asked for. @default 100 */
  readonly most?: number;
  readonly sizes: readonly number[];
  /** What a token is refused with that no answer gave. Source: the errors of the operation in the service's API model. */
  readonly refusal: string;
}

type Answer = Readonly<Record<string, unknown>>;
type Send = (operation: string, input: Answer) => Promise<Answer>;
type Service = keyof typeof services;

/** An unmodified client, with the commands of its module. */
const by =
  (module: object, client: string): Send =>
  async (operation, input) => {
    type Made = { send(command: object): Promise<Answer> };
    const made = module as Record<string, new (input: object) => Made>;
    const [Client, Command] = [made[client], made[`${operation}Command`]];
    if (Client === undefined || Command === undefined) throw new Error(`no ${client} or ${operation}`);
    return new Client({ ...world.settings, maxAttempts: 1 }).send(new Command(input));
  };

/** Services whose client is not among the packages: requests as theirs, signed. */
async function raw(request: Unsigned): Promise<Answer> {
  const { url, init } = signed(world.settings, request);
  const answer = await fetch(url, init);
  if (answer.ok) return (await answer.json()) as Answer;
  const { code, message } = await refusal(answer);
  throw Object.assign(new Error(message), { name: code });
}

const codedeploy: Send = (operation, input) => {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `CodeDeploy_20141006.${operation}` };
  return raw({ service: 'codedeploy', headers, body: JSON.stringify(input) });
};

const scheduler: Send = (operation, input) => {
  const path = operation === 'ListSchedules' ? '/schedules' : '/schedule-groups';
  const query = Object.fromEntries(Object.entries(input).map(([name, value]) => [name, String(value)]));
  return raw({ service: 'scheduler', method: 'GET', path, query });
};

const services = {
  cloudwatch: by(cloudwatch, 'CloudWatchClient'),
  codebuild: by(codebuild, 'CodeBuildClient'),
  codedeploy,
  events: by(events, 'EventBridgeClient'),
  scheduler,
  sns: by(sns, 'SNSClient'),
  sqs: by(sqs, 'SQSClient'),
};

const threes = [3, 3, 1];
const topicArn = arnOf('sns', 'n0000');
const reportArn = arnOf('codebuild', 'report/n0000:n0000');
const bus = { EventBusName: 'n0000' };
const alarmed = {
  service: 'cloudwatch',
  token: 'NextToken',
  limit: 'MaxRecords',
  refusal: 'InvalidNextToken',
} as const;
const built = { service: 'codebuild', token: 'nextToken', refusal: 'InvalidInputException' } as const;
const builtFew = { ...built, limit: 'maxResults', sizes: threes } as const;
const deployed = { service: 'codedeploy', token: 'nextToken', refusal: 'InvalidNextTokenException' } as const;
const routed = {
  service: 'events',
  token: 'NextToken',
  limit: 'Limit',
  sizes: threes,
  refusal: 'ValidationException',
} as const;
const planned = {
  service: 'scheduler',
  token: 'NextToken',
  limit: 'MaxResults',
  refusal: 'ValidationException',
} as const;
const told = {
  service: 'sns',
  token: 'NextToken',
  sizes: [100, many - 100],
  refusal: 'InvalidParameterException',
} as const;
const queued = {
  service: 'sqs',
  most: 1000,
  token: 'NextToken',
  limit: 'MaxResults',
  refusal: 'InvalidParameterValue',
} as const;

/** Every listing that pages, of the services whose lists no other file of tests walks through. */
const listings: readonly Listing[] = [
  { ...alarmed, operation: 'DescribeAlarms', list: 'MetricAlarms', sizes: threes },
  { ...alarmed, operation: 'DescribeAlarmHistory', list: 'AlarmHistoryItems', sizes: threes },
  {
    service: 'cloudwatch',
    operation: 'ListMetrics',
    input: { Namespace: 'pages' },
    list: 'Metrics',
    token: 'NextToken',
    sizes: [500, 20],
    refusal: 'InvalidParameterValueException',
  },
  { ...built, operation: 'ListProjects', list: 'projects', sizes: [100, many - 100] },
  { ...built, operation: 'ListBuilds', list: 'ids', sizes: [100, many - 100] },
  {
    ...built,
    operation: 'ListBuildsForProject',
    input: { projectName: 'n0000' },
    list: 'ids',
    sizes: [100, many - 100],
  },
  { ...builtFew, operation: 'ListBuildBatches', list: 'ids' },
  { ...builtFew, operation: 'ListBuildBatchesForProject', input: { projectName: 'n0000' }, list: 'ids' },
  { ...builtFew, operation: 'ListReportGroups', list: 'reportGroups' },
  { ...builtFew, operation: 'ListReports', list: 'reports' },
  {
    ...builtFew,
    operation: 'ListReportsForReportGroup',
    input: { reportGroupArn: arnOf('codebuild', 'report-group/n0000') },
    list: 'reports',
  },
  { ...builtFew, operation: 'DescribeTestCases', input: { reportArn }, list: 'testCases' },
  { ...builtFew, operation: 'DescribeCodeCoverages', input: { reportArn }, list: 'codeCoverages' },
  { ...deployed, operation: 'ListApplications', list: 'applications', sizes: [100, many - 100] },
  {
    ...deployed,
    operation: 'ListDeploymentGroups',
    input: { applicationName: 'n0000' },
    list: 'deploymentGroups',
    sizes: [100, many - 100],
  },
  // The twelve configurations that AWS has predefined for servers and functions come first.
  { ...deployed, operation: 'ListDeploymentConfigs', list: 'deploymentConfigsList', sizes: [100, many - 100 + 12] },
  { ...deployed, operation: 'ListOnPremisesInstances', list: 'instanceNames', sizes: [100, many - 100] },
  { ...deployed, operation: 'ListDeployments', list: 'deployments', sizes: [100, many - 100] },
  {
    ...deployed,
    operation: 'ListDeploymentTargets',
    input: { deploymentId: deploymentId(0) },
    list: 'targetIds',
    sizes: [100, many - 100],
  },
  { ...routed, operation: 'ListArchives', list: 'Archives' },
  { ...routed, operation: 'ListEventBuses', input: { NamePrefix: 'n' }, list: 'EventBuses' },
  { ...routed, operation: 'ListReplays', list: 'Replays' },
  { ...routed, operation: 'ListRules', input: bus, list: 'Rules' },
  {
    ...routed,
    operation: 'ListRuleNamesByTarget',
    input: { ...bus, TargetArn: arnOf('sqs', 'x') },
    list: 'RuleNames',
  },
  { ...routed, operation: 'ListTargetsByRule', input: { ...bus, Rule: 'n0000' }, list: 'Targets' },
  { ...planned, operation: 'ListScheduleGroups', input: { NamePrefix: 'n' }, list: 'ScheduleGroups', sizes: threes },
  { ...planned, operation: 'ListSchedules', list: 'Schedules', sizes: threes },
  { ...told, operation: 'ListTopics', list: 'Topics' },
  { ...told, operation: 'ListSubscriptions', list: 'Subscriptions' },
  { ...told, operation: 'ListSubscriptionsByTopic', input: { TopicArn: topicArn }, list: 'Subscriptions' },
  { ...queued, operation: 'ListQueues', list: 'QueueUrls', sizes: [3, 3, 2] },
  {
    ...queued,
    operation: 'ListDeadLetterSourceQueues',
    input: { QueueUrl: 'http://127.0.0.1/333333333333/n0000' },
    list: 'queueUrls',
    sizes: threes,
  },
];

describe.each(listings)(
  '$service $operation',
  ({ service, operation, input = {}, list, token, limit, most = 100, ...expected }) => {
    const page = (given?: string, length = 3) =>
      services[service](operation, {
        ...input,
        ...(given === undefined ? {} : { [token]: given }),
        ...(limit === undefined ? {} : { [limit]: length }),
      });

    test('lists everything once, page by page', async () => {
      const pages: unknown[][] = [];
      let next: string | undefined;
      do {
        const answer = await page(next);
        pages.push(answer[list] as unknown[]);
        next = answer[token] as string | undefined;
      } while (next !== undefined && pages.length <= few);

      expect(pages.map(({ length }) => length)).toEqual(expected.sizes);
      const all = pages.flat().map((each) => JSON.stringify(each));
      expect(new Set(all).size).toBe(all.length);
    });

    test('refuses a token that no answer gave', async () => {
      for (const given of ['nonsense', '', '!', 'A'.repeat(2000), Buffer.from('-1').toString('base64')])
        await expect(page(given), given.slice(0, 20)).rejects.toMatchObject({ name: expected.refusal });
    });

    if (limit === undefined) return;
    test('refuses a length that no page can have', async () => {
      for (const length of [0, -1, 1.5, most + 1])
        await expect(page(undefined, length), String(length)).rejects.toMatchObject({
          name: expect.stringMatching(/Validation|Invalid/) as string,
        });
    });
  },
);
