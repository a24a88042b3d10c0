import {
  CreateEventBusCommand,
  DeleteEventBusCommand,
  DescribeEventBusCommand,
  DescribeRuleCommand,
  EventBridgeClient,
  ListEventBusesCommand,
  ListRuleNamesByTargetCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  PutPermissionCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemovePermissionCommand,
  RemoveTargetsCommand,
  TestEventPatternCommand,
} from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { queueFor } from './events-queue.ts';
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

test('rules and targets can be read, found by target, switched and taken apart', async () => {
  await ruleWithQueue('prod', { source: ['a'] });
  const targets = await events.send(new ListTargetsByRuleCommand({ Rule: 'prod' }));
  const target = targets.Targets?.[0]?.Arn ?? '';

  expect(await events.send(new DescribeRuleCommand({ Name: 'prod' }))).toMatchObject({
    Arn: `arn:aws:events:eu-west-1:${devops}:rule/prod`,
    EventPattern: '{"source":["a"]}',
    State: 'ENABLED',
    EventBusName: 'default',
  });
  expect((await events.send(new ListRulesCommand({ NamePrefix: 'pr' }))).Rules).toHaveLength(1);
  expect((await events.send(new ListRuleNamesByTargetCommand({ TargetArn: target }))).RuleNames).toEqual(['prod']);
  await events.send(new RemoveTargetsCommand({ Rule: 'prod', Ids: ['queue'] }));
  expect((await events.send(new ListTargetsByRuleCommand({ Rule: 'prod' }))).Targets).toEqual([]);
});

test.each([
  ['a pattern with an unknown operator', { EventPattern: '{"a":[{"sufix":"x"}]}' }, /Unrecognized match type sufix/],
  ['a pattern that is no JSON', { EventPattern: '{' }, /Event pattern is not valid/],
  ['neither a pattern nor a schedule', {}, /EventPattern or ScheduleExpression must be specified/],
  ['a rate of one minutes', { ScheduleExpression: 'rate(1 minutes)' }, /ScheduleExpression is not valid/],
])('a rule with %s is refused', async (_what, rule, text) => {
  await expect(events.send(new PutRuleCommand({ Name: 'bad', ...rule }))).rejects.toThrow(text);
});

test.each([
  [
    'a service that is not played',
    { Arn: `arn:aws:ecs:eu-west-1:${devops}:cluster/c` },
    /targets of ecs are not played/,
  ],
  ['two inputs', { Arn: `arn:aws:sqs:eu-west-1:${devops}:q`, Input: '{}', InputPath: '$' }, /Only one of Input/],
  ['a pipeline without a role', { Arn: `arn:aws:codepipeline:eu-west-1:${devops}:p` }, /RoleArn is required/],
  [
    'an input for a bus in another account',
    { Arn: 'arn:aws:events:eu-west-1:222222222222:event-bus/b', RoleArn: `arn:aws:iam::${devops}:role/r`, Input: '{}' },
    /Input is not supported for target/,
  ],
  [
    'a parameter that is not played',
    { Arn: `arn:aws:sqs:eu-west-1:${devops}:q`, HttpParameters: {} },
    /HttpParameters/,
  ],
])('a target with %s is refused', async (_what, target, text) => {
  await events.send(new PutRuleCommand({ Name: 'rule', EventPattern: '{"source":["a"]}' }));

  await expect(events.send(new PutTargetsCommand({ Rule: 'rule', Targets: [{ Id: 't', ...target }] }))).rejects.toThrow(
    text,
  );
});

test('a sixth target is one too many', async () => {
  await events.send(new PutRuleCommand({ Name: 'rule', EventPattern: '{"source":["a"]}' }));
  const targets = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ Id: `t${index}`, Arn: `arn:aws:sqs:eu-west-1:${devops}:q` }));

  await events.send(new PutTargetsCommand({ Rule: 'rule', Targets: targets(5) }));

  await expect(events.send(new PutTargetsCommand({ Rule: 'rule', Targets: targets(6) }))).rejects.toThrow(
    /exceeds the maximum number allowed/,
  );
});

test('buses can be made, given statements, listed and deleted', async () => {
  await events.send(new CreateEventBusCommand({ Name: 'mergecast', Description: 'ours' }));
  await events.send(
    new PutPermissionCommand({
      EventBusName: 'mergecast',
      Action: 'events:PutEvents',
      Principal: '222222222222',
      StatementId: 'dev',
    }),
  );

  const described = await events.send(new DescribeEventBusCommand({ Name: 'mergecast' }));
  expect(described).toMatchObject({ Name: 'mergecast', Description: 'ours' });
  expect(JSON.parse(described.Policy ?? '')).toMatchObject({
    Statement: [{ Sid: 'dev', Principal: { AWS: 'arn:aws:iam::222222222222:root' } }],
  });
  await events.send(new RemovePermissionCommand({ EventBusName: 'mergecast', StatementId: 'dev' }));
  expect((await events.send(new DescribeEventBusCommand({ Name: 'mergecast' }))).Policy).toBeUndefined();
  const names = async () =>
    (await events.send(new ListEventBusesCommand({}))).EventBuses?.map(({ Name }) => Name).sort();
  expect(await names()).toEqual(['default', 'mergecast']);
  await events.send(new DeleteEventBusCommand({ Name: 'mergecast' }));
  expect(await names()).toEqual(['default']);
});

test('a pattern can be tried out', async () => {
  const event = { id: '1', account: devops, source: 'a', time: 't', region: 'r', resources: [], 'detail-type': 'x' };
  const tried = (EventPattern: string) =>
    events.send(new TestEventPatternCommand({ EventPattern, Event: JSON.stringify(event) }));

  expect((await tried('{"source":["a"]}')).Result).toBe(true);
  expect((await tried('{"source":["b"]}')).Result).toBe(false);
});
