import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { signedPost } from './events-signed.ts';
import { type EventsWorld, eventsWorld } from './events-world.ts';

const account = '111111111111';
let cloud: EventsWorld;
let sqs: SQSClient;

beforeEach(async () => {
  cloud = await eventsWorld();
  sqs = new SQSClient(cloud.client(account));
});
afterEach(async () => {
  sqs.destroy();
  await cloud.close();
});

const queue = async (name: string, attributes: Record<string, string> = {}) =>
  (await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }))).QueueUrl ?? '';

test('a message that is sent can be received with its attributes, and is gone once deleted', async () => {
  const url = await queue('orders');
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: url,
      MessageBody: 'hello',
      MessageAttributes: {
        kind: { DataType: 'String', StringValue: 'greeting' },
        raw: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2, 3]) },
      },
    }),
  );

  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: url,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['All'],
    }),
  );

  expect(url).toBe(`${cloud.world.endpoint}/${account}/orders`);
  expect(Messages[0]?.Body).toBe('hello');
  expect(Messages[0]?.MessageAttributes?.['kind']?.StringValue).toBe('greeting');
  expect(Messages[0]?.MessageAttributes?.['raw']?.BinaryValue).toEqual(new Uint8Array([1, 2, 3]));
  expect(Messages[0]?.Attributes?.['ApproximateReceiveCount']).toBe('1');
  await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: Messages[0]?.ReceiptHandle ?? '' }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }));
  expect(Attributes).toMatchObject({ ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesNotVisible: '0' });
});

test('a received message is hidden until its visibility time-out ends', async () => {
  const url = await queue('orders', { VisibilityTimeout: '60' });
  await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'once' }));
  await sqs.send(new ReceiveMessageCommand({ QueueUrl: url }));

  const hidden = await sqs.send(new ReceiveMessageCommand({ QueueUrl: url }));
  await cloud.world.clock.advance(61_000);
  const again = await sqs.send(new ReceiveMessageCommand({ QueueUrl: url }));

  expect(hidden.Messages).toBeUndefined();
  expect(again.Messages?.[0]?.Body).toBe('once');
});

test('a receiver that waits gets the message as soon as it is sent', async () => {
  const url = await queue('orders');

  const waiting = sqs.send(new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 20 }));
  await new Promise((resolve) => setTimeout(resolve, 100));
  await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'at last' }));

  expect((await waiting).Messages?.[0]?.Body).toBe('at last');
});

test('a receiver that waits in vain gets an empty answer when its time is over', async () => {
  const url = await queue('orders');

  const waiting = sqs.send(new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 20 }));
  await new Promise((resolve) => setTimeout(resolve, 100));
  await cloud.world.clock.advance(21_000);

  expect((await waiting).Messages).toBeUndefined();
});

test('a message received too often is moved to the dead-letter queue', async () => {
  const dead = await queue('dead');
  const redrive = { deadLetterTargetArn: `arn:aws:sqs:eu-west-1:${account}:dead`, maxReceiveCount: 2 };
  const url = await queue('orders', { RedrivePolicy: JSON.stringify(redrive), VisibilityTimeout: '0' });
  await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'poison' }));

  for (let time = 0; time < 3; time++) await sqs.send(new ReceiveMessageCommand({ QueueUrl: url }));

  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: dead, MessageSystemAttributeNames: ['All'] }),
  );
  expect(Messages[0]?.Body).toBe('poison');
  expect(Messages[0]?.Attributes?.['DeadLetterQueueSourceArn']).toBe(`arn:aws:sqs:eu-west-1:${account}:orders`);
});

test('each entry of a batch fails for itself', async () => {
  const url = await queue('orders', { MaximumMessageSize: '1024' });

  const { Successful, Failed } = await sqs.send(
    new SendMessageBatchCommand({
      QueueUrl: url,
      Entries: [
        { Id: 'small', MessageBody: 'fits' },
        { Id: 'large', MessageBody: 'x'.repeat(2000) },
      ],
    }),
  );

  expect(Successful?.map(({ Id }) => Id)).toEqual(['small']);
  expect(Failed?.[0]).toMatchObject({ Id: 'large', Code: 'InvalidParameterValue', SenderFault: true });
});

test('visibility can be changed, queues listed, found and purged', async () => {
  const url = await queue('orders');
  await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'a' }));
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: url }));
  const receipt = { QueueUrl: url, ReceiptHandle: Messages?.[0]?.ReceiptHandle ?? '' };

  await sqs.send(new ChangeMessageVisibilityCommand({ ...receipt, VisibilityTimeout: 0 }));

  expect((await sqs.send(new ReceiveMessageCommand({ QueueUrl: url }))).Messages).toHaveLength(1);
  expect((await sqs.send(new ListQueuesCommand({}))).QueueUrls).toEqual([url]);
  expect((await sqs.send(new GetQueueUrlCommand({ QueueName: 'orders' }))).QueueUrl).toBe(url);
  await sqs.send(new PurgeQueueCommand({ QueueUrl: url }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }));
  expect(Attributes?.['ApproximateNumberOfMessagesNotVisible']).toBe('0');
});

test('a queue that does not exist is refused as the SDK knows it', async () => {
  const url = `${cloud.world.endpoint}/${account}/nowhere`;

  const sending = sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'a' }));

  await expect(sending).rejects.toThrow(QueueDoesNotExist);
});

test('another account needs the queue policy', async () => {
  const url = await queue('orders');
  const stranger = new SQSClient(cloud.client('222222222222'));
  const send = () => stranger.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'a' }));

  await expect(send()).rejects.toThrow(/not authorized to perform: sqs:SendMessage/);
  await cloud.place(account, 'AWS::SQS::QueuePolicy', {
    Queues: [url],
    PolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::222222222222:root' },
          Action: 'sqs:SendMessage',
          Resource: `arn:aws:sqs:eu-west-1:${account}:orders`,
        },
      ],
    },
  });

  await expect(send()).resolves.toMatchObject({ MD5OfMessageBody: '0cc175b9c0f1b6a831c399e269772661' });
});

test('a FIFO queue keeps the order of a group and takes a message once', async () => {
  const url = await queue('orders.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' });
  const send = (body: string) =>
    sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: body, MessageGroupId: 'g' }));
  for (const body of ['1', '2', '1']) await send(body);

  const first = await sqs.send(new ReceiveMessageCommand({ QueueUrl: url }));
  const blocked = await sqs.send(new ReceiveMessageCommand({ QueueUrl: url }));
  await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: first.Messages?.[0]?.ReceiptHandle ?? '' }));
  const second = await sqs.send(new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10 }));

  expect(first.Messages?.map(({ Body }) => Body)).toEqual(['1']);
  expect(blocked.Messages).toBeUndefined();
  expect(second.Messages?.map(({ Body }) => Body)).toEqual(['2']);
});

test('the Query protocol works too, posted to the queue by older clients', async () => {
  const url = await queue('orders');
  await query(url, {
    Action: 'SendMessage',
    MessageBody: 'by form',
    'MessageAttribute.1.Name': 'k',
    'MessageAttribute.1.Value.DataType': 'String',
    'MessageAttribute.1.Value.StringValue': 'v',
  });

  const received = await query(url, {
    Action: 'ReceiveMessage',
    'MessageAttributeName.1': 'All',
    'AttributeName.1': 'All',
  });
  const missing = await query(`${cloud.world.endpoint}/${account}/nowhere`, { Action: 'ReceiveMessage' });

  expect(received).toContain('<ReceiveMessageResult><Message><MessageId>');
  expect(received).toContain('<Body>by form</Body>');
  expect(received).toContain(
    '<MessageAttribute><Name>k</Name><Value><DataType>String</DataType><StringValue>v</StringValue></Value></MessageAttribute>',
  );
  expect(received).toContain('<Attribute><Name>SenderId</Name>');
  expect(missing).toContain('<Code>AWS.SimpleQueueService.NonExistentQueue</Code>');
});

/** A signed form to a queue's own path, without naming the queue in it. */
async function query(url: string, form: Record<string, string>): Promise<string> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const body = new URLSearchParams({ ...form, Version: '2012-11-05' }).toString();
  return (await signedPost(url, 'sqs', cloud.client(account), headers, body)).text();
}
