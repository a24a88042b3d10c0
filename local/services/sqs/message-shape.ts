import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { numeric } from '../../world/properties.ts';
import { isFifo, setting } from './queues.ts';
import { checkRange, invalidParameter, invalidValue, missingParameter } from './refusal.ts';
import { type MessageAttribute, type Queue } from './tables.ts';

/** A message as SendMessage and each entry of a batch take it. */
export const messageShape = {
  MessageBody: z.string(),
  DelaySeconds: numeric.optional(),
  MessageAttributes: z
    .record(
      z.string(),
      z.object({ DataType: z.string(), StringValue: z.string().optional(), BinaryValue: z.string().optional() }),
    )
    .optional(),
  MessageSystemAttributes: z.record(z.string(), z.object({ StringValue: z.string().optional() })).optional(),
  MessageGroupId: z.string().optional(),
  MessageDeduplicationId: z.string().optional(),
};

const mostAttributes = 10;

/** A message as a sender wrote it. */
export type MessageInput = z.output<z.ZodObject<typeof messageShape>>;

/** Throws what SQS says about a message it does not take. */
export function checkMessage(queue: Queue, message: MessageInput): void {
  const { MessageBody, MessageAttributes = {} } = message;
  if (MessageBody === '') throw missingParameter('MessageBody');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that SQS refuses
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(MessageBody))
    throw new AwsError(
      'InvalidMessageContents',
      'Invalid characters found: the body holds characters that XML 1.0 does not allow.',
    );
  checkAttributes(MessageAttributes);
  const most = setting(queue, 'MaximumMessageSize');
  if (messageBytes(MessageBody, MessageAttributes) > most)
    throw invalidParameter(`One or more parameters are invalid. Reason: Message must be shorter than ${most} bytes.`);
  checkRange('DelaySeconds', message.DelaySeconds, [0, 900], 'DelaySeconds must be >= 0 and <= 900.');
  checkKind(queue, message);
}

function checkAttributes(attributes: Readonly<Record<string, MessageAttribute>>): void {
  const names = Object.keys(attributes);
  if (names.length > mostAttributes)
    throw invalidParameter(
      `Number of message attributes [${names.length}] exceeds the allowed maximum [${mostAttributes}].`,
    );
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(attributes)) {
    if (!/^(?!aws\.|amazon\.|\.)(?!.*\.\.)[\w.-]{1,256}(?<!\.)$/i.test(name))
      throw invalidParameter(
        'Message (user) attribute name can contain upper and lower score alphabetic characters, digits, periods, hyphens and underscores.',
      );
    if (!/^(String|Number|Binary)(\.|$)/.test(DataType))
      throw invalidParameter(
        `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
      );
    if ((DataType.startsWith('Binary') ? BinaryValue : StringValue) === undefined)
      throw invalidParameter(
        `The message attribute '${name}' must contain a non-empty message attribute value for message attribute type '${DataType}'.`,
      );
    if (DataType.startsWith('Number') && !Number.isFinite(Number(StringValue)))
      throw invalidParameter(`Can't cast the value of message (user) attribute '${name}' to a number.`);
  }
}

const queueKind = 'The request include parameter that is not valid for this queue type.';

/** What only FIFO queues take and what they do not. */
function checkKind(queue: Queue, { DelaySeconds, MessageGroupId, MessageDeduplicationId }: MessageInput): void {
  for (const [name, value] of Object.entries({ MessageGroupId, MessageDeduplicationId }))
    if (value !== undefined && !/^[!-~]{1,128}$/.test(value))
      throw invalidValue(
        name,
        value,
        `${name} can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
      );
  if (isFifo(queue)) {
    if (MessageGroupId === undefined) throw missingParameter('MessageGroupId');
    if (DelaySeconds !== undefined && DelaySeconds > 0) throw invalidValue('DelaySeconds', DelaySeconds, queueKind);
  } else if (MessageDeduplicationId !== undefined)
    throw invalidValue('MessageDeduplicationId', MessageDeduplicationId, queueKind);
}

/** Body, and names, types and values of the attributes. */
export const messageBytes = (body: string, attributes: Readonly<Record<string, MessageAttribute>>): number =>
  Object.entries(attributes).reduce(
    (sum, [name, { DataType, StringValue = '', BinaryValue = '' }]) =>
      sum + Buffer.byteLength(name + DataType + StringValue) + Buffer.from(BinaryValue, 'base64').length,
    Buffer.byteLength(body),
  );
