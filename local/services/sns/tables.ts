import type { Pattern } from '../../../languages/event-pattern/types.ts';
import { table } from '../../world/store.ts';

/** A topic. */
export interface Topic {
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly displayName: string;
  /** The policy document, as JSON. */
  readonly policy?: unknown;
  readonly kmsKeyId?: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

/** Who gets what is published on a topic. */
export interface Subscription {
  readonly arn: string;
  readonly topicArn: string;
  /** The account that subscribed. */
  readonly owner: string;
  readonly protocol: 'email' | 'email-json' | 'sqs' | 'lambda';
  readonly endpoint: string;
  readonly rawMessageDelivery: boolean;
  readonly filterPolicy?: Pattern | undefined;
  readonly filterPolicyText?: string | undefined;
  readonly filterScope: 'MessageAttributes' | 'MessageBody';
  /** The redrive policy as it was written, and the queue it names. */
  readonly redriveText?: string | undefined;
  readonly deadLetterArn?: string | undefined;
  /** Who subscribed. */
  readonly principal: string;
  /** What a mail address confirms with: the journal tells it. */
  readonly token?: string | undefined;
  /** Until it is confirmed. Mail is shown in the journal in any case. */
  readonly pending: boolean;
}

/** By ARN. */
export const topics = table<Topic>('sns/topics');
/** By ARN. */
export const subscriptions = table<Subscription>('sns/subscriptions');
