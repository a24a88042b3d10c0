import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { principalName } from '../../world/principal.ts';
import { type Call, operation } from '../../world/service.ts';
import { attributesMd5, md5, sha256 } from './digest.ts';
import { keep } from './keep.ts';
import { checkMessage, type MessageInput, messageBytes, messageShape } from './message-shape.ts';
import { keyAccesses, queueAccess, requireQueue } from './queues.ts';
import { invalidParameter } from './refusal.ts';
import type { Queue } from './tables.ts';

const accesses = (url: string, call: Omit<Call, 'cause'>) => [
  queueAccess(call.world, 'SendMessage', url, call),
  ...keyAccesses(call.world, ['GenerateDataKey', 'Decrypt'], url, call),
];

/** Puts a message into a queue. */
export const sendMessage = operation({
  input: z.object({ QueueUrl: z.string(), ...messageShape }),
  access: ({ QueueUrl }, call) => accesses(QueueUrl, call),
  run: ({ QueueUrl, ...message }, call) => send(requireQueue(call.world, QueueUrl, call), message, call),
});

function send(queue: Queue, message: MessageInput, { world, caller }: Call) {
  const attributes = message.MessageAttributes ?? {};
  checkMessage(queue, message);
  const { id, sequence } = keep(world, queue, {
    body: message.MessageBody,
    attributes,
    senderId: 'userId' in caller ? caller.userId : principalName(caller),
    groupId: message.MessageGroupId,
    deduplicationId: deduplicationId(queue, message),
    traceHeader: message.MessageSystemAttributes?.['AWSTraceHeader']?.StringValue,
    delaySeconds: message.DelaySeconds,
  });
  return {
    MessageId: id,
    MD5OfMessageBody: md5(message.MessageBody),
    MD5OfMessageAttributes: attributesMd5(attributes),
    MD5OfMessageSystemAttributes: attributesMd5(systemAttributes(message)),
    SequenceNumber: sequence,
  };
}

const systemAttributes = ({ MessageSystemAttributes = {} }: MessageInput) =>
  Object.fromEntries(
    Object.entries(MessageSystemAttributes).map(([name, each]) => [name, { DataType: 'String', ...each }]),
  );

function deduplicationId(
  { settings }: Queue,
  { MessageDeduplicationId, MessageBody }: MessageInput,
): string | undefined {
  if (settings['FifoQueue'] !== 'true') return undefined;
  if (MessageDeduplicationId !== undefined) return MessageDeduplicationId;
  if (settings['ContentBasedDeduplication'] === 'true') return sha256(MessageBody);
  throw invalidParameter(
    'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
  );
}

const largestBatchBytes = 1_048_576;

/** Puts up to ten messages into a queue; each fails for itself. */
export const sendMessageBatch = operation({
  input: z.object({
    QueueUrl: z.string(),
    Entries: z.array(z.object({ Id: z.string(), ...messageShape })),
  }),
  access: ({ QueueUrl }, call) => accesses(QueueUrl, call),
  run: ({ QueueUrl, Entries }, call) => {
    const queue = requireQueue(call.world, QueueUrl, call);
    checkBatch(Entries);
    const bytes = Entries.reduce((sum, each) => sum + messageBytes(each.MessageBody, each.MessageAttributes ?? {}), 0);
    if (bytes > largestBatchBytes)
      throw new AwsError(
        'BatchRequestTooLong',
        `Batch requests cannot be longer than ${largestBatchBytes} bytes. You have sent ${bytes} bytes.`,
      );
    return batch(Entries, (entry) => send(queue, entry, call));
  },
});

/** Throws what SQS says about a batch as a whole. */
export function checkBatch(entries: readonly { readonly Id: string }[]): void {
  if (entries.length === 0)
    throw new AwsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  if (entries.length > 10)
    throw new AwsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are 10. You have sent ${entries.length}.`,
    );
  const odd = entries.find(({ Id }) => !/^[\w-]{1,80}$/.test(Id));
  if (odd !== undefined)
    throw new AwsError(
      'InvalidBatchEntryId',
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    );
  const doubled = entries.find(({ Id }, index) => entries.findIndex((each) => each.Id === Id) < index);
  if (doubled !== undefined) throw new AwsError('BatchEntryIdsNotDistinct', `Id ${doubled.Id} repeated.`);
}

/** Entries of a batch name their failure by the code that the Query protocol has. */
const batchCode = (code: string): string =>
  code === 'MissingRequiredParameterException' ? 'MissingParameter' : code.replace(/Exception$/, '');

/** Does each entry for itself and tells which failed. */
export function batch<Entry extends { readonly Id: string }>(
  entries: readonly Entry[],
  work: (entry: Entry) => object,
): { Successful: object[]; Failed: object[] } {
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const entry of entries) {
    try {
      Successful.push({ Id: entry.Id, ...work(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push({
        Id: entry.Id,
        SenderFault: error.status < 500,
        Code: batchCode(error.code),
        Message: error.message,
      });
    }
  }
  return { Successful, Failed };
}
