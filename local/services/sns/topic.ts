import { z } from 'zod';
import { principalName } from '../../world/principal.ts';
import { tags } from '../../world/properties.ts';
import { resource } from '../../world/service.ts';
import { refuseIfThere } from '../already-there.ts';
import { makeSubscription } from './subscribe.ts';
import { subscriptions, topics } from './tables.ts';
import { makeTopic, topicArn } from './topics.ts';

/** AWS::SNS::Topic with its inline subscriptions. `Ref` answers the ARN. */
export const topic = resource({
  simplified: 'The KMS key is recorded and not used, so a key policy that would stop a message on AWS does not here.',
  properties: z.strictObject({
    TopicName: z.string().optional(),
    DisplayName: z.string().optional(),
    KmsMasterKeyId: z.string().optional(),
    Subscription: z.array(z.strictObject({ Protocol: z.string(), Endpoint: z.string() })).optional(),
    Tags: tags.optional(),
  }),
  access: ({ TopicName }, at, change) => {
    const actions = {
      create: ['CreateTopic', 'GetTopicAttributes'],
      update: ['SetTopicAttributes', 'GetTopicAttributes'],
      delete: ['DeleteTopic'],
    }[change];
    const arn = topicArn(at, TopicName ?? `${at.stackName}-*`);
    return actions.map((action) => ({ action: `sns:${action}`, resource: arn }));
  },
  put: ({ TopicName, DisplayName, KmsMasterKeyId, Subscription = [], Tags = [] }, at, previous) => {
    const known = previous?.physicalId.split(':').at(-1);
    const name = TopicName ?? known ?? `${at.stackName}-${at.logicalId}-${at.world.chance.hex(12)}`;
    const there = known !== name && at.world.store.in(topics).has(topicArn(at, name));
    refuseIfThere('AWS::SNS::Topic', name, there);
    const { arn } = makeTopic(at.world, at, name);
    at.world.store.in(topics).update(arn, (row) => ({
      ...row,
      displayName: DisplayName ?? '',
      kmsKeyId: KmsMasterKeyId,
      tags: { ...at.tags, ...Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])) },
    }));
    for (const { Protocol, Endpoint } of Subscription)
      makeSubscription(at.world, {
        topicArn: arn,
        owner: at.account,
        protocol: Protocol,
        endpoint: Endpoint,
        principal: principalName(at.caller),
        attributes: {},
      });
    return { physicalId: arn, attributes: { TopicArn: arn, TopicName: name } };
  },
  remove: ({ physicalId }, { world }) => {
    world.store.in(topics).delete(physicalId);
    for (const { arn } of world.store.in(subscriptions).where((row) => row.topicArn === physicalId))
      world.store.in(subscriptions).delete(arn);
  },
});
