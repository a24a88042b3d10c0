import { AwsError } from '../../world/failure.ts';
import type { World } from '../../world/world.ts';
import { redriveOf } from './dead-letter-sources.ts';
import { measure } from './measure.ts';
import { isFifo, setting } from './queues.ts';
import { deduplication, type Kept, type Message, type Queue, queues, sequences } from './tables.ts';
import { wakeReceivers } from './waiting.ts';

/** A queue keeps this many messages; more are refused. AWS keeps any number; this is a developer's machine. */
const keptMessages = 100_000;
const deduplicationMilliseconds = 5 * 60_000;
/** Sequence numbers have 20 digits. */
const firstSequence = 18_849_496_460_467_696_128n;

/** What a sender hands over. */
export type Sent = Pick<
  Message,
  'body' | 'attributes' | 'senderId' | 'groupId' | 'deduplicationId' | 'traceHeader' | 'movedFrom'
> & { readonly delaySeconds?: number | undefined };

/** Takes a message in, or answers what it said of the equal one that a FIFO queue took within five minutes. */
export function keep(world: World, queue: Queue, { delaySeconds, ...sent }: Sent): Kept {
  const known = sent.deduplicationId === undefined ? undefined : seenBefore(world, queue, sent);
  if (known !== undefined) return known;
  const message = enqueue(world, queue, sent, delaySeconds);
  const kept = { id: message.id, sequence: message.sequence };
  if (sent.deduplicationId !== undefined)
    world.store.in(deduplication).put(deduplicationKey(queue, sent), { at: world.clock.now(), kept });
  return kept;
}

/** Puts a new message at the end of a queue, with an id and a time of its own. Throws OverLimit. */
export function enqueue(
  world: World,
  queue: Queue,
  { body, attributes, senderId, groupId, deduplicationId, traceHeader, movedFrom }: Sent,
  delaySeconds = setting(queue, 'DelaySeconds'),
): Message {
  if (queue.messages.length >= keptMessages)
    throw new AwsError('OverLimit', `The local cloud keeps at most ${keptMessages} messages in a queue.`, 403);
  const now = world.clock.now();
  const message: Message = {
    ...{ body, attributes, senderId, groupId, deduplicationId, traceHeader, movedFrom },
    id: world.chance.uuid(),
    sentAt: now,
    visibleAt: now + delaySeconds * 1000,
    receiveCount: 0,
    sequence: isFifo(queue) ? nextSequence(world, queue) : undefined,
  };
  queue.messages.push(message);
  changed(world, queue);
  return message;
}

function nextSequence(world: World, { arn }: Queue): string {
  const count = (world.store.in(sequences).get(arn) ?? 0) + 1;
  world.store.in(sequences).put(arn, count);
  return String(firstSequence + BigInt(count) * 256n);
}

const deduplicationKey = ({ arn, settings }: Queue, { deduplicationId, groupId }: Sent): string =>
  [arn, deduplicationId, ...(settings['DeduplicationScope'] === 'messageGroup' ? [groupId] : [])].join('\n');

function seenBefore(world: World, queue: Queue, sent: Sent): Kept | undefined {
  const seen = world.store.in(deduplication).get(deduplicationKey(queue, sent));
  return seen !== undefined && world.clock.now() - seen.at < deduplicationMilliseconds ? seen.kept : undefined;
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
  const policy = redriveOf(queue);
  if (policy === undefined) return;
  const target = world.store.in(queues).get(policy.target);
  const now = world.clock.now();
  const spent = queue.messages.filter(
    ({ receiveCount, visibleAt }) => receiveCount >= policy.mostReceives && visibleAt <= now,
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
