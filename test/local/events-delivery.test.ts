import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { AwsError } from '../../local/world/failure.ts';
import { operation, type Service } from '../../local/world/service.ts';
import { Deliveries } from './deliveries.ts';
import { messages, queueFor } from './events-queue.ts';

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

let flow: Deliveries;
beforeEach(async () => {
  seen.length = 0;
  refuse = undefined;
  flow = await Deliveries.open({
    lambda: recording('lambda', 'Invoke', 'lambda:InvokeFunction'),
    codepipeline: recording('codepipeline', 'StartPipelineExecution', 'codepipeline:StartPipelineExecution'),
  });
});
afterEach(() => flow.close());

const functionArn = `arn:aws:lambda:${region}:${prod}:function:start`;

test('a function is invoked by EventBridge itself when its policy names the rule', async () => {
  await flow.rule(prod, 'allowed', { Arn: functionArn });

  await flow.put(prod);

  await flow.cloud.world.settled();
  expect(seen).toHaveLength(1);
  expect(seen[0]?.input).toMatchObject({ FunctionName: functionArn, InvocationType: 'Event' });
  expect(JSON.parse(String(seen[0]?.input['Payload']))).toMatchObject({ source: 'test', detail: { branch: 'prod' } });
});

test('a rule that the function does not name delivers nothing, and the dead-letter queue gets the event with the reason', async () => {
  const sqs = flow.client(SQSClient, prod);
  const { url, arn } = await queueFor(sqs, 'dead', `arn:aws:events:${region}:${prod}:rule/other`);
  const ruleArn = await flow.rule(prod, 'other', { Arn: functionArn, DeadLetterConfig: { Arn: arn } });

  await flow.put(prod);

  await flow.cloud.world.settled();
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
  const sqs = flow.client(SQSClient, prod);
  const { url, arn } = await queueFor(sqs, 'dead', `arn:aws:events:${region}:${prod}:rule/allowed`);
  await flow.rule(prod, 'allowed', {
    Arn: functionArn,
    DeadLetterConfig: { Arn: arn },
    RetryPolicy: { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 3600 },
  });
  refuse = () => new AwsError('ServiceException', 'broken', 500);

  await flow.put(prod);
  await flow.cloud.world.settled();
  for (let second = 0; second < 12; second++) {
    await flow.cloud.world.clock.advance(1000);
    await flow.cloud.world.settled();
  }

  const [dead] = await messages(sqs, url);
  expect(flow.cloud.told('delivery').filter((text) => text.includes('trying again'))).toHaveLength(3);
  expect(dead?.MessageAttributes).toMatchObject({
    ERROR_CODE: { StringValue: 'ERROR_FROM_TARGET' },
    RETRY_ATTEMPTS: { StringValue: '3' },
    EXHAUSTED_RETRY_CONDITION: { StringValue: 'MaximumRetryAttempts' },
  });
});

test('a target that comes back gets the event on a later attempt', async () => {
  await flow.rule(prod, 'allowed', { Arn: functionArn });
  refuse = () => new AwsError('ServiceException', 'broken', 500);
  await flow.put(prod);
  await flow.cloud.world.settled();

  refuse = undefined;
  await flow.cloud.world.clock.advance(2000);

  await flow.cloud.world.settled();
  expect(seen).toHaveLength(1);
});

test('a queue that is gone is NO_RESOURCE and not tried again', async () => {
  await flow.rule(prod, 'allowed', { Arn: `arn:aws:sqs:${region}:${prod}:gone` });

  await flow.put(prod);

  await flow.cloud.world.settled();
  expect(flow.cloud.told('delivery')).toEqual([
    expect.stringContaining('could not deliver (NO_RESOURCE: The specified queue does not exist.)'),
    expect.stringContaining('dropped the event: the target has no dead-letter queue'),
  ]);
});

test('a log group gets the event when the resource policy of the logs lets EventBridge write', async () => {
  const name = '/aws/events/mergecast/trail';
  const { attributes } = await flow.cloud.place(prod, 'AWS::Logs::LogGroup', { LogGroupName: name });
  const target = String(attributes['Arn']).replace(/:\*$/, '');
  await flow.rule(prod, 'trail', { Arn: target });
  const logs = flow.client(CloudWatchLogsClient, prod);
  await flow.put(prod);
  await flow.cloud.world.settled();
  expect((await logs.send(new DescribeLogStreamsCommand({ logGroupName: name }))).logStreams).toEqual([]);

  await flow.cloud.place(prod, 'AWS::Logs::ResourcePolicy', {
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
  await flow.put(prod);
  await flow.cloud.world.settled();

  const found = await logs.send(
    new FilterLogEventsCommand({ logGroupName: name, filterPattern: '{ $.detail.branch = "prod" }' }),
  );
  expect(found.events).toHaveLength(1);
});

test('a pipeline is started with the parameters that the transformer makes', async () => {
  const pipeline = `arn:aws:codepipeline:${region}:${prod}:orders-prod`;
  const roleArn = await flow.role(prod, 'start', { Action: 'codepipeline:StartPipelineExecution', Resource: pipeline });
  await flow.rule(prod, 'start', {
    Arn: pipeline,
    RoleArn: roleArn,
    InputTransformer: {
      InputPathsMap: { branch: '$.detail.branch' },
      InputTemplate: '{"name":"orders-prod","variables":[{"name":"BRANCH","value":"<branch>"}]}',
    },
  });

  await flow.put(prod);

  await flow.cloud.world.settled();
  expect(seen).toMatchObject([
    {
      input: { name: 'orders-prod', variables: [{ name: 'BRANCH', value: 'prod' }] },
      caller: { type: 'role-session', roleArn },
    },
  ]);
});

test('rules are measured in AWS/Events', async () => {
  await flow.rule(prod, 'allowed', { Arn: functionArn });
  await flow.rule(prod, 'refused', { Arn: functionArn });
  await flow.put(prod);
  await flow.cloud.world.settled();

  const query = (Id: string, RuleName: string, MetricName: string) => ({
    Id,
    MetricStat: {
      Metric: { Namespace: 'AWS/Events', MetricName, Dimensions: [{ Name: 'RuleName', Value: RuleName }] },
      Period: 300,
      Stat: 'Sum',
    },
  });
  const now = Date.now();
  const { MetricDataResults = [] } = await flow.client(CloudWatchClient, prod).send(
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
