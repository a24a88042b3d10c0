import { table } from '../../world/store.ts';

/** A message attribute as the API writes it; `BinaryValue` is base64. */
export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string | undefined;
  readonly BinaryValue?: string | undefined;
}

/** A message in a queue. Mutable on purpose: receiving changes it. */
export interface Message {
  readonly id: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  readonly senderId: string;
  /** World time in milliseconds. */
  readonly sentAt: number;
  /** Present for messages of FIFO queues. */
  readonly groupId?: string | undefined;
  readonly deduplicationId?: string | undefined;
  readonly traceHeader?: string | undefined;
  /** The queue it came from, when it was moved to a dead-letter queue. */
  readonly movedFrom?: string | undefined;
  /** Seen by receivers from this moment on, in world time. */
  visibleAt: number;
  receiveCount: number;
  firstReceivedAt?: number;
  /** The handle of the newest receipt. */
  receipt?: string;
}

/** A queue. */
export interface Queue {
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly name: string;
  /** Settable attributes in the API's spelling, as text. */
  readonly settings: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** World time in milliseconds. */
  readonly createdAt: number;
  readonly modifiedAt: number;
  /** Mutable on purpose: grows by a message at a time. In the order of arrival. */
  readonly messages: Message[];
}

/** By ARN. */
export const queues = table<Queue>('sqs/queues');
/** By `<queue ARN>\n<deduplication id>`: when it was first seen, and the message's id. */
export const deduplication = table<{ readonly at: number; readonly messageId: string }>('sqs/deduplication');
