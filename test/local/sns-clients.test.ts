import {
  ConfirmSubscriptionCommand,
  CreateTopicCommand,
  GetSubscriptionAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListTagsForResourceCommand,
  PublishBatchCommand,
  PublishCommand,
  SetSubscriptionAttributesCommand,
  SNSClient,
  SubscribeCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-sns';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bodies, messages } from './events-queue.ts';
import { type EventsWorld, eventsWorld } from './events-world.ts';

const account = '111111111111';
let cloud: EventsWorld;
let sns: SNSClient;
let sqs: SQSClient;

beforeAll(async () => {
  cloud = await eventsWorld();
  sns = new SNSClient({ ...cloud.client(account), maxAttempts: 1 });
  sqs = new SQSClient(cloud.client(account));
});
afterAll(async () => {
  sns.destroy();
  sqs.destroy();
  await cloud.close();
});

const topic = async (name: string) => (await sns.send(new CreateTopicCommand({ Name: name }))).TopicArn ?? '';
const arnOf = (name: string) => `arn:aws:sqs:eu-west-1:${account}:${name}`;

/** A queue into which every topic may send. */
async function openQueue(name: string): Promise<string> {
  const statement = { Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage' };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [{ ...statement, Resource: arnOf(name) }] });
  return (await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: { Policy } }))).QueueUrl ?? '';
}

const subscribe = async (TopicArn: string, queue: string, Attributes: Record<string, string> = {}) =>
  (
    await sns.send(
      new SubscribeCommand({
        TopicArn,
        Protocol: 'sqs',
        Endpoint: arnOf(queue),
        Attributes,
        ReturnSubscriptionArn: true,
      }),
    )
  ).SubscriptionArn ?? '';

test.each([
  ['a batch without entries', [], 'EmptyBatchRequest'],
  ['two entries of one id', ['a', 'a'], 'BatchEntryIdsNotDistinct'],
  ['an odd id', ['a b'], 'InvalidBatchEntryId'],
  ['eleven entries', [...'abcdefghijk'], 'TooManyEntriesInBatchRequest'],
])('%s is refused as a whole', async (_what, ids, code) => {
  const TopicArn = await topic('batches');
  const entries = ids.map((Id) => ({ Id, Message: 'x' }));

  await expect(
    sns.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries: entries })),
  ).rejects.toMatchObject({ name: expect.stringContaining(code) as string });
});

test('each entry of a batch is published or fails for itself', async () => {
  const TopicArn = await topic('batched');
  const url = await openQueue('batched');
  await subscribe(TopicArn, 'batched', { RawMessageDelivery: 'true' });

  const { Successful, Failed } = await sns.send(
    new PublishBatchCommand({
      TopicArn,
      PublishBatchRequestEntries: [
        { Id: 'good', Message: '"taken"', MessageAttributes: { k: { DataType: 'String', StringValue: 'v' } } },
        { Id: 'bad', Message: 'x', Subject: ' starts with a space' },
      ],
    }),
  );

  await cloud.world.settled();
  expect(Successful?.map(({ Id }) => Id)).toEqual(['good']);
  expect(Failed).toMatchObject([{ Id: 'bad', Code: 'InvalidParameter', SenderFault: true }]);
  const [message] = await messages(sqs, url);
  expect(message?.Body).toBe('"taken"');
  expect(message?.MessageAttributes?.['k']?.StringValue).toBe('v');
});

test('the settings of a subscription are read and changed', async () => {
  const TopicArn = await topic('settings');
  const url = await openQueue('settings');
  const SubscriptionArn = await subscribe(TopicArn, 'settings');
  const set = (AttributeName: string, AttributeValue: string) =>
    sns.send(new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName, AttributeValue }));

  await set('FilterPolicyScope', 'MessageBody');
  await set('FilterPolicy', '{"a":{"b":["x"]}}');
  await set('RawMessageDelivery', 'true');

  const { Attributes } = await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
  expect(Attributes).toMatchObject({
    SubscriptionArn,
    TopicArn,
    Owner: account,
    PendingConfirmation: 'false',
    FilterPolicy: '{"a":{"b":["x"]}}',
    FilterPolicyScope: 'MessageBody',
    RawMessageDelivery: 'true',
  });
  for (const b of ['x', 'y']) await sns.send(new PublishCommand({ TopicArn, Message: JSON.stringify({ a: { b } }) }));
  await sns.send(new PublishCommand({ TopicArn, Message: 'no JSON' }));
  await cloud.world.settled();
  expect(await bodies(sqs, url)).toEqual([{ a: { b: 'x' } }]);
  await expect(subscribe(TopicArn, 'settings', { RawMessageDelivery: 'false' })).rejects.toThrow(
    /already exists with different attributes/,
  );
});

test.each([
  ['FilterPolicy', '{"a":{"b":["x"]}}', /scope MessageAttributes does not support nested filter policy/],
  ['FilterPolicy', '{"a":["1"],"b":["1"],"c":["1"],"d":["1"],"e":["1"],"f":["1"]}', /can not have more than 5 keys/],
  [
    'FilterPolicy',
    `{"a":${JSON.stringify([...'abcdefghijklm'])},"b":${JSON.stringify([...'abcdefghijklm'])}}`,
    /too complex/,
  ],
  ['FilterPolicy', '[1]', /failed to parse JSON/],
  ['FilterPolicy', '{"a":[{"nearly":"x"}]}', /FilterPolicy/],
  ['FilterPolicyScope', 'Elsewhere', /Please use either MessageBody or MessageAttributes/],
  ['RawMessageDelivery', 'perhaps', /RawMessageDelivery/],
  ['RedrivePolicy', '{"deadLetterTargetArn":"x"}', /deadLetterTargetArn is an invalid ARN/],
  ['Colour', 'red', /Invalid parameter: AttributeName/],
])('a subscription takes no %s %s', async (AttributeName, AttributeValue, text) => {
  const SubscriptionArn = await subscribe(await topic('strict'), 'strict');

  await expect(
    sns.send(new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName, AttributeValue })),
  ).rejects.toThrow(text);
});

test.each([
  ['{"k":[{"exists":false}]}', { other: { DataType: 'String', StringValue: 'x' } }, true],
  ['{"k":["a"]}', { k: { DataType: 'String.Array', StringValue: '["b","a"]' } }, true],
  ['{"k":[{"anything-but":["a"]}]}', { k: { DataType: 'String', StringValue: 'a' } }, false],
  ['{"k":[{"numeric":[">=",5]}]}', { k: { DataType: 'Number', StringValue: '4.9' } }, false],
  ['{"k":["5"]}', { k: { DataType: 'Number', StringValue: '5' } }, false],
  ['{"$or":[{"k":["a"]},{"l":["b"]}]}', { l: { DataType: 'String', StringValue: 'b' } }, true],
  ['{"k":[{"exists":true}]}', { k: { DataType: 'Binary', BinaryValue: new Uint8Array([1]) } }, false],
])('the filter policy %s of attributes %o lets through: %s', async (FilterPolicy, MessageAttributes, through) => {
  const name = `filter-${cloud.world.chance.hex(8)}`;
  const TopicArn = await topic(name);
  const url = await openQueue(name);
  await subscribe(TopicArn, name, { FilterPolicy, RawMessageDelivery: 'true' });

  await sns.send(new PublishCommand({ TopicArn, Message: '1', MessageAttributes }));

  await cloud.world.settled();
  expect(await bodies(sqs, url)).toEqual(through ? [1] : []);
});

test('what a queue refuses goes to the dead-letter queue with the reason', async () => {
  const TopicArn = await topic('refused');
  const dead = await openQueue('refused-dead');
  await sqs.send(new CreateQueueCommand({ QueueName: 'refused' }));
  await subscribe(TopicArn, 'refused', {
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf('refused-dead') }),
  });

  await sns.send(new PublishCommand({ TopicArn, Message: 'lost' }));

  await cloud.world.settled();
  const [message] = await messages(sqs, dead);
  expect(JSON.parse(message?.Body ?? '')).toMatchObject({ Message: 'lost' });
  expect(message?.MessageAttributes?.['ErrorCode']?.StringValue).toBe('NO_PERMISSIONS');
});

test('a delivery that fails for the moment is tried again', async () => {
  const TopicArn = await topic('again');
  const url = await openQueue('again');
  await subscribe(TopicArn, 'again', { RawMessageDelivery: 'true' });
  let failures = 5;
  const interference = {
    before: ({ operation }: { operation: string }) => {
      if (operation === 'SendMessage' && failures-- > 0) throw new Error('the machine is on fire');
    },
  };
  cloud.world.interference.add(interference);

  await sns.send(new PublishCommand({ TopicArn, Message: '1' }));
  await cloud.world.settled();
  for (let second = 0; second < 5; second++) {
    await cloud.world.clock.advance(1_000);
    await cloud.world.settled();
  }

  cloud.world.interference.delete(interference);
  expect(await bodies(sqs, url)).toEqual([1]);
});

test('a mail address is confirmed with the token that the journal tells', async () => {
  const TopicArn = await topic('mails');
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'team@example.org' }));
  const asked = cloud.world.journal.entries.find(({ text }) => text.includes('confirm the subscription'));
  const { token } = asked?.detail as { token: string };

  await expect(sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token: 'x' }))).rejects.toThrow(/Token/);
  const { SubscriptionArn } = await sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token: token }));

  const { Subscriptions } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
  expect(Subscriptions).toMatchObject([{ SubscriptionArn, Protocol: 'email' }]);
});

test('tags of a topic come and go', async () => {
  const ResourceArn = await topic('tagged');
  const tags = [
    { Key: 'a', Value: '1' },
    { Key: 'b', Value: '2' },
  ];
  await sns.send(new TagResourceCommand({ ResourceArn, Tags: tags }));

  await sns.send(new UntagResourceCommand({ ResourceArn, TagKeys: ['a'] }));

  expect((await sns.send(new ListTagsForResourceCommand({ ResourceArn }))).Tags).toEqual([{ Key: 'b', Value: '2' }]);
  await expect(sns.send(new ListTagsForResourceCommand({ ResourceArn: `${ResourceArn}x` }))).rejects.toThrow(
    /Resource does not exist/,
  );
});
