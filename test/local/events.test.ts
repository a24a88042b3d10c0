import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { emit } from '../../local/services/events/emit.ts';
import { bodies, queueFor } from './events-queue.ts';
import { type EventsWorld, eventsWorld } from './events-world.ts';

const devops = '111111111111';
let cloud: EventsWorld;
let events: EventBridgeClient;
let sqs: SQSClient;

beforeEach(async () => {
  cloud = await eventsWorld();
  events = new EventBridgeClient(cloud.client(devops));
  sqs = new SQSClient(cloud.client(devops));
});
afterEach(async () => {
  events.destroy();
  sqs.destroy();
  await cloud.close();
});

const entry = (detail: object, more: object = {}) => ({
  Source: 'mergecast.devops',
  DetailType: 'Branch Merged',
  Detail: JSON.stringify(detail),
  ...more,
});

/** A rule with a queue that may receive from it. */
async function ruleWithQueue(name: string, pattern: object, target: object = {}, bus?: string): Promise<string> {
  const { RuleArn = '' } = await events.send(
    new PutRuleCommand({ Name: name, EventPattern: JSON.stringify(pattern), EventBusName: bus }),
  );
  const { url, arn } = await queueFor(sqs, `${name}-queue`, RuleArn);
  await events.send(
    new PutTargetsCommand({ Rule: name, EventBusName: bus, Targets: [{ Id: 'queue', Arn: arn, ...target }] }),
  );
  return url;
}

test('an event that matches a rule reaches its target as it was put', async () => {
  const url = await ruleWithQueue('prod', { source: ['mergecast.devops'], detail: { branch: ['prod'] } });

  const { Entries = [], FailedEntryCount } = await events.send(
    new PutEventsCommand({
      Entries: [entry({ branch: 'prod' }, { Resources: ['arn:thing'], Time: new Date('2026-11-23T07:00:00Z') })],
    }),
  );

  await cloud.world.settled();
  expect(FailedEntryCount).toBe(0);
  expect(await bodies(sqs, url)).toEqual([
    {
      version: '0',
      id: Entries[0]?.EventId,
      'detail-type': 'Branch Merged',
      source: 'mergecast.devops',
      account: devops,
      time: '2026-11-23T07:00:00Z',
      region: 'eu-west-1',
      resources: ['arn:thing'],
      detail: { branch: 'prod' },
    },
  ]);
});

test('the journal says of each rule whether it matched, and if not, why', async () => {
  await ruleWithQueue('prod', { detail: { branch: ['prod'] } });
  await ruleWithQueue('dev', { detail: { branch: ['dev'] } });

  await events.send(new PutEventsCommand({ Entries: [entry({ branch: 'dev' })] }));

  await cloud.world.settled();
  const [missed, matched] = cloud.told('match');
  expect(missed).toMatch(/^rule prod did not match: detail\.branch is .*dev.*, expected .*prod/);
  expect(matched).toBe('rule dev matched');
});

test('entries fail one by one, and sources of AWS are refused to callers', async () => {
  const { FailedEntryCount, Entries } = await events.send(
    new PutEventsCommand({
      Entries: [
        entry({}),
        entry({}, { Source: 'aws.codecommit' }),
        entry({}, { Detail: '[1]' }),
        entry({}, { Detail: '{' }),
        entry({}, { Detail: `${'{"a":'.repeat(60_000)}1${'}'.repeat(60_000)}` }),
        { DetailType: 'x', Detail: '{}' },
      ],
    }),
  );

  expect(FailedEntryCount).toBe(5);
  expect(Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
    undefined,
    'NotAuthorizedForSourceException',
    'MalformedDetail',
    'MalformedDetail',
    'MalformedDetail',
    'InvalidArgument',
  ]);
});

test.each([
  ['no entry', [], /length greater than or equal to 1/],
  ['eleven entries', Array.from({ length: 11 }, () => entry({})), /length less than or equal to 10/],
  ['more than 1 MiB', [entry({ text: 'x'.repeat(1024 * 1024) })], /Total size of the entries/],
  ['only entries without a source', [{ DetailType: 'x', Detail: '{}' }], /Source is a required argument/],
])('a request with %s is refused as a whole', async (_what, Entries, text) => {
  await expect(events.send(new PutEventsCommand({ Entries }))).rejects.toThrow(text);
});

test('an event for a bus that does not exist is dropped with success, and only the journal tells', async () => {
  const answer = await events.send(new PutEventsCommand({ Entries: [entry({}, { EventBusName: 'nowhere' })] }));

  expect(answer.FailedEntryCount).toBe(0);
  expect(cloud.told('delivery').join()).toMatch(
    /was dropped: there is no bus arn:aws:events:eu-west-1:111111111111:event-bus\/nowhere/,
  );
});

test("another account needs the bus policy, which sees the event's source and type", async () => {
  const { EventBusArn = '' } = await events.send(new CreateEventBusCommand({ Name: 'mergecast' }));
  const reporter = new EventBridgeClient(cloud.client('222222222222'));
  const report = (Source: string) =>
    reporter.send(new PutEventsCommand({ Entries: [entry({}, { EventBusName: EventBusArn, Source })] }));
  await expect(report('mergecast.workload')).rejects.toThrow(/not authorized to perform: events:PutEvents/);

  await cloud.place(devops, 'AWS::Events::EventBusPolicy', {
    EventBusName: 'mergecast',
    StatementId: 'reports',
    Statement: {
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::222222222222:root' },
      Action: 'events:PutEvents',
      Resource: EventBusArn,
      Condition: { StringEquals: { 'events:source': 'mergecast.workload', 'events:eventBusInvocation': 'false' } },
    },
  });

  await expect(report('mergecast.workload')).resolves.toMatchObject({ FailedEntryCount: 0 });
  await expect(report('other')).rejects.toThrow(/not authorized/);
});

test('a service of AWS tells its events on the default bus of its account', async () => {
  const url = await ruleWithQueue('pushes', { source: ['aws.codecommit'] });

  emit(cloud.world, {
    account: devops,
    region: 'eu-west-1',
    source: 'aws.codecommit',
    detailType: 'CodeCommit Repository State Change',
    resources: ['arn:aws:codecommit:eu-west-1:111111111111:orders'],
    detail: { referenceName: 'prod' },
  });

  await cloud.world.settled();
  expect(await bodies(sqs, url)).toMatchObject([{ source: 'aws.codecommit', detail: { referenceName: 'prod' } }]);
});

test.each([
  ['Input', { Input: '{"fixed":true}' }, '{"fixed":true}'],
  ['InputPath', { InputPath: '$.detail.branch' }, '"prod"'],
  [
    'InputTransformer',
    {
      InputTransformer: {
        InputPathsMap: {
          branch: '$.detail.branch',
          first: '$.resources[0]',
          missing: '$.detail.none',
          all: '$.detail',
        },
        InputTemplate:
          '{"b":"<branch>","bare":<branch>,"first":"<first>","missing":"<missing>","all":<all>,"rule":<aws.events.rule-name>,"unknown":"<other>"}',
      },
    },
    '{"b":"prod","bare":"prod","first":"r","missing":"","all":{"branch":"prod"},"rule":"shaped","unknown":"<other>"}',
  ],
])('%s shapes what the target gets', async (_name, input, expected) => {
  const url = await ruleWithQueue('shaped', { source: [{ exists: true }] }, input);

  await events.send(new PutEventsCommand({ Entries: [entry({ branch: 'prod' }, { Resources: ['r'] })] }));

  await cloud.world.settled();
  expect(await bodies(sqs, url, (text) => text)).toEqual([expected]);
});

test('a rule with a schedule tells its targets when it is due', async () => {
  const { RuleArn = '' } = await events.send(
    new PutRuleCommand({ Name: 'tick', ScheduleExpression: 'rate(5 minutes)' }),
  );
  const { url, arn } = await queueFor(sqs, 'ticks', RuleArn);
  await events.send(new PutTargetsCommand({ Rule: 'tick', Targets: [{ Id: 'queue', Arn: arn }] }));

  await cloud.world.clock.advance(11 * 60_000);

  await cloud.world.settled();
  expect(await bodies(sqs, url)).toMatchObject([
    { 'detail-type': 'Scheduled Event', source: 'aws.events', resources: [RuleArn] },
    { 'detail-type': 'Scheduled Event' },
  ]);
});
