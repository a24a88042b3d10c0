import type { World } from '../../world/world.ts';
import { bury } from './dead-letter.ts';
import type { Delivery } from './delivery.ts';
import { classify, type Failure } from './delivery-failure.ts';
import { measureRule } from './measure.ts';
import { send } from './send.ts';

interface Attempts {
  /** Retries made so far. */
  readonly retries: number;
  /** World time in milliseconds of the first attempt. */
  readonly since: number;
}

/** AWS's defaults. Source: facts 2.7. */
const defaultRetries = 185;
const defaultAgeSeconds = 86_400;
const firstWaitMilliseconds = 1_000;
const longestWaitMilliseconds = 10 * 60_000;

/** Hands an event to a target: retried with back-off while that can help, else to the dead-letter queue or dropped. */
export function deliver(world: World, delivery: Delivery): void {
  attemptLater(world, delivery, { retries: 0, since: world.clock.now() });
}

function attemptLater(world: World, delivery: Delivery, attempts: Attempts): void {
  world.background(delivery.rule.arn, delivery.cause, () => attempt(world, delivery, attempts));
}

async function attempt(world: World, delivery: Delivery, attempts: Attempts): Promise<void> {
  const { rule } = delivery;
  measureRule(world, rule, 'InvocationAttempts');
  if (attempts.retries > 0) measureRule(world, rule, 'RetryInvocationAttempts');
  try {
    await send(world, delivery);
  } catch (error) {
    return fail(world, delivery, attempts, classify(error));
  }
  measureRule(world, rule, 'SuccessfulInvocationAttempts');
  measureRule(world, rule, 'Invocations');
  journal(world, delivery, true, 'delivered', { retries: attempts.retries });
}

async function fail(world: World, delivery: Delivery, attempts: Attempts, failure: Failure): Promise<void> {
  const exhausted = failure.retryable ? exhaustedBy(world, delivery, attempts) : undefined;
  const detail = { code: failure.code, message: failure.message, retries: attempts.retries };
  if (failure.retryable && exhausted === undefined) {
    const wait = waitBefore(world, attempts.retries);
    journal(world, delivery, false, `could not deliver (${failure.message}), trying again in ${wait} ms:`, detail);
    // A timer and not a sleep: nobody who waits for the world to settle waits for a retry.
    world.clock.after(wait, () => attemptLater(world, delivery, { ...attempts, retries: attempts.retries + 1 }));
    return;
  }
  measureRule(world, delivery.rule, 'Invocations');
  measureRule(world, delivery.rule, 'FailedInvocations');
  journal(world, delivery, false, `could not deliver (${failure.code}: ${failure.message}):`, { ...detail, exhausted });
  await bury(world, delivery, { ...failure, retries: attempts.retries, exhausted });
}

function exhaustedBy(world: World, { target }: Delivery, { retries, since }: Attempts): string | undefined {
  const { MaximumRetryAttempts = defaultRetries, MaximumEventAgeInSeconds = defaultAgeSeconds } =
    target.RetryPolicy ?? {};
  if (retries >= MaximumRetryAttempts) return 'MaximumRetryAttempts';
  if (world.clock.now() - since >= MaximumEventAgeInSeconds * 1000) return 'MaximumEventAgeInSeconds';
  return undefined;
}

/** Exponential back-off; the upper half of each wait is left to chance. */
function waitBefore(world: World, retries: number): number {
  const wait = Math.min(longestWaitMilliseconds, firstWaitMilliseconds * 2 ** Math.min(retries, 20));
  return Math.round(wait * (0.5 + world.chance.fraction() / 2));
}

function journal(
  world: World,
  { rule, target, event, cause }: Delivery,
  allowed: boolean,
  did: string,
  detail: object,
): void {
  world.journal.write({
    kind: 'delivery',
    cause,
    account: rule.account,
    region: rule.region,
    subject: rule.arn,
    text: `rule ${rule.name} ${did} ${event['detail-type']} to ${target.Arn}`,
    allowed,
    detail: { rule: rule.name, target: target.Arn, targetId: target.Id, eventId: event.id, ...detail },
  });
}
