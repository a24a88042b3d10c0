import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { type Call, operation } from '../../world/service.ts';
import { deliver } from './deliver.ts';
import {
  checkMessage,
  largestMessageBytes,
  type MessageInput,
  messageBytes,
  messageShape,
  readStructure,
  textFor,
} from './message.ts';
import { subscriptions, type Topic } from './tables.ts';
import { publisherKey, requireTopic, topicAccess } from './topics.ts';

/** Publishes a message to all who subscribed. Numbers (SMS) and platform endpoints are not played. */
export const publish = operation({
  simplified: 'To topics only: telephone numbers and platform endpoints are refused.',
  input: z.object({
    TopicArn: z.string('must name a topic: telephone numbers and platform endpoints are not played by the local cloud'),
    ...messageShape,
  }),
  access: ({ TopicArn }, call) => [topicAccess(call.world, 'Publish', TopicArn), ...publisherKey(call.world, TopicArn)],
  run: ({ TopicArn, ...message }, call) => ({ MessageId: spread(requireTopic(call.world, TopicArn), message, call) }),
});

/** Checks a message and starts to hand it to each subscriber; answers its id. */
function spread(topic: Topic, input: MessageInput, { world, cause }: Call): string {
  checkMessage(input);
  if (input.MessageStructure === 'json') readStructure(input.Message);
  const id = world.chance.uuid();
  for (const subscription of world.store.in(subscriptions).where((row) => row.topicArn === topic.arn)) {
    const message = textFor(input, subscription.protocol);
    const published = { id, message, subject: input.Subject, attributes: input.MessageAttributes };
    deliver(world, { topic, subscription, published, cause });
  }
  return id;
}

/** Publishes up to ten messages; each fails for itself. */
export const publishBatch = operation({
  input: z.object({
    TopicArn: z.string(),
    // An empty list comes as empty text by Query.
    PublishBatchRequestEntries: z.preprocess(
      (given) => (given === '' ? [] : given),
      z.array(z.object({ Id: z.string(), ...messageShape })).default([]),
    ),
  }),
  access: ({ TopicArn }, call) => [topicAccess(call.world, 'Publish', TopicArn), ...publisherKey(call.world, TopicArn)],
  run: ({ TopicArn, PublishBatchRequestEntries: entries }, call) => {
    const topic = requireTopic(call.world, TopicArn);
    checkBatch(entries);
    const Successful: object[] = [];
    const Failed: object[] = [];
    for (const { Id, ...message } of entries) {
      try {
        Successful.push({ Id, MessageId: spread(topic, message, call) });
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        Failed.push({ Id, Code: error.code, Message: error.message, SenderFault: error.status < 500 });
      }
    }
    return { Successful, Failed };
  },
});

function checkBatch(entries: readonly (MessageInput & { readonly Id: string })[]): void {
  if (entries.length === 0)
    throw new AwsError('EmptyBatchRequestException', "The batch request doesn't contain any entries.");
  if (entries.length > 10)
    throw new AwsError(
      'TooManyEntriesInBatchRequestException',
      'The batch request contains more entries than permissible.',
    );
  if (entries.some(({ Id }) => !/^[\w-]{1,80}$/.test(Id)))
    throw new AwsError(
      'InvalidBatchEntryIdException',
      "The Id of a batch entry in a batch request doesn't abide by the specification.",
    );
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length)
    throw new AwsError(
      'BatchEntryIdsNotDistinctException',
      'Two or more batch entries in the request have the same Id.',
    );
  if (entries.reduce((sum, entry) => sum + messageBytes(entry), 0) > largestMessageBytes)
    throw new AwsError(
      'BatchRequestTooLongException',
      'The length of all the batch messages put together is more than the limit.',
    );
}
