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
  /** Mail addresses have to confirm; nobody does here, so they stay pending and their mail is shown in the journal. */
  readonly pending: boolean;
}

/** By ARN. */
export const topics = table<Topic>('sns/topics');
/** By ARN. */
export const subscriptions = table<Subscription>('sns/subscriptions');
