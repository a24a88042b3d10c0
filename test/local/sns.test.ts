import {
  CreateTopicCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListSubscriptionsCommand,
  ListTopicsCommand,
  NotFoundException,
  PublishCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bodies } from './events-queue.ts';
import { type EventsWorld, eventsWorld } from './events-world.ts';

const account = '111111111111';
const topicArn = `arn:aws:sns:eu-west-1:${account}:alarms`;
let cloud: EventsWorld;
let sns: SNSClient;
let sqs: SQSClient;

beforeEach(async () => {
  cloud = await eventsWorld();
  sns = new SNSClient(cloud.client(account));
  sqs = new SQSClient(cloud.client(account));
  await sns.send(new CreateTopicCommand({ Name: 'alarms', Attributes: { DisplayName: 'Alarms' } }));
});
afterEach(async () => {
  sns.destroy();
  sqs.destroy();
  await cloud.close();
});

async function subscribedQueue(name: string, attributes: Record<string, string> = {}): Promise<string> {
  const arn = `arn:aws:sqs:eu-west-1:${account}:${name}`;
  const policy = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: arn,
        Condition: { ArnEquals: { 'aws:SourceArn': topicArn } },
      },
    ],
  };
  const made = await sqs.send(
    new CreateQueueCommand({ QueueName: name, Attributes: { Policy: JSON.stringify(policy) } }),
  );
  await sns.send(new SubscribeCommand({ TopicArn: topicArn, Protocol: 'sqs', Endpoint: arn, Attributes: attributes }));
  return made.QueueUrl ?? '';
}

test('a queue gets the notification in an envelope, or as it is when it asks for that', async () => {
  const wrapped = await subscribedQueue('wrapped');
  const raw = await subscribedQueue('raw', { RawMessageDelivery: 'true' });

  const { MessageId } = await sns.send(
    new PublishCommand({ TopicArn: topicArn, Subject: 'Broken', Message: '{"a":1}' }),
  );

  await cloud.world.settled();
  expect(await bodies(sqs, wrapped)).toMatchObject([
    { Type: 'Notification', MessageId, TopicArn: topicArn, Subject: 'Broken', Message: '{"a":1}' },
  ]);
  expect(await bodies(sqs, raw)).toEqual([{ a: 1 }]);
});

test('a filter policy lets through what it matches, by attributes or by body', async () => {
  const byAttribute = await subscribedQueue('by-attribute', {
    FilterPolicy: '{"level":["high"],"count":[{"numeric":[">",5]}]}',
  });
  const byBody = await subscribedQueue('by-body', {
    FilterPolicy: '{"branch":["prod"]}',
    FilterPolicyScope: 'MessageBody',
  });
  const publish = (level: string, branch: string) =>
    sns.send(
      new PublishCommand({
        TopicArn: topicArn,
        Message: JSON.stringify({ branch }),
        MessageAttributes: {
          level: { DataType: 'String', StringValue: level },
          count: { DataType: 'Number', StringValue: '6' },
        },
      }),
    );

  await publish('high', 'dev');
  await publish('low', 'prod');

  await cloud.world.settled();
  const messagesOf = async (url: string) =>
    (await bodies(sqs, url)).map((body) => (body as { Message: string }).Message);
  expect(await messagesOf(byAttribute)).toEqual(['{"branch":"dev"}']);
  expect(await messagesOf(byBody)).toEqual(['{"branch":"prod"}']);
});

test('mail is not sent but told by the journal, and its subscription stays pending', async () => {
  await sns.send(new SubscribeCommand({ TopicArn: topicArn, Protocol: 'email', Endpoint: 'team@example.org' }));

  await sns.send(new PublishCommand({ TopicArn: topicArn, Subject: 'Broken', Message: 'the pipeline failed' }));

  await cloud.world.settled();
  expect(cloud.told('delivery')).toEqual(['mail to team@example.org: Broken: the pipeline failed']);
  const { Subscriptions } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: topicArn }));
  expect(Subscriptions).toMatchObject([{ SubscriptionArn: 'PendingConfirmation', Protocol: 'email' }]);
  const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn: topicArn }));
  expect(Attributes).toMatchObject({ SubscriptionsPending: '1', SubscriptionsConfirmed: '0', DisplayName: 'Alarms' });
});

test('a queue whose policy does not know the topic gets nothing, and the journal says why', async () => {
  await sqs.send(new CreateQueueCommand({ QueueName: 'closed' }));
  const Endpoint = `arn:aws:sqs:eu-west-1:${account}:closed`;
  await sns.send(new SubscribeCommand({ TopicArn: topicArn, Protocol: 'sqs', Endpoint }));

  await sns.send(new PublishCommand({ TopicArn: topicArn, Message: 'x' }));

  await cloud.world.settled();
  expect(cloud.told('delivery').join()).toMatch(
    /could not deliver to .*closed: .*not authorized to perform: sqs:SendMessage/,
  );
});

test('the topic policy decides who may publish from elsewhere', async () => {
  const stranger = new SNSClient(cloud.client('222222222222'));
  const publish = () => stranger.send(new PublishCommand({ TopicArn: topicArn, Message: 'x' }));
  await expect(publish()).rejects.toThrow(/not authorized to perform: sns:Publish/);

  const statement = { Effect: 'Allow', Principal: { AWS: '222222222222' }, Action: 'sns:Publish', Resource: topicArn };
  const AttributeValue = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await sns.send(new SetTopicAttributesCommand({ TopicArn: topicArn, AttributeName: 'Policy', AttributeValue }));

  await expect(publish()).resolves.toHaveProperty('MessageId');
});

test('topics and subscriptions can be listed and ended', async () => {
  await subscribedQueue('one');
  const { Subscriptions = [] } = await sns.send(new ListSubscriptionsCommand({}));

  await sns.send(new UnsubscribeCommand({ SubscriptionArn: Subscriptions[0]?.SubscriptionArn }));

  expect((await sns.send(new ListTopicsCommand({}))).Topics).toEqual([{ TopicArn: topicArn }]);
  expect(Subscriptions).toHaveLength(1);
  expect((await sns.send(new ListSubscriptionsCommand({}))).Subscriptions).toEqual([]);
});

test.each([
  ['sms', '+4912345'],
  ['email', 'no address'],
])('a subscription by %s to %s is refused', async (Protocol, Endpoint) => {
  await expect(sns.send(new SubscribeCommand({ TopicArn: topicArn, Protocol, Endpoint }))).rejects.toThrow(
    /Invalid parameter/,
  );
});

test('a topic that does not exist is refused as the SDK knows it', async () => {
  await expect(sns.send(new PublishCommand({ TopicArn: `${topicArn}x`, Message: 'x' }))).rejects.toThrow(
    NotFoundException,
  );
});
