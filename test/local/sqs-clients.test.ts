import {
  AddPermissionCommand,
  CancelMessageMoveTaskCommand,
  ChangeMessageVisibilityBatchCommand,
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ListDeadLetterSourceQueuesCommand,
  ListMessageMoveTasksCommand,
  ListQueueTagsCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  RemovePermissionCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
  TagQueueCommand,
  UntagQueueCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import refusals from '../cases/sqs-refusals.json' with { type: 'json' };
import { signedPost } from './events-signed.ts';
import { type EventsWorld, eventsWorld } from './events-world.ts';

const account = '111111111111';
let cloud: EventsWorld;
let sqs: SQSClient;

beforeAll(async () => {
  cloud = await eventsWorld();
  sqs = new SQSClient({ ...cloud.client(account), maxAttempts: 1 });
  await queue('plain');
  await queue('fifo.fifo', { FifoQueue: 'true' });
  await queue('closed', { RedriveAllowPolicy: '{"redrivePermission":"denyAll"}' });
});
afterAll(async () => {
  sqs.destroy();
  await cloud.close();
});

const arn = (name: string) => `arn:aws:sqs:eu-west-1:${account}:${name}`;
const queue = async (name: string, Attributes: Record<string, string> = {}) =>
  (await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes }))).QueueUrl ?? '';
const attributes = async (url: string) =>
  (await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }))).Attributes ?? {};

describe('a refusal has the code of each protocol, and the text of AWS', () => {
  const urls = (text: string) =>
    text
      .replaceAll('$plain', `${cloud.world.endpoint}/${account}/plain`)
      .replaceAll('$fifo', `${cloud.world.endpoint}/${account}/fifo.fifo`);

  test.each(refusals.cases)('JSON: $name', async ({ operation, input, code, query, text }) => {
    const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${operation}` };
    const body = urls(JSON.stringify(input));

    const answer = await signedPost(`${cloud.world.endpoint}/`, 'sqs', cloud.client(account), headers, body);

    const { __type, message } = (await answer.json()) as { __type: string; message: string };
    expect({ __type, status: answer.status < 500 }).toEqual({ __type: code, status: true });
    expect(message).toContain(text);
    expect(answer.headers.get('x-amzn-query-error')).toBe(`${query};Sender`);
  });

  test.each(refusals.cases)('Query: $name', async ({ operation, input, query, text }) => {
    const { Attributes = {}, ...rest } = JSON.parse(urls(JSON.stringify(input))) as Record<string, string> & {
      Attributes?: Record<string, string>;
    };
    const form = new URLSearchParams({ Action: operation, Version: '2012-11-05' });
    for (const [name, value] of Object.entries(rest)) form.set(name, value);
    for (const [index, [name, value]] of Object.entries(Attributes).entries()) {
      form.set(`Attribute.${index + 1}.Name`, name);
      form.set(`Attribute.${index + 1}.Value`, value);
    }
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };

    const answer = await signedPost(`${cloud.world.endpoint}/`, 'sqs', cloud.client(account), headers, form.toString());

    const xml = (await answer.text()).replaceAll('&gt;', '>').replaceAll('&lt;', '<').replaceAll('&quot;', '"');
    expect(xml).toContain(`<Code>${query}</Code>`);
    expect(xml).toContain(text);
  });
});

describe('messages of a dead-letter queue', () => {
  let dead: string;
  let source: string;

  beforeAll(async () => {
    dead = await queue('dead');
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arn('dead'), maxReceiveCount: 1 });
    source = await queue('source', { RedrivePolicy, VisibilityTimeout: '0' });
  });

  async function bury(count: number): Promise<void> {
    for (let each = 0; each < count; each++)
      await sqs.send(new SendMessageCommand({ QueueUrl: source, MessageBody: `poison ${each}` }));
    for (let time = 0; time < 2; time++)
      await sqs.send(new ReceiveMessageCommand({ QueueUrl: source, MaxNumberOfMessages: 10 }));
  }

  test('the queues that send there are listed', async () => {
    const { queueUrls } = await sqs.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: dead }));

    expect(queueUrls).toEqual([source]);
  });

  test('go back to where they came from', async () => {
    await bury(2);

    await sqs.send(new StartMessageMoveTaskCommand({ SourceArn: arn('dead') }));
    await cloud.world.clock.advance(1000);

    const { Results } = await sqs.send(new ListMessageMoveTasksCommand({ SourceArn: arn('dead') }));
    expect(Results).toMatchObject([{ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 2 }]);
    expect(Results?.[0]?.TaskHandle).toBeUndefined();
    expect(await attributes(source)).toMatchObject({ ApproximateNumberOfMessages: '2' });
  });

  test('go elsewhere at the speed that was asked for, until that is cancelled', async () => {
    const elsewhere = await queue('elsewhere');
    await sqs.send(new ReceiveMessageCommand({ QueueUrl: source, MaxNumberOfMessages: 10 }));
    await bury(3);
    const wanted = { SourceArn: arn('dead'), DestinationArn: arn('elsewhere'), MaxNumberOfMessagesPerSecond: 1 };

    const { TaskHandle } = await sqs.send(new StartMessageMoveTaskCommand(wanted));
    await expect(sqs.send(new StartMessageMoveTaskCommand(wanted))).rejects.toThrow(/already a task running/);
    await cloud.world.clock.advance(1500);
    const stopped = await sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle }));
    await cloud.world.clock.advance(60_000);

    expect(stopped.ApproximateNumberOfMessagesMoved).toBe(2);
    expect(await attributes(elsewhere)).toMatchObject({ ApproximateNumberOfMessages: '2' });
    const { Results } = await sqs.send(new ListMessageMoveTasksCommand({ SourceArn: arn('dead'), MaxResults: 10 }));
    expect(Results?.map(({ Status }) => Status)).toEqual(['CANCELLED', 'COMPLETED']);
  });
});

test('the visibility of many messages changes at once, each for itself', async () => {
  const QueueUrl = await queue('many');
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'a' }));
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  const ReceiptHandle = Messages?.[0]?.ReceiptHandle ?? '';

  const { Successful, Failed } = await sqs.send(
    new ChangeMessageVisibilityBatchCommand({
      QueueUrl,
      Entries: [
        { Id: 'too-long', ReceiptHandle, VisibilityTimeout: 43_201 },
        { Id: 'odd', ReceiptHandle: 'x', VisibilityTimeout: 1 },
        { Id: 'good', ReceiptHandle, VisibilityTimeout: 0 },
      ],
    }),
  );

  expect(Successful).toEqual([{ Id: 'good' }]);
  expect(Failed?.map(({ Id, Code }) => [Id, Code])).toEqual([
    ['too-long', 'InvalidParameterValue'],
    ['odd', 'ReceiptHandleIsInvalid'],
  ]);
  expect((await sqs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages).toHaveLength(1);
});

test('a queue is shared with another account by a label, until the label is taken away', async () => {
  const QueueUrl = await queue('shared');
  const stranger = new SQSClient(cloud.client('222222222222'));
  const send = () => stranger.send(new SendMessageCommand({ QueueUrl, MessageBody: 'a' }));

  await sqs.send(
    new AddPermissionCommand({ QueueUrl, Label: 'them', AWSAccountIds: ['222222222222'], Actions: ['SendMessage'] }),
  );
  await expect(send()).resolves.toHaveProperty('MessageId');
  await sqs.send(new RemovePermissionCommand({ QueueUrl, Label: 'them' }));

  await expect(send()).rejects.toThrow(/not authorized/);
  expect(await attributes(QueueUrl)).not.toHaveProperty('Policy');
  stranger.destroy();
});

test('tags come and go', async () => {
  const QueueUrl = await queue('tagged');
  await sqs.send(new TagQueueCommand({ QueueUrl, Tags: { a: '1', b: '2' } }));

  await sqs.send(new UntagQueueCommand({ QueueUrl, TagKeys: ['a', 'none'] }));

  expect((await sqs.send(new ListQueueTagsCommand({ QueueUrl }))).Tags).toEqual({ b: '2' });
});

test('a queue is purged once a minute, and its name is free a minute after it was deleted', async () => {
  const QueueUrl = await queue('short');
  await sqs.send(new PurgeQueueCommand({ QueueUrl }));
  await expect(sqs.send(new PurgeQueueCommand({ QueueUrl }))).rejects.toThrow(/every 60 seconds/);
  await sqs.send(new DeleteQueueCommand({ QueueUrl }));
  await expect(queue('short')).rejects.toThrow(/wait 60 seconds/);

  await cloud.world.clock.advance(61_000);

  await expect(queue('short')).resolves.toBe(QueueUrl);
});

test('messages of a FIFO queue are numbered in their order, and equal ones are known by group when that is the scope', async () => {
  const settings = { FifoQueue: 'true', ContentBasedDeduplication: 'true', DeduplicationScope: 'messageGroup' };
  const QueueUrl = await queue('numbered.fifo', settings);
  const send = (MessageBody: string, MessageGroupId: string) =>
    sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageGroupId }));

  const [first, second, again] = [await send('x', 'a'), await send('x', 'b'), await send('x', 'a')];

  expect(first.SequenceNumber).toMatch(/^\d{20}$/);
  expect((second.SequenceNumber ?? '') > (first.SequenceNumber ?? '')).toBe(true);
  expect([again.MessageId, again.SequenceNumber]).toEqual([first.MessageId, first.SequenceNumber]);
  await expect(
    sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { FifoThroughputLimit: 'perQueue' } })),
  ).resolves.toBeDefined();
});
