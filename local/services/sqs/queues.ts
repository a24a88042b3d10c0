import { AwsError } from '../../world/failure.ts';
import type { Access, Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { findKey, keyAccess } from '../kms/access.ts';
import { type Queue, queues } from './tables.ts';

/** The ARN of a queue. */
export const queueArn = ({ account, region }: Place, name: string): string =>
  `arn:aws:sqs:${region}:${account}:${name}`;

/** The URL of a queue at this world's door. */
export const queueUrl = (world: World, { account, name }: Pick<Queue, 'account' | 'name'>): string =>
  `${world.endpoint}/${account}/${name}`;

/** The ARN that a queue URL means: the region is the one of the call, as AWS's host name would say it. */
export function arnOfUrl(url: string, place: Place): string {
  const [, account, name] = /\/(\d{12})\/([\w.-]{1,80})\/?$/.exec(url) ?? [];
  if (name !== undefined) return queueArn({ account: account ?? '', region: place.region }, name);
  if (/^[\w.-]{1,80}$/.test(url)) return queueArn(place, url);
  throw new AwsError('InvalidAddress', `The address ${url} is not valid for this endpoint.`, 404);
}

/** The queue of a URL. Throws QueueDoesNotExist. */
export function requireQueue(world: World, url: string, place: Place): Queue {
  const queue = world.store.in(queues).get(arnOfUrl(url, place));
  if (queue === undefined) throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
  return queue;
}

/** The question for an action on a queue, with the queue's policy. */
export function queueAccess(world: World, action: string, url: string, place: Place): Access {
  const queue = requireQueue(world, url, place);
  const policy = queue.settings['Policy'];
  return {
    action: `sqs:${action}`,
    resource: queue.arn,
    owner: queue.account,
    ...(policy === undefined || policy === ''
      ? {}
      : { policy: { name: `the policy of queue ${queue.name}`, document: JSON.parse(policy) as unknown } }),
  };
}

/** With a customer's key on the queue, who sends or receives needs the key too. AWS's own key `alias/aws/sqs` asks nobody here. */
export function keyAccesses(world: World, actions: readonly string[], url: string, place: Place): readonly Access[] {
  const queue = requireQueue(world, url, place);
  const keyId = queue.settings['KmsMasterKeyId'];
  if (keyId === undefined || keyId === '' || keyId.endsWith('alias/aws/sqs')) return [];
  const key = findKey(world, keyId, queue);
  return actions.map((action) => keyAccess(world, action, key, 'sqs'));
}

/** Whether a queue keeps the order of its groups. */
export const isFifo = ({ settings }: Pick<Queue, 'settings'>): boolean => settings['FifoQueue'] === 'true';

/** A numeric setting, or AWS's default for it. */
export const setting = (queue: Queue, name: keyof typeof defaults): number =>
  Number(queue.settings[name] ?? defaults[name]);

/** AWS's defaults, in seconds and bytes. */
export const defaults = {
  DelaySeconds: '0',
  MaximumMessageSize: '1048576',
  MessageRetentionPeriod: '345600',
  ReceiveMessageWaitTimeSeconds: '0',
  VisibilityTimeout: '30',
} as const;
