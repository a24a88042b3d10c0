import {
  CancelReplayCommand,
  DescribeArchiveCommand,
  DescribeReplayCommand,
  EventBridgeClient,
  ListArchivesCommand,
  ListReplaysCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  StartReplayCommand,
} from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bodies, queueFor } from './events-queue.ts';
import { type EventsWorld, eventsWorld } from './events-world.ts';

const devops = '111111111111';
const busArn = `arn:aws:events:eu-west-1:${devops}:event-bus/default`;
let cloud: EventsWorld;
let events: EventBridgeClient;
let sqs: SQSClient;

beforeEach(async () => {
  cloud = await eventsWorld();
  events = new EventBridgeClient(cloud.client(devops));
  sqs = new SQSClient(cloud.client(devops));
  await cloud.place(devops, 'AWS::Events::Archive', {
    ArchiveName: 'merges',
    SourceArn: busArn,
    EventPattern: { detail: { branch: ['prod'] } },
    RetentionDays: 7,
  });
});
afterEach(async () => {
  events.destroy();
  sqs.destroy();
  await cloud.close();
});

const put = (branch: string) =>
  events.send(
    new PutEventsCommand({ Entries: [{ Source: 'test', DetailType: 'Tested', Detail: JSON.stringify({ branch }) }] }),
  );

async function ruleWithQueue(name: string, pattern: object): Promise<{ url: string; ruleArn: string }> {
  const { RuleArn = '' } = await events.send(new PutRuleCommand({ Name: name, EventPattern: JSON.stringify(pattern) }));
  const { url, arn } = await queueFor(sqs, name, RuleArn);
  await events.send(new PutTargetsCommand({ Rule: name, Targets: [{ Id: 'queue', Arn: arn }] }));
  return { url, ruleArn: RuleArn };
}

const replay = (ReplayName: string, FilterArns: string[] = []) =>
  events.send(
    new StartReplayCommand({
      ReplayName,
      EventSourceArn: `arn:aws:events:eu-west-1:${devops}:archive/merges`,
      EventStartTime: new Date(Date.now() - 3_600_000),
      EventEndTime: new Date(Date.now() + 3_600_000),
      Destination: { Arn: busArn, FilterArns },
    }),
  );

test('an archive keeps what its pattern matches', async () => {
  for (const branch of ['prod', 'dev', 'prod']) await put(branch);

  expect(await events.send(new DescribeArchiveCommand({ ArchiveName: 'merges' }))).toMatchObject({
    EventCount: 2,
    RetentionDays: 7,
    State: 'ENABLED',
    EventPattern: '{"detail":{"branch":["prod"]}}',
  });
  expect((await events.send(new ListArchivesCommand({}))).Archives).toHaveLength(1);
});

test('a replay carries its name, reaches the rules it names and is not archived again', async () => {
  await put('prod');
  await cloud.world.settled();
  const named = await ruleWithQueue('named', { source: ['test'] });
  const careful = await ruleWithQueue('careful', { source: ['test'], 'replay-name': [{ exists: false }] });
  const other = await ruleWithQueue('other', { source: ['test'] });

  await replay('again', [named.ruleArn, careful.ruleArn]);

  await cloud.world.settled();
  expect(await bodies(sqs, named.url)).toMatchObject([{ 'replay-name': 'again', detail: { branch: 'prod' } }]);
  expect(await bodies(sqs, careful.url)).toEqual([]);
  expect(await bodies(sqs, other.url)).toEqual([]);
  expect(await events.send(new DescribeReplayCommand({ ReplayName: 'again' }))).toMatchObject({ State: 'COMPLETED' });
  expect((await events.send(new ListReplaysCommand({ State: 'COMPLETED' }))).Replays).toHaveLength(1);
  expect((await events.send(new DescribeArchiveCommand({ ArchiveName: 'merges' }))).EventCount).toBe(1);
  await expect(events.send(new CancelReplayCommand({ ReplayName: 'again' }))).rejects.toThrow(/not in a valid state/);
});

test('an archive forgets after its retention', async () => {
  await put('prod');
  const { url } = await ruleWithQueue('all', { source: ['test'] });

  await cloud.world.clock.advance(8 * 86_400_000);
  await cloud.world.settled();
  events = new EventBridgeClient({ ...cloud.client(devops), systemClockOffset: 8 * 86_400_000 });
  await replay('late');

  await cloud.world.settled();
  sqs = new SQSClient({ ...cloud.client(devops), systemClockOffset: 8 * 86_400_000 });
  expect(await bodies(sqs, url)).toEqual([]);
});
