import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { invalid } from './filter.ts';

/** A message attribute as the API writes it; `BinaryValue` is base64. */
export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string | undefined;
  readonly BinaryValue?: string | undefined;
}

/** A message on its way to one subscriber. */
export interface Published {
  readonly id: string;
  readonly message: string;
  readonly subject?: string | undefined;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
}

/** A message as Publish and each entry of a batch take it. */
export const messageShape = {
  Message: z.string(),
  Subject: z.string().optional(),
  MessageStructure: z.string().optional(),
  MessageAttributes: z
    .record(
      z.string(),
      z.object({ DataType: z.string(), StringValue: z.string().optional(), BinaryValue: z.string().optional() }),
    )
    .default({}),
  MessageGroupId: z.undefined('FIFO topics are not played by the local cloud').optional(),
  MessageDeduplicationId: z.undefined('FIFO topics are not played by the local cloud').optional(),
};

/** What {@link messageShape} reads. */
export type MessageInput = z.output<z.ZodObject<typeof messageShape>>;

/** Bytes of a message, and of all of a batch together. */
export const largestMessageBytes = 262_144;

/** Bytes of a message with its attributes. */
export const messageBytes = ({ Message, MessageAttributes }: MessageInput): number =>
  Object.entries(MessageAttributes).reduce(
    (sum, [name, { DataType, StringValue = '', BinaryValue = '' }]) =>
      sum + Buffer.byteLength(name + DataType + StringValue) + Buffer.from(BinaryValue, 'base64').length,
    Buffer.byteLength(Message),
  );

/** Throws what SNS says about a message it does not take. */
export function checkMessage(input: MessageInput): void {
  if (input.Message === '') throw invalid('Empty message');
  if (messageBytes(input) > largestMessageBytes) throw invalid('Message too long');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that SNS refuses
  if (input.Subject !== undefined && !/^[^\s\u0000-\u001f\u007f][^\u0000-\u001f\u007f]{0,99}$/.test(input.Subject))
    throw invalid('Subject');
  if (input.MessageStructure !== undefined && input.MessageStructure !== 'json') throw invalid('MessageStructure');
  for (const [name, attribute] of Object.entries(input.MessageAttributes)) checkAttribute(name, attribute);
}

function checkAttribute(name: string, { DataType, StringValue, BinaryValue }: MessageAttribute): void {
  const refused = (text: string) => new AwsError('ParameterValueInvalid', text);
  if (!/^(String|Number|Binary)(\.|$)/.test(DataType))
    throw refused(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  if (((DataType.startsWith('Binary') ? BinaryValue : StringValue) ?? '') === '')
    throw refused(
      `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${DataType}'.`,
    );
  if (DataType.startsWith('Number') && !Number.isFinite(Number(StringValue)))
    throw refused(`Could not cast message attribute '${name}' value to number.`);
}

/** The text for each protocol of a message with `MessageStructure` json; `default` has to be there. */
export function textFor({ Message, MessageStructure }: MessageInput, protocol: string): string {
  if (MessageStructure === undefined) return Message;
  const found = readStructure(Message);
  return found[protocol] ?? found['default'] ?? Message;
}

/** Reads the texts by protocol. Throws InvalidParameter. */
export function readStructure(text: string): Readonly<Record<string, string>> {
  try {
    const found = JSON.parse(text) as Record<string, string>;
    if (typeof found['default'] === 'string') return found;
  } catch {
    throw invalid('Message Structure - JSON message body failed to parse');
  }
  throw invalid('Message Structure - No default entry in JSON message body');
}
