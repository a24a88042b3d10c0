import { parsePolicy } from '../../../languages/iam-policy/parse.ts';
import { Fault } from '../../../shared/fault.ts';
import { AwsError } from '../../world/failure.ts';
import type { Access, Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { findKey, keyAccess } from '../kms/access.ts';
import { type Topic, topics } from './tables.ts';

/** The ARN of a topic. */
export const topicArn = ({ account, region }: Place, name: string): string =>
  `arn:aws:sns:${region}:${account}:${name}`;

/** The topic of an ARN. Throws NotFound. */
export function requireTopic(world: World, arn: string): Topic {
  const topic = world.store.in(topics).get(arn);
  if (topic === undefined) throw new AwsError('NotFound', 'Topic does not exist', 404);
  return topic;
}

/** The question for an action on a topic, with the topic's policy. */
export function topicAccess(world: World, action: string, arn: string): Access {
  const topic = requireTopic(world, arn);
  return {
    action: `sns:${action}`,
    resource: arn,
    owner: topic.account,
    ...(topic.policy === undefined
      ? {}
      : { policy: { name: `the policy of topic ${topic.name}`, document: topic.policy } }),
  };
}

/** With a customer's key on the topic, the publisher needs the key too. AWS's own key `alias/aws/sns` asks nobody here. */
export function publisherKey(world: World, arn: string): readonly Access[] {
  const topic = requireTopic(world, arn);
  if (topic.kmsKeyId === undefined || topic.kmsKeyId.endsWith('alias/aws/sns')) return [];
  const key = findKey(world, topic.kmsKeyId, topic);
  return ['GenerateDataKey', 'Decrypt'].map((action) => keyAccess(world, action, key, 'sns'));
}

/** Makes a topic; one of that name that is there is answered as it is. Throws InvalidParameter. */
export function makeTopic(world: World, { account, region }: Place, name: string): Topic {
  if (name.endsWith('.fifo'))
    throw new AwsError('InvalidParameter', 'Invalid parameter: FIFO topics are not played by the local cloud');
  if (!/^[\w-]{1,256}$/.test(name)) throw new AwsError('InvalidParameter', 'Invalid parameter: Topic Name');
  const arn = topicArn({ account, region }, name);
  const known = world.store.in(topics).get(arn);
  if (known !== undefined) return known;
  const topic: Topic = { arn, account, region, name, displayName: '', tags: {} };
  world.store.in(topics).put(arn, topic);
  return topic;
}

/** Puts a policy on a topic. Throws InvalidParameter for one that is malformed. */
export function writeTopicPolicy(world: World, arn: string, document: unknown): void {
  try {
    if (document !== undefined) parsePolicy(document);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw new AwsError('InvalidParameter', `Invalid parameter: Policy Error: ${error.subject}`);
  }
  world.store.in(topics).update(arn, (topic) => ({ ...topic, policy: document }));
}
