import { call } from '../../world/call.ts';
import type { World } from '../../world/world.ts';
import type { Published } from './message.ts';
import type { Subscription, Topic } from './tables.ts';

/** A message on its way from a topic to one subscriber. */
export interface Notification {
  readonly topic: Topic;
  readonly subscription: Subscription;
  readonly published: Published;
  readonly cause: string;
}

/** Hands a message to one subscriber under the policy of its queue or function. Throws what that answers. */
export async function notify(world: World, notification: Notification): Promise<void> {
  const { protocol } = notification.subscription;
  if (protocol === 'sqs') await toQueue(world, notification, notification.subscription.endpoint, {});
  else if (protocol === 'lambda') await toFunction(world, notification);
}

const asTopic = ({ arn, account }: Topic) =>
  ({ type: 'service', service: 'sns.amazonaws.com', sourceArn: arn, sourceAccount: account }) as const;

/** Sends the message, raw or in its envelope, to a queue; `extra` attributes come along. */
export async function toQueue(
  world: World,
  notification: Notification,
  queueArn: string,
  extra: Readonly<Record<string, string>>,
): Promise<void> {
  const { topic, subscription, published, cause } = notification;
  const [, , , region = '', account = '', name] = queueArn.split(':');
  const raw = subscription.rawMessageDelivery;
  const attributes = {
    ...(raw ? published.attributes : {}),
    ...Object.fromEntries(
      Object.entries(extra).map(([key, StringValue]) => [key, { DataType: 'String', StringValue }]),
    ),
  };
  await call(world, {
    account,
    region,
    cause,
    caller: asTopic(topic),
    service: 'sqs',
    operation: 'SendMessage',
    input: {
      QueueUrl: `${world.endpoint}/${account}/${name}`,
      MessageBody: raw
        ? published.message
        : JSON.stringify({ ...envelope(world, notification), ...shownAttributes(published) }),
      ...(Object.keys(attributes).length === 0 ? {} : { MessageAttributes: attributes }),
    },
  });
}

async function toFunction(world: World, notification: Notification): Promise<void> {
  const { topic, subscription, published, cause } = notification;
  const [, , , region = '', account = ''] = subscription.endpoint.split(':');
  const sns = {
    ...envelope(world, notification),
    Subject: published.subject ?? null,
    MessageAttributes: shownAttributes(published).MessageAttributes ?? {},
  };
  const event = {
    Records: [{ EventSource: 'aws:sns', EventVersion: '1.0', EventSubscriptionArn: subscription.arn, Sns: sns }],
  };
  await call(world, {
    account,
    region,
    cause,
    caller: asTopic(topic),
    service: 'lambda',
    operation: 'Invoke',
    input: {
      FunctionName: subscription.endpoint,
      InvocationType: 'Event',
      Payload: Buffer.from(JSON.stringify(event)),
    },
  });
}

/** Source: the message format pages of the SNS guide. The signature is a pretence: nobody can verify it. */
function envelope(world: World, { topic, subscription, published }: Notification) {
  const { id, message, subject } = published;
  return {
    Type: 'Notification',
    MessageId: id,
    TopicArn: topic.arn,
    ...(subject === undefined ? {} : { Subject: subject }),
    Message: message,
    Timestamp: world.clock.date().toISOString(),
    SignatureVersion: '1',
    Signature: 'local',
    SigningCertURL: `${world.endpoint}/SimpleNotificationService.pem`,
    UnsubscribeURL: `${world.endpoint}/?Action=Unsubscribe&SubscriptionArn=${subscription.arn}`,
  };
}

function shownAttributes({ attributes }: Published): {
  MessageAttributes?: Record<string, { Type: string; Value: string }>;
} {
  const entries = Object.entries(attributes);
  if (entries.length === 0) return {};
  return {
    MessageAttributes: Object.fromEntries(
      entries.map(([name, each]) => [name, { Type: each.DataType, Value: each.StringValue ?? each.BinaryValue ?? '' }]),
    ),
  };
}
