import type { World } from '../../world/world.ts';
import { classify, type Failure } from '../events/delivery-failure.ts';
import { passes } from './filter.ts';
import { type Notification, notify, toQueue } from './notify.ts';

/**
 * How SNS tries again with queues and functions: three times at once, twice after a second, ten times with a growing wait, then every
 * 20 seconds, 23 days in all. What the other side refuses for good (no permission, not there) is not tried again.
 * Source: the message delivery retries page of the SNS guide.
 */
const atOnce = 3;
const afterASecond = 5;
const growing = 15;
const longestWaitMilliseconds = 20_000;
const longestMilliseconds = 23 * 86_400_000;

const waitBefore = (retry: number): number => {
  if (retry <= atOnce) return 0;
  if (retry <= afterASecond || retry > growing) return retry <= afterASecond ? 1_000 : longestWaitMilliseconds;
  return Math.round(1_000 * 20 ** ((retry - afterASecond) / (growing - afterASecond)));
};

/** Hands a message to one subscriber whose filter lets it through; again while that can help, else to its dead-letter queue. */
export function deliver(world: World, notification: Notification): void {
  const { subscription, published } = notification;
  if (!passes(subscription, published.message, published.attributes)) return;
  if (subscription.protocol === 'email' || subscription.protocol === 'email-json') return mail(world, notification);
  attemptLater(world, notification, { retries: 0, since: world.clock.now() });
}

interface Attempts {
  readonly retries: number;
  /** World time in milliseconds. */
  readonly since: number;
}

function attemptLater(world: World, notification: Notification, attempts: Attempts): void {
  world.background(notification.topic.arn, notification.cause, () => attempt(world, notification, attempts));
}

async function attempt(world: World, notification: Notification, attempts: Attempts): Promise<void> {
  const { topic, subscription } = notification;
  try {
    await notify(world, notification);
  } catch (error) {
    return fail(world, notification, attempts, classify(error));
  }
  journal(world, notification, true, `topic ${topic.name} delivered to ${subscription.endpoint}`);
}

async function fail(
  world: World,
  notification: Notification,
  { retries, since }: Attempts,
  failure: Failure,
): Promise<void> {
  const { topic, subscription } = notification;
  const could = `topic ${topic.name} could not deliver to ${subscription.endpoint}: ${failure.message}`;
  if (failure.retryable && world.clock.now() - since < longestMilliseconds) {
    const wait = waitBefore(retries + 1);
    journal(world, notification, false, `${could}, trying again in ${wait} ms`);
    // A timer and not a sleep: nobody who waits for the world to settle waits for a retry.
    world.clock.after(wait, () => attemptLater(world, notification, { retries: retries + 1, since }));
    return;
  }
  journal(world, notification, false, could);
  if (subscription.deadLetterArn !== undefined) await bury(world, notification, subscription.deadLetterArn, failure);
}

/** To the subscription's dead-letter queue, under the queue's policy; with the reason as attributes. */
async function bury(world: World, notification: Notification, queueArn: string, failure: Failure): Promise<void> {
  const reason = { RequestID: world.chance.uuid(), ErrorCode: failure.code, ErrorMessage: failure.message };
  try {
    await toQueue(world, notification, queueArn, reason);
    journal(world, notification, true, `topic ${notification.topic.name} told the dead-letter queue ${queueArn}`);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    journal(world, notification, false, `the dead-letter queue ${queueArn} refused the message: ${text}`);
  }
}

function mail(world: World, notification: Notification): void {
  const { subscription, published } = notification;
  const subject = published.subject ?? 'AWS Notification Message';
  journal(
    world,
    notification,
    true,
    `mail to ${subscription.endpoint}: ${subject}: ${published.message.slice(0, 300)}`,
  );
}

function journal(
  world: World,
  { topic, subscription, published, cause }: Notification,
  allowed: boolean,
  text: string,
): void {
  world.journal.write({
    kind: 'delivery',
    cause,
    account: topic.account,
    region: topic.region,
    subject: topic.arn,
    text,
    allowed,
    detail: {
      protocol: subscription.protocol,
      endpoint: subscription.endpoint,
      subject: published.subject,
      message: published.message,
    },
  });
}
