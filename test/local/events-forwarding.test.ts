import { CreateEventBusCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Deliveries } from './deliveries.ts';
import { bodies, messages, queueFor } from './events-queue.ts';

const devops = '111111111111';
const prod = '444444444444';
const region = 'eu-west-1';

let flow: Deliveries;
beforeEach(async () => {
  flow = await Deliveries.open();
});
afterEach(() => flow.close());

/** A rule of the DevOps account that forwards to prod's bus, with all halves in place but those left out. */
async function forwarding(options: { policy?: object | false; trusts?: string } = {}): Promise<string> {
  const target = `arn:aws:events:${region}:${prod}:event-bus/mergecast-prod`;
  const forwardRule = `arn:aws:events:${region}:${devops}:rule/forward-prod`;
  await flow.client(EventBridgeClient, prod).send(new CreateEventBusCommand({ Name: 'mergecast-prod' }));
  const roleArn = await flow.role(
    devops,
    'forward-prod',
    { Action: 'events:PutEvents', Resource: target },
    { StringEquals: { 'aws:SourceAccount': devops }, ArnEquals: { 'aws:SourceArn': options.trusts ?? forwardRule } },
  );
  if (options.policy !== false) {
    await flow.cloud.place(prod, 'AWS::Events::EventBusPolicy', {
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
  const { url, arn } = await queueFor(flow.client(SQSClient, devops), 'dead', forwardRule);
  await flow.rule(devops, 'forward-prod', { Arn: target, RoleArn: roleArn, DeadLetterConfig: { Arn: arn } });
  return url;
}

const deadCode = async (url: string) =>
  (await messages(flow.client(SQSClient, devops), url)).map(
    ({ MessageAttributes }) => MessageAttributes?.['ERROR_CODE']?.StringValue,
  );

test('an event is forwarded to a bus in another account with its envelope unchanged', async () => {
  await forwarding();
  const sqs = flow.client(SQSClient, prod);
  const { url, arn } = await queueFor(sqs, 'arrived', `arn:aws:events:${region}:${prod}:rule/mergecast-prod/start`);
  await flow.rule(prod, 'start', { Arn: arn }, 'mergecast-prod');

  const { Entries } = await flow.put(devops);

  await flow.cloud.world.settled();
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

  await flow.put(devops);

  await flow.cloud.world.settled();
  expect(await deadCode(dead)).toEqual([code]);
});

test('what a rule forwarded is not forwarded to a third bus', async () => {
  const events = flow.client(EventBridgeClient, devops);
  for (const Name of ['two', 'three']) await events.send(new CreateEventBusCommand({ Name }));
  const busArn = (name: string) => `arn:aws:events:${region}:${devops}:event-bus/${name}`;
  const roleArn = await flow.role(devops, 'forward', { Action: 'events:PutEvents', Resource: '*' });
  const secondRule = `arn:aws:events:${region}:${devops}:rule/two/second`;
  const { url, arn } = await queueFor(flow.client(SQSClient, devops), 'dead', secondRule);
  await flow.rule(devops, 'first', { Arn: busArn('two'), RoleArn: roleArn });
  await flow.rule(devops, 'second', { Arn: busArn('three'), RoleArn: roleArn, DeadLetterConfig: { Arn: arn } }, 'two');

  await flow.put(devops);
  await flow.cloud.world.settled();
  await flow.put(devops, 'two');
  await flow.cloud.world.settled();

  expect(await deadCode(url)).toEqual(['THIRD_ACCOUNT_HOP_DETECTED']);
  const arrived = flow.cloud.world.journal.entries.filter(
    ({ kind, subject }) => kind === 'event' && subject === busArn('three'),
  );
  expect(arrived).toHaveLength(1);
});
