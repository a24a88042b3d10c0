import { AwsError } from '../../world/failure.ts';
import type { World } from '../../world/world.ts';
import { measure } from './measure.ts';
import { setting } from './queues.ts';
import { deduplication, type Message, type Queue, queues } from './tables.ts';
import { wakeReceivers } from './waiting.ts';

/** A queue keeps this many messages; more are refused. AWS keeps any number; this is a developer's machine. */
const keptMessages = 100_000;
const deduplicationMilliseconds = 5 * 60_000;

/** What a sender hands over. */
export type Sent = Pick<
  Message,
  'body' | 'attributes' | 'senderId' | 'groupId' | 'deduplicationId' | 'traceHeader' | 'movedFrom'
> & { readonly delaySeconds?: number | undefined };

/** Takes a message in, or answers the id of the equal one a FIFO queue took within five minutes. */
export function keep(world: World, queue: Queue, { delaySeconds, ...sent }: Sent): string {
  const known = sent.deduplicationId === undefined ? undefined : seenBefore(world, queue, sent.deduplicationId);
  if (known !== undefined) return known;
  if (queue.messages.length >= keptMessages)
    throw new AwsError('OverLimit', `The local cloud keeps at most ${keptMessages} messages in a queue.`, 403);
  const now = world.clock.now();
  const delay = (delaySeconds ?? setting(queue, 'DelaySeconds')) * 1000;
  const message: Message = { ...sent, id: world.chance.uuid(), sentAt: now, visibleAt: now + delay, receiveCount: 0 };
  queue.messages.push(message);
  if (sent.deduplicationId !== undefined)
    world.store.in(deduplication).put(`${queue.arn}\n${sent.deduplicationId}`, { at: now, messageId: message.id });
  changed(world, queue);
  return message.id;
}

function seenBefore(world: World, queue: Queue, deduplicationId: string): string | undefined {
  const seen = world.store.in(deduplication).get(`${queue.arn}\n${deduplicationId}`);
  return seen !== undefined && world.clock.now() - seen.at < deduplicationMilliseconds ? seen.messageId : undefined;
}

/** Says that messages came, went or became visible. */
export function changed(world: World, queue: Queue): void {
  wakeReceivers(world, queue.arn);
  measure(world, queue.arn);
}

/** Drops what is older than the queue keeps. */
export function forgetOld(world: World, queue: Queue): void {
  const since = world.clock.now() - setting(queue, 'MessageRetentionPeriod') * 1000;
  const old = queue.messages.filter((message) => message.sentAt < since);
  if (old.length > 0)
    queue.messages.splice(0, queue.messages.length, ...queue.messages.filter((message) => !old.includes(message)));
}

/** The messages that a receiver gets now: visible, not received too often, and of each FIFO group only while none is in flight. */
export function receivable(world: World, queue: Queue, most: number): readonly Message[] {
  forgetOld(world, queue);
  redrive(world, queue);
  const now = world.clock.now();
  const busy = new Set(queue.messages.filter(({ visibleAt }) => visibleAt > now).map(({ groupId }) => groupId));
  const free = queue.messages.filter(
    ({ visibleAt, groupId }) => visibleAt <= now && (groupId === undefined || !busy.has(groupId)),
  );
  return free.slice(0, most);
}

/** Moves what was received as often as the redrive policy allows to the dead-letter queue. */
function redrive(world: World, queue: Queue): void {
  const policy = queue.settings['RedrivePolicy'];
  if (policy === undefined || policy === '') return;
  const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(policy) as Record<string, unknown>;
  const target = world.store.in(queues).get(String(deadLetterTargetArn));
  const now = world.clock.now();
  const spent = queue.messages.filter(
    ({ receiveCount, visibleAt }) => receiveCount >= Number(maxReceiveCount) && visibleAt <= now,
  );
  if (target === undefined || spent.length === 0) return;
  for (const message of spent) {
    queue.messages.splice(queue.messages.indexOf(message), 1);
    target.messages.push({ ...message, movedFrom: queue.arn, receiveCount: 0, visibleAt: now });
    journalMove(world, queue, target, message);
  }
  changed(world, target);
}

function journalMove(world: World, queue: Queue, target: Queue, message: Message): void {
  const { account, region, arn, name } = queue;
  const text = `queue ${name} moved a message received ${message.receiveCount} times to ${target.name}`;
  world.journal.write({
    kind: 'delivery',
    account,
    region,
    subject: arn,
    text,
    allowed: true,
    detail: { messageId: message.id },
  });
}
