import { match } from '../../../languages/event-pattern/match.ts';
import { call } from '../../world/call.ts';
import type { World } from '../../world/world.ts';
import type { Subscription, Topic } from './tables.ts';

/** A message on its way to one subscriber. */
export interface Published {
  readonly id: string;
  readonly message: string;
  readonly subject?: string | undefined;
  readonly attributes: Readonly<Record<string, Attribute>>;
}

interface Attribute {
  readonly DataType: string;
  readonly StringValue?: string | undefined;
  readonly BinaryValue?: string | undefined;
}

/** Hands a message to one subscriber under the policy of its queue or function. A simplification: SNS tries again, here once is all. */
export async function notify(
  world: World,
  topic: Topic,
  subscription: Subscription,
  published: Published,
  cause: string,
): Promise<void> {
  if (!passes(subscription, published)) return;
  const journal = (allowed: boolean, text: string) =>
    world.journal.write({
      kind: 'delivery',
      cause,
      account: topic.account,
      region: topic.region,
      subject: topic.arn,
      text,
      allowed,
      detail: {
        protocol: subscription.protocol,
        endpoint: subscription.endpoint,
        subject: published.subject,
        message: published.message,
      },
    });
  if (subscription.protocol === 'email' || subscription.protocol === 'email-json') {
    const subject = published.subject ?? 'AWS Notification Message';
    journal(true, `mail to ${subscription.endpoint}: ${subject}: ${published.message.slice(0, 300)}`);
    return;
  }
  try {
    await (subscription.protocol === 'sqs' ? toQueue : toFunction)(world, topic, subscription, published, cause);
    journal(true, `topic ${topic.name} delivered to ${subscription.endpoint}`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    journal(false, `topic ${topic.name} could not deliver to ${subscription.endpoint}: ${reason}`);
  }
}

function passes({ filterPolicy, filterScope }: Subscription, { message, attributes }: Published): boolean {
  if (filterPolicy === undefined) return true;
  if (filterScope === 'MessageBody') return match(filterPolicy, parsed(message) ?? {}).matched;
  return match(
    filterPolicy,
    Object.fromEntries(Object.entries(attributes).map(([name, each]) => [name, valueOf(each)])),
  ).matched;
}

/** Numbers are compared as numbers, and arrays of strings by their elements. */
function valueOf({ DataType, StringValue = '' }: Attribute): unknown {
  if (DataType === 'Number') return Number(StringValue);
  return DataType === 'String.Array' ? (parsed(StringValue) ?? StringValue) : StringValue;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type Deliverer = (
  world: World,
  topic: Topic,
  subscription: Subscription,
  published: Published,
  cause: string,
) => Promise<void>;

const asTopic = ({ arn, account }: Topic) =>
  ({ type: 'service', service: 'sns.amazonaws.com', sourceArn: arn, sourceAccount: account }) as const;

const toQueue: Deliverer = async (world, topic, subscription, published, cause) => {
  const [, , , region = '', account = '', name] = subscription.endpoint.split(':');
  const attributes = Object.entries(published.attributes);
  await call(world, {
    account,
    region,
    cause,
    caller: asTopic(topic),
    service: 'sqs',
    operation: 'SendMessage',
    input: {
      QueueUrl: `${world.endpoint}/${account}/${name}`,
      MessageBody: subscription.rawMessageDelivery
        ? published.message
        : JSON.stringify({ ...notification(world, topic, subscription, published), ...shownAttributes(published) }),
      ...(subscription.rawMessageDelivery && attributes.length > 0 ? { MessageAttributes: published.attributes } : {}),
    },
  });
};

const toFunction: Deliverer = async (world, topic, subscription, published, cause) => {
  const [, , , region = '', account = ''] = subscription.endpoint.split(':');
  const sns = {
    ...notification(world, topic, subscription, published),
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
};

/** Source: the message format pages of the SNS guide. The signature is a pretence: nobody can verify it. */
const notification = (world: World, topic: Topic, { arn }: Subscription, { id, message, subject }: Published) => ({
  Type: 'Notification',
  MessageId: id,
  TopicArn: topic.arn,
  ...(subject === undefined ? {} : { Subject: subject }),
  Message: message,
  Timestamp: world.clock.date().toISOString(),
  SignatureVersion: '1',
  Signature: 'local',
  SigningCertURL: `${world.endpoint}/SimpleNotificationService.pem`,
  UnsubscribeURL: `${world.endpoint}/?Action=Unsubscribe&SubscriptionArn=${arn}`,
});

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
