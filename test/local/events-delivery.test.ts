import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { AwsError } from '../../local/world/failure.ts';
import { operation, type Service } from '../../local/world/service.ts';
import { bodies, messages, queueFor } from './events-queue.ts';
import { type EventsWorld, eventsWorld } from './events-world.ts';

const devops = '111111111111';
const prod = '444444444444';
const region = 'eu-west-1';

/** What reached the functions and pipelines of a test. */
const seen: { operation: string; input: Record<string, unknown>; caller: unknown }[] = [];
let refuse: (() => AwsError) | undefined;

const recording = (name: string, operationName: string, action: string): Service => ({
  name,
  operations: {
    [operationName]: operation({
      input: z.looseObject({ FunctionName: z.string().optional(), name: z.string().optional() }),
      access: (input) => [
        {
          action,
          resource: input.FunctionName ?? `arn:aws:${name}:${region}:${prod}:${input.name ?? ''}`,
          policy: {
            name: 'the policy of the function',
            document: {
              Version: '2012-10-17',
              Statement: [
                {
                  Effect: 'Allow',
                  Principal: { Service: 'events.amazonaws.com' },
                  Action: '*',
                  Resource: '*',
                  Condition: { ArnLike: { 'aws:SourceArn': `arn:aws:events:${region}:${prod}:rule/allowed` } },
                },
              ],
            },
          },
        },
      ],
      run: (input, { caller }) => {
        if (refuse !== undefined) throw refuse();
        seen.push({ operation: operationName, input, caller });
        return {};
      },
    }),
  },
});

let cloud: EventsWorld;
let clients: { destroy(): void }[] = [];
const client = <Client extends { destroy(): void }>(
  Type: new (settings: ReturnType<EventsWorld['client']>) => Client,
  account: string,
): Client => {
  const made = new Type(cloud.client(account));
  clients.push(made);
  return made;
};

beforeEach(async () => {
  seen.length = 0;
  refuse = undefined;
  cloud = await eventsWorld({
    lambda: recording('lambda', 'Invoke', 'lambda:InvokeFunction'),
    codepipeline: recording('codepipeline', 'StartPipelineExecution', 'codepipeline:StartPipelineExecution'),
  });
});
afterEach(async () => {
  for (const each of clients) each.destroy();
  clients = [];
  await cloud.close();
});

const functionArn = `arn:aws:lambda:${region}:${prod}:function:start`;

async function rule(account: string, name: string, target: object, bus = 'default'): Promise<string> {
  const events = client(EventBridgeClient, account);
  const { RuleArn = '' } = await events.send(
    new PutRuleCommand({ Name: name, EventBusName: bus, EventPattern: '{"source":[{"exists":true}]}' }),
  );
  await events.send(
    new PutTargetsCommand({ Rule: name, EventBusName: bus, Targets: [{ Id: 'target', ...target } as never] }),
  );
  return RuleArn;
}

const put = (account: string, bus?: string, detail: object = { branch: 'prod' }) =>
  client(EventBridgeClient, account).send(
    new PutEventsCommand({
      Entries: [{ Source: 'test', DetailType: 'Tested', Detail: JSON.stringify(detail), EventBusName: bus }],
    }),
  );

async function role(account: string, name: string, statement: object, condition: object = {}): Promise<string> {
  const { attributes } = await cloud.place(account, 'AWS::IAM::Role', {
    RoleName: name,
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: 'sts:AssumeRole',
          Condition: condition,
        },
      ],
    },
    Policies: [
      { PolicyName: 'p', PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] } },
    ],
  });
  return String(attributes['Arn']);
}

test('a function is invoked by EventBridge itself when its policy names the rule', async () => {
  await rule(prod, 'allowed', { Arn: functionArn });

  await put(prod);

  await cloud.world.settled();
  expect(seen).toHaveLength(1);
  expect(seen[0]?.input).toMatchObject({ FunctionName: functionArn, InvocationType: 'Event' });
  expect(JSON.parse(String(seen[0]?.input['Payload']))).toMatchObject({ source: 'test', detail: { branch: 'prod' } });
});

test('a rule that the function does not name delivers nothing, and the dead-letter queue gets the event with the reason', async () => {
  const sqs = client(SQSClient, prod);
  const { url, arn } = await queueFor(sqs, 'dead', `arn:aws:events:${region}:${prod}:rule/other`);
  const ruleArn = await rule(prod, 'other', { Arn: functionArn, DeadLetterConfig: { Arn: arn } });

  await put(prod);

  await cloud.world.settled();
  const [dead] = await messages(sqs, url);
  const attribute = (name: string) => dead?.MessageAttributes?.[name]?.StringValue;
  expect(seen).toEqual([]);
  expect(JSON.parse(dead?.Body ?? '')).toMatchObject({ source: 'test', detail: { branch: 'prod' } });
  expect(attribute('RULE_ARN')).toBe(ruleArn);
  expect(attribute('TARGET_ARN')).toBe(functionArn);
  expect(attribute('ERROR_CODE')).toBe('NO_PERMISSIONS');
  expect(attribute('ERROR_MESSAGE')).toMatch(/not authorized to perform: lambda:InvokeFunction/);
  expect(attribute('RETRY_ATTEMPTS')).toBe('0');
  expect(attribute('EXHAUSTED_RETRY_CONDITION')).toBeUndefined();
});

test('a failing target is tried again with back-off, and then the dead-letter queue says which limit ended it', async () => {
  const sqs = client(SQSClient, prod);
  const { url, arn } = await queueFor(sqs, 'dead', `arn:aws:events:${region}:${prod}:rule/allowed`);
  await rule(prod, 'allowed', {
    Arn: functionArn,
    DeadLetterConfig: { Arn: arn },
    RetryPolicy: { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 3600 },
  });
  refuse = () => new AwsError('ServiceException', 'broken', 500);

  await put(prod);
  await cloud.world.settled();
  for (let second = 0; second < 12; second++) {
    await cloud.world.clock.advance(1000);
    await cloud.world.settled();
  }

  const [dead] = await messages(sqs, url);
  expect(cloud.told('delivery').filter((text) => text.includes('trying again'))).toHaveLength(3);
  expect(dead?.MessageAttributes).toMatchObject({
    ERROR_CODE: { StringValue: 'ERROR_FROM_TARGET' },
    RETRY_ATTEMPTS: { StringValue: '3' },
    EXHAUSTED_RETRY_CONDITION: { StringValue: 'MaximumRetryAttempts' },
  });
});

test('a target that comes back gets the event on a later attempt', async () => {
  await rule(prod, 'allowed', { Arn: functionArn });
  refuse = () => new AwsError('ServiceException', 'broken', 500);
  await put(prod);
  await cloud.world.settled();

  refuse = undefined;
  await cloud.world.clock.advance(2000);

  await cloud.world.settled();
  expect(seen).toHaveLength(1);
});

test('a queue that is gone is NO_RESOURCE and not tried again', async () => {
  await rule(prod, 'allowed', { Arn: `arn:aws:sqs:${region}:${prod}:gone` });

  await put(prod);

  await cloud.world.settled();
  expect(cloud.told('delivery')).toEqual([
    expect.stringContaining('could not deliver (NO_RESOURCE: The specified queue does not exist.)'),
    expect.stringContaining('dropped the event: the target has no dead-letter queue'),
  ]);
});

/** A rule of the DevOps account that forwards to prod's bus, with all halves in place but those left out. */
async function forwarding(options: { policy?: object | false; trusts?: string } = {}): Promise<string> {
  const target = `arn:aws:events:${region}:${prod}:event-bus/mergecast-prod`;
  const forwardRule = `arn:aws:events:${region}:${devops}:rule/forward-prod`;
  await client(EventBridgeClient, prod).send(new CreateEventBusCommand({ Name: 'mergecast-prod' }));
  const roleArn = await role(
    devops,
    'forward-prod',
    { Action: 'events:PutEvents', Resource: target },
    { StringEquals: { 'aws:SourceAccount': devops }, ArnEquals: { 'aws:SourceArn': options.trusts ?? forwardRule } },
  );
  if (options.policy !== false) {
    await cloud.place(prod, 'AWS::Events::EventBusPolicy', {
      EventBusName: 'mergecast-prod',
      StatementId: 'devops',
      Statement: {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${devops}:root` },
        Action: 'events:PutEvents',
        Resource: target,
        Condition: {
          StringEquals: {
            'events:source': 'test',
            'events:detail-type': 'Tested',
            'events:eventBusInvocation': 'true',
          },
          ArnEquals: { 'aws:PrincipalArn': roleArn },
          ...options.policy,
        },
      },
    });
  }
  const { url, arn } = await queueFor(client(SQSClient, devops), 'dead', forwardRule);
  await rule(devops, 'forward-prod', { Arn: target, RoleArn: roleArn, DeadLetterConfig: { Arn: arn } });
  return url;
}

const deadCode = async (url: string) =>
  (await messages(client(SQSClient, devops), url)).map(
    ({ MessageAttributes }) => MessageAttributes?.['ERROR_CODE']?.StringValue,
  );

test('an event is forwarded to a bus in another account with its envelope unchanged', async () => {
  await forwarding();
  const sqs = client(SQSClient, prod);
  const { url, arn } = await queueFor(sqs, 'arrived', `arn:aws:events:${region}:${prod}:rule/mergecast-prod/start`);
  await rule(prod, 'start', { Arn: arn }, 'mergecast-prod');

  const { Entries } = await put(devops);

  await cloud.world.settled();
  expect(await bodies(sqs, url)).toMatchObject([
    { id: Entries?.[0]?.EventId, account: devops, region, source: 'test' },
  ]);
});

test.each([
  ['the bus policy is missing', { policy: false as const }, 'NO_PERMISSIONS'],
  [
    'the bus policy wants another role',
    { policy: { ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${devops}:role/x` } } },
    'NO_PERMISSIONS',
  ],
  ['the role trusts another rule', { trusts: `arn:aws:events:${region}:${devops}:rule/x` }, 'FAILED_TO_ASSUME_ROLE'],
])('nothing is forwarded when %s', async (_what, halves, code) => {
  const dead = await forwarding(halves);

  await put(devops);

  await cloud.world.settled();
  expect(await deadCode(dead)).toEqual([code]);
});

test('what a rule forwarded is not forwarded to a third bus', async () => {
  const events = client(EventBridgeClient, devops);
  for (const Name of ['two', 'three']) await events.send(new CreateEventBusCommand({ Name }));
  const busArn = (name: string) => `arn:aws:events:${region}:${devops}:event-bus/${name}`;
  const roleArn = await role(devops, 'forward', { Action: 'events:PutEvents', Resource: '*' });
  const secondRule = `arn:aws:events:${region}:${devops}:rule/two/second`;
  const { url, arn } = await queueFor(client(SQSClient, devops), 'dead', secondRule);
  await rule(devops, 'first', { Arn: busArn('two'), RoleArn: roleArn });
  await rule(devops, 'second', { Arn: busArn('three'), RoleArn: roleArn, DeadLetterConfig: { Arn: arn } }, 'two');

  await put(devops);
  await cloud.world.settled();
  await put(devops, 'two');
  await cloud.world.settled();

  expect(await deadCode(url)).toEqual(['THIRD_ACCOUNT_HOP_DETECTED']);
  const arrived = cloud.world.journal.entries.filter(
    ({ kind, subject }) => kind === 'event' && subject === busArn('three'),
  );
  expect(arrived).toHaveLength(1);
});

test('a log group gets the event when the resource policy of the logs lets EventBridge write', async () => {
  const name = '/aws/events/mergecast/trail';
  const { attributes } = await cloud.place(prod, 'AWS::Logs::LogGroup', { LogGroupName: name });
  const target = String(attributes['Arn']).replace(/:\*$/, '');
  await rule(prod, 'trail', { Arn: target });
  const logs = client(CloudWatchLogsClient, prod);
  await put(prod);
  await cloud.world.settled();
  expect((await logs.send(new DescribeLogStreamsCommand({ logGroupName: name }))).logStreams).toEqual([]);

  await cloud.place(prod, 'AWS::Logs::ResourcePolicy', {
    PolicyName: 'trail',
    PolicyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: ['events.amazonaws.com', 'delivery.logs.amazonaws.com'] },
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          Resource: `${target}:*`,
        },
      ],
    }),
  });
  await put(prod);
  await cloud.world.settled();

  const found = await logs.send(
    new FilterLogEventsCommand({ logGroupName: name, filterPattern: '{ $.detail.branch = "prod" }' }),
  );
  expect(found.events).toHaveLength(1);
});

test('a pipeline is started with the parameters that the transformer makes', async () => {
  const pipeline = `arn:aws:codepipeline:${region}:${prod}:orders-prod`;
  const roleArn = await role(prod, 'start', { Action: 'codepipeline:StartPipelineExecution', Resource: pipeline });
  await rule(prod, 'start', {
    Arn: pipeline,
    RoleArn: roleArn,
    InputTransformer: {
      InputPathsMap: { branch: '$.detail.branch' },
      InputTemplate: '{"name":"orders-prod","variables":[{"name":"BRANCH","value":"<branch>"}]}',
    },
  });

  await put(prod);

  await cloud.world.settled();
  expect(seen).toMatchObject([
    {
      input: { name: 'orders-prod', variables: [{ name: 'BRANCH', value: 'prod' }] },
      caller: { type: 'role-session', roleArn },
    },
  ]);
});

test('rules are measured in AWS/Events', async () => {
  await rule(prod, 'allowed', { Arn: functionArn });
  await rule(prod, 'refused', { Arn: functionArn });
  await put(prod);
  await cloud.world.settled();

  const query = (Id: string, RuleName: string, MetricName: string) => ({
    Id,
    MetricStat: {
      Metric: { Namespace: 'AWS/Events', MetricName, Dimensions: [{ Name: 'RuleName', Value: RuleName }] },
      Period: 300,
      Stat: 'Sum',
    },
  });
  const now = Date.now();
  const { MetricDataResults = [] } = await client(CloudWatchClient, prod).send(
    new GetMetricDataCommand({
      StartTime: new Date(now - 600_000),
      EndTime: new Date(now + 600_000),
      MetricDataQueries: [
        query('a', 'allowed', 'Invocations'),
        query('b', 'allowed', 'FailedInvocations'),
        query('c', 'refused', 'FailedInvocations'),
      ],
    }),
  );

  const sums = MetricDataResults.map(({ Values = [] }) => Values.reduce((sum, value) => sum + value, 0));
  expect(sums).toEqual([1, 0, 1]);
});
