import { afterEach, beforeEach, expect, test } from 'vitest';
import { buses, rules } from '../../local/services/events/tables.ts';
import type { Existing } from '../../local/world/service.ts';
import { type EventsWorld, eventsWorld } from './events-world.ts';

const account = '111111111111';
const role = `arn:aws:iam::${account}:role/r`;
const queueArn = `arn:aws:sqs:eu-west-1:${account}:q`;
let cloud: EventsWorld;

beforeEach(async () => {
  cloud = await eventsWorld();
});
afterEach(() => cloud.close());

const make = async (type: string, properties: object): Promise<Existing<object>> => ({
  ...(await cloud.place(account, type, properties)),
  properties,
});

const alarm = {
  AlarmName: 'errors',
  Namespace: 'n',
  MetricName: 'm',
  Statistic: 'Sum',
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 1,
  ComparisonOperator: 'GreaterThanThreshold',
};

const named: readonly [string, object, string][] = [
  ['AWS::Events::EventBus', { Name: 'mergecast' }, 'mergecast'],
  ['AWS::Events::Rule', { Name: 'merges', EventPattern: { source: ['a'] } }, 'merges'],
  [
    'AWS::Events::Archive',
    { ArchiveName: 'a', SourceArn: `arn:aws:events:eu-west-1:${account}:event-bus/default` },
    'a',
  ],
  ['AWS::SQS::Queue', { QueueName: 'q' }, `/${account}/q`],
  ['AWS::SNS::Topic', { TopicName: 't' }, `arn:aws:sns:eu-west-1:${account}:t`],
  ['AWS::Logs::LogGroup', { LogGroupName: '/g' }, '/g'],
  ['AWS::CloudWatch::Alarm', alarm, 'errors'],
  [
    'AWS::Scheduler::Schedule',
    {
      Name: 's',
      ScheduleExpression: 'rate(1 day)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: queueArn, RoleArn: role },
    },
    's',
  ],
];

test.each(named)(
  '%s is created once, updated in place, and can be created again once removed',
  async (type, properties, id) => {
    const made = await make(type, properties);

    await expect(cloud.place(account, type, properties)).rejects.toThrow(/already exists/);
    const updated = await cloud.place(account, type, properties, made);
    await cloud.remove(account, type, made);
    const again = await cloud.place(account, type, properties);

    expect(made.physicalId.replace(cloud.world.endpoint, '')).toBe(id);
    expect(updated.physicalId).toBe(made.physicalId);
    expect(again.physicalId).toBe(made.physicalId);
  },
);

test.each(named)('%s refuses a property that is not played, by name', async (type, properties) => {
  await expect(cloud.place(account, type, { ...properties, Colour: 'red' })).rejects.toThrow(/Colour/);
});

test('a rule without a name gets one from the stack and keeps it when it is updated', async () => {
  const made = await make('AWS::Events::Rule', { EventPattern: { source: ['a'] } });

  const updated = await cloud.place(account, 'AWS::Events::Rule', { EventPattern: { source: ['b'] } }, made);

  expect(made.physicalId).toMatch(/^test-Thing-/);
  expect(updated).toEqual({ physicalId: made.physicalId, attributes: made.attributes });
});

test('an update of a rule takes away the targets that left the template', async () => {
  const target = (Id: string) => ({ Id, Arn: queueArn });
  const pattern = { Name: 'merges', EventPattern: { source: ['a'] } };
  const made = await make('AWS::Events::Rule', { ...pattern, Targets: [target('one'), target('two')] });

  await cloud.place(account, 'AWS::Events::Rule', { ...pattern, Targets: [target('two')] }, made);

  const rule = cloud.world.store.in(rules).get(String(made.attributes['Arn']));
  expect(rule?.targets.map(({ Id }) => Id)).toEqual(['two']);
});

test("statements of a bus's policy come and go each for itself", async () => {
  const bus = await make('AWS::Events::EventBus', { Name: 'mergecast' });
  const statement = (id: string) => ({
    EventBusName: 'mergecast',
    StatementId: id,
    Statement: { Effect: 'Allow', Principal: '*', Action: 'events:PutEvents', Resource: String(bus.attributes['Arn']) },
  });
  const sids = () =>
    cloud.world.store
      .in(buses)
      .get(String(bus.attributes['Arn']))
      ?.policy?.Statement.map(({ Sid }) => Sid);
  const dev = await make('AWS::Events::EventBusPolicy', statement('dev'));
  await make('AWS::Events::EventBusPolicy', statement('prod'));
  expect(sids()).toEqual(['dev', 'prod']);

  const renamed = await cloud.place(account, 'AWS::Events::EventBusPolicy', statement('staging'), dev);
  expect(sids()).toEqual(['prod', 'staging']);

  await cloud.remove(account, 'AWS::Events::EventBusPolicy', { ...renamed, properties: statement('staging') });
  expect(sids()).toEqual(['prod']);
});
