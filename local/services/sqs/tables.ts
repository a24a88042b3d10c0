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
  /** The newest receipt's time. */
  receivedAt?: number;
  /** 20 digits, for messages of FIFO queues. */
  readonly sequence?: string | undefined;
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
/** By `<queue ARN>\n<deduplication id>`, with the group where that is the scope: when it was first seen, and the message's numbers. */
export const deduplication = table<{ readonly at: number; readonly kept: Kept }>('sqs/deduplication');
/** By queue ARN: how many messages it ever took. */
export const sequences = table<number>('sqs/sequences');

/** What a sender is told of its message. */
export interface Kept {
  readonly id: string;
  readonly sequence?: string | undefined;
}

/** A task that moves messages out of a dead-letter queue. */
export interface MoveTask {
  readonly id: string;
  /** What clients cancel it by. */
  readonly handle: string;
  readonly sourceArn: string;
  /** Left out: each message goes back to where it came from. */
  readonly destinationArn?: string | undefined;
  readonly perSecond?: number | undefined;
  /** World time in milliseconds. */
  readonly startedAt: number;
  /** Messages that were there when it started. */
  readonly toMove: number;
  readonly status: 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';
  readonly failure?: string | undefined;
  /** Mutable on purpose: counts up. */
  moved: number;
}

/** By the task's id. */
export const moveTasks = table<MoveTask>('sqs/move-tasks');
/** By queue ARN: when it was purged or deleted last, in world time. */
export const lastPurges = table<number>('sqs/purges');
/** By queue ARN. */
export const lastDeletions = table<number>('sqs/deletions');
