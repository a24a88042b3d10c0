import { CreateQueueCommand, type Message, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** A queue to which EventBridge may send for one rule. */
export async function queueFor(sqs: SQSClient, name: string, ruleArn: string): Promise<{ url: string; arn: string }> {
  const account = /:(\d{12}):/.exec(ruleArn)?.[1] ?? '';
  const arn = `arn:aws:sqs:eu-west-1:${account}:${name}`;
  const policy = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: arn,
        Condition: { ArnEquals: { 'aws:SourceArn': ruleArn } },
      },
    ],
  };
  const made = await sqs.send(
    new CreateQueueCommand({ QueueName: name, Attributes: { Policy: JSON.stringify(policy) } }),
  );
  return { url: made.QueueUrl ?? '', arn };
}

/** Up to ten messages of a queue with their attributes. */
export async function messages(sqs: SQSClient, url: string): Promise<readonly Message[]> {
  const wanted = { QueueUrl: url, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] };
  return (await sqs.send(new ReceiveMessageCommand(wanted))).Messages ?? [];
}

/** The bodies of up to ten messages of a queue, read as JSON. */
export async function bodies(
  sqs: SQSClient,
  url: string,
  read: (text: string) => unknown = JSON.parse,
): Promise<readonly unknown[]> {
  return (await messages(sqs, url)).map(({ Body = '' }) => read(Body));
}
