import {
  CreateArchiveCommand,
  CreateEventBusCommand,
  DescribeEventBusCommand,
  EventBridgeClient,
  ListEventSourcesCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  StartReplayCommand,
  UpdateEventBusCommand,
} from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { operation, type Service } from '../../local/world/service.ts';
import { bodies, queueFor } from './events-queue.ts';
import { type EventsWorld, eventsWorld } from './events-world.ts';

const account = '111111111111';
const region = 'eu-west-1';
let cloud: EventsWorld;
let events: EventBridgeClient;
let sqs: SQSClient;
const builds: unknown[] = [];

/** Only sees that a build was asked for. */
const codebuild: Service = {
  name: 'codebuild',
  operations: {
    StartBuild: operation({
      input: z.looseObject({}),
      access: () => [{ action: 'codebuild:StartBuild', resource: `arn:aws:codebuild:${region}:${account}:project/p` }],
      run: (input) => {
        builds.push(input);
        return {};
      },
    }),
  },
};

beforeAll(async () => {
  cloud = await eventsWorld({ codebuild });
  events = new EventBridgeClient({ ...cloud.client(account), maxAttempts: 1 });
  sqs = new SQSClient(cloud.client(account));
});
afterAll(async () => {
  events.destroy();
  sqs.destroy();
  await cloud.close();
});

/** A rule on events of its own source with a queue; answers what puts an event, and what the queue got. */
async function rule(name: string, target: object, more: object = {}) {
  const { RuleArn = '' } = await events.send(
    new PutRuleCommand({ Name: name, EventPattern: JSON.stringify({ source: [name] }), ...more }),
  );
  const { url, arn } = await queueFor(sqs, name, RuleArn);
  await events.send(new PutTargetsCommand({ Rule: name, Targets: [{ Id: 'queue', Arn: arn, ...target }] }));
  return {
    arn: RuleArn,
    put: (detail: object, entry: object = {}) =>
      events.send(
        new PutEventsCommand({
          Entries: [{ Source: name, DetailType: 'T', Detail: JSON.stringify(detail), ...entry }],
        }),
      ),
    got: async () => {
      await cloud.world.settled();
      return bodies(sqs, url, (text) => text);
    },
  };
}

test.each([
  ['text', '"branch <b> of <n>"', '"branch prod of 5"'],
  [
    'bare',
    '{"b":<b>,"n":<n>,"o":<o>,"l":<l>,"t":<t>,"z":<z>}',
    '{"b":"prod","n":5,"o":{"x":1},"l":[1,"a"],"t":true,"z":null}',
  ],
  ['quoted', '{"b":"<b>-<n>"}', '{"b":"prod-5"}'],
  [
    'rule-name',
    '{"rule":<aws.events.rule-name>,"in":"<aws.events.rule-name>"}',
    '{"rule":"transform-rule-name","in":"transform-rule-name"}',
  ],
  ['rule-arn', '<aws.events.rule-arn>', `"arn:aws:events:${region}:${account}:rule/transform-rule-arn"`],
  ['no-variable', '{"x":"<aws.events.nothing>"}', '{"x":"<aws.events.nothing>"}'],
  ['escaped', '"say \\"<b>\\""', '"say \\"prod\\""'],
])('a template with %s becomes what it says', async (name, InputTemplate, expected) => {
  const InputPathsMap = Object.fromEntries([...'bnoltz'].map((each) => [each, `$.detail.${each}`]));
  const { put, got } = await rule(`transform-${name}`, { InputTransformer: { InputPathsMap, InputTemplate } });

  await put({ b: 'prod', n: 5, o: { x: 1 }, l: [1, 'a'], t: true, z: null });

  expect(await got()).toEqual([expected]);
});

test('a template may hold the event, with or without its detail, and when it came', async () => {
  const InputTemplate =
    '{"all":<aws.events.event.json>,"envelope":<aws.events.event>,"at":"<aws.events.event.ingestion-time>"}';
  const { put, got } = await rule('whole', { InputTransformer: { InputTemplate } });

  await put({ a: 1 });

  const [text] = await got();
  const { all, envelope, at } = JSON.parse(String(text)) as Record<string, Record<string, unknown>>;
  expect(all).toMatchObject({ source: 'whole', detail: { a: 1 } });
  expect(envelope).toEqual(Object.fromEntries(Object.entries(all ?? {}).filter(([name]) => name !== 'detail')));
  expect(at).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
});

test.each([
  ['arn:aws:states:eu-west-1:111111111111:stateMachine:m', /targets of states are not played/],
  ['arn:aws:events:eu-west-1:111111111111:api-destination/d/1', /targets of api-destination are not played/],
  ['arn:aws:ecs:eu-west-1:111111111111:cluster/c', /targets of ecs are not played/],
  ['arn:aws:codebuild:eu-west-1:111111111111:project/p', /RoleArn is required/],
  ['queue', /Provided Arn is not in correct format/],
])('the target %s is refused by name', async (Arn, text) => {
  await events.send(new PutRuleCommand({ Name: 'strict', EventPattern: '{"source":["x"]}' }));

  await expect(events.send(new PutTargetsCommand({ Rule: 'strict', Targets: [{ Id: 't', Arn }] }))).rejects.toThrow(
    text,
  );
});

test('a project is built with the overrides that the input names', async () => {
  const project = `arn:aws:codebuild:${region}:${account}:project/p`;
  const statement = { Effect: 'Allow', Action: 'codebuild:StartBuild', Resource: project };
  const { attributes } = await cloud.place(account, 'AWS::IAM::Role', {
    RoleName: 'build',
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    },
    Policies: [{ PolicyName: 'b', PolicyDocument: { Version: '2012-10-17', Statement: [statement] } }],
  });
  const target = { Id: 'b', Arn: project, RoleArn: String(attributes['Arn']), Input: '{"sourceVersion":"main"}' };
  const { put } = await rule('builds', {});
  await events.send(new PutTargetsCommand({ Rule: 'builds', Targets: [target] }));

  await put({});

  await cloud.world.settled();
  expect(builds).toEqual([{ projectName: 'p', sourceVersion: 'main' }]);
});

test('the settings of a bus are described as they were given and changed', async () => {
  const DeadLetterConfig = { Arn: `arn:aws:sqs:${region}:${account}:dead` };
  const LogConfig = { IncludeDetail: 'FULL', Level: 'ERROR' } as const;
  await events.send(new CreateEventBusCommand({ Name: 'settings', Description: 'first', DeadLetterConfig, LogConfig }));

  await events.send(new UpdateEventBusCommand({ Name: 'settings', Description: 'second' }));

  expect(await events.send(new DescribeEventBusCommand({ Name: 'settings' }))).toMatchObject({
    Name: 'settings',
    Arn: `arn:aws:events:${region}:${account}:event-bus/settings`,
    Description: 'second',
    DeadLetterConfig,
    LogConfig,
    CreationTime: expect.any(Date) as Date,
    LastModifiedTime: expect.any(Date) as Date,
  });
});

test('partner sources are refused by name', async () => {
  await expect(events.send(new ListEventSourcesCommand({}))).rejects.toThrow(/events:ListEventSources is not played/);
});

test('a replay reaches the rules it names, and no event older than the retention', async () => {
  const wanted = await rule('replayed', {}, { EventPattern: '{"detail":{"replay":[true]}}' });
  const other = await rule('unasked', {}, { EventPattern: '{"detail":{"replay":[true]}}' });
  const bus = `arn:aws:events:${region}:${account}:event-bus/default`;
  const { ArchiveArn } = await events.send(
    new CreateArchiveCommand({ ArchiveName: 'kept', EventSourceArn: bus, RetentionDays: 1 }),
  );
  const now = Date.now();
  await wanted.put({ replay: true, n: 1 });
  await wanted.put({ replay: true, n: 2 });
  expect([(await wanted.got()).length, (await other.got()).length]).toEqual([2, 2]);

  await events.send(
    new StartReplayCommand({
      ReplayName: 'again',
      EventSourceArn: ArchiveArn,
      EventStartTime: new Date(now - 60_000),
      EventEndTime: new Date(now + 60_000),
      Destination: { Arn: bus, FilterArns: [wanted.arn] },
    }),
  );

  expect([(await wanted.got()).length, (await other.got()).length]).toEqual([2, 0]);
});
