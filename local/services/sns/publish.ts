import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import { notify } from './notify.ts';
import { subscriptions } from './tables.ts';
import { publisherKey, requireTopic, topicAccess } from './topics.ts';

const largestMessageBytes = 262_144;

/** Publishes a message to all who subscribed. Numbers (SMS) and platform endpoints are not played. */
export const publish = operation({
  input: z.object({
    TopicArn: z.string(),
    Message: z.string(),
    Subject: z.string().max(100).optional(),
    MessageStructure: z.enum(['json']).optional(),
    MessageAttributes: z
      .record(
        z.string(),
        z.object({ DataType: z.string(), StringValue: z.string().optional(), BinaryValue: z.string().optional() }),
      )
      .default({}),
  }),
  access: ({ TopicArn }, call) => [topicAccess(call.world, 'Publish', TopicArn), ...publisherKey(call.world, TopicArn)],
  run: ({ TopicArn, Message, Subject, MessageStructure, MessageAttributes }, call) => {
    const topic = requireTopic(call.world, TopicArn);
    if (Message === '') throw new AwsError('InvalidParameter', 'Invalid parameter: Empty message');
    if (Buffer.byteLength(Message) > largestMessageBytes)
      throw new AwsError('InvalidParameter', 'Invalid parameter: Message too long');
    const byProtocol = MessageStructure === 'json' ? readStructure(Message) : undefined;
    const id = call.world.chance.uuid();
    for (const subscription of call.world.store.in(subscriptions).where((row) => row.topicArn === TopicArn)) {
      const message = byProtocol?.[subscription.protocol] ?? byProtocol?.['default'] ?? Message;
      const published = { id, message, subject: Subject, attributes: MessageAttributes };
      call.world.background(TopicArn, call.cause, () => notify(call.world, topic, subscription, published, call.cause));
    }
    return { MessageId: id };
  },
});

function readStructure(text: string): Record<string, string> {
  try {
    const found = JSON.parse(text) as Record<string, string>;
    if (typeof found['default'] === 'string') return found;
  } catch {
    // said below
  }
  throw new AwsError(
    'InvalidParameter',
    'Invalid parameter: Message Structure - No default entry in JSON message body',
  );
}
