import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { numeric } from '../../world/properties.ts';
import { setting } from './queues.ts';
import { type MessageAttribute, type Queue } from './tables.ts';

/** A message as SendMessage and each entry of a batch take it. */
export const messageShape = {
  MessageBody: z.string(),
  DelaySeconds: numeric.pipe(z.number().int().min(0).max(900)).optional(),
  MessageAttributes: z
    .record(
      z.string(),
      z.object({ DataType: z.string(), StringValue: z.string().optional(), BinaryValue: z.string().optional() }),
    )
    .optional(),
  MessageSystemAttributes: z.record(z.string(), z.object({ StringValue: z.string().optional() })).optional(),
  MessageGroupId: z.string().max(128).optional(),
  MessageDeduplicationId: z.string().max(128).optional(),
};

const mostAttributes = 10;

/** Throws what SQS says about a message it does not take. */
export function checkMessage(
  queue: Queue,
  body: string,
  attributes: Readonly<Record<string, MessageAttribute>>,
  groupId: string | undefined,
): void {
  if (body === '') throw new AwsError('MissingParameter', 'The request must contain the parameter MessageBody.');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that SQS refuses
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(body))
    throw new AwsError(
      'InvalidMessageContents',
      'Invalid characters found: the body holds characters that XML 1.0 does not allow.',
    );
  if (Object.keys(attributes).length > mostAttributes)
    throw new AwsError(
      'InvalidParameterValue',
      `Number of message attributes [${Object.keys(attributes).length}] exceeds the allowed maximum [${mostAttributes}].`,
    );
  const most = setting(queue, 'MaximumMessageSize');
  if (messageBytes(body, attributes) > most)
    throw new AwsError(
      'InvalidParameterValue',
      `One or more parameters are invalid. Reason: Message must be shorter than ${most} bytes.`,
    );
  if (queue.settings['FifoQueue'] === 'true' && groupId === undefined)
    throw new AwsError('MissingParameter', 'The request must contain the parameter MessageGroupId.');
}

/** Body, and names, types and values of the attributes. */
export const messageBytes = (body: string, attributes: Readonly<Record<string, MessageAttribute>>): number =>
  Object.entries(attributes).reduce(
    (sum, [name, { DataType, StringValue = '', BinaryValue = '' }]) =>
      sum + Buffer.byteLength(name + DataType + StringValue) + Buffer.from(BinaryValue, 'base64').length,
    Buffer.byteLength(body),
  );
