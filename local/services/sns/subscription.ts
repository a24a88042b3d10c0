import { z } from 'zod';
import { principalName } from '../../world/principal.ts';
import { flag, policyDocument } from '../../world/properties.ts';
import { resource } from '../../world/service.ts';
import { makeSubscription } from './subscribe.ts';
import { subscriptions } from './tables.ts';

/** AWS::SNS::Subscription. A change makes a new one in its place. */
export const subscription = resource({
  simplified: 'Mail is written to the journal and sent to nobody.',
  properties: z.strictObject({
    TopicArn: z.string(),
    Protocol: z.string(),
    Endpoint: z.string(),
    FilterPolicy: policyDocument.optional(),
    FilterPolicyScope: z.enum(['MessageAttributes', 'MessageBody']).optional(),
    RawMessageDelivery: flag.optional(),
    RedrivePolicy: policyDocument.optional(),
    Region: z.string().optional(),
  }),
  access: ({ TopicArn }, _at, change) => [
    { action: change === 'delete' ? 'sns:Unsubscribe' : 'sns:Subscribe', resource: TopicArn },
  ],
  put: (wanted, at, previous) => {
    if (previous !== undefined) at.world.store.in(subscriptions).delete(previous.physicalId);
    const { arn } = makeSubscription(at.world, {
      topicArn: wanted.TopicArn,
      owner: at.account,
      protocol: wanted.Protocol,
      endpoint: wanted.Endpoint,
      principal: principalName(at.caller),
      attributes: {
        ...(wanted.FilterPolicy === undefined ? {} : { FilterPolicy: JSON.stringify(wanted.FilterPolicy) }),
        ...(wanted.FilterPolicyScope === undefined ? {} : { FilterPolicyScope: wanted.FilterPolicyScope }),
        ...(wanted.RedrivePolicy === undefined ? {} : { RedrivePolicy: JSON.stringify(wanted.RedrivePolicy) }),
        ...(wanted.RawMessageDelivery === undefined ? {} : { RawMessageDelivery: String(wanted.RawMessageDelivery) }),
      },
    });
    return { physicalId: arn, attributes: { Arn: arn } };
  },
  remove: ({ physicalId }, { world }) => void world.store.in(subscriptions).delete(physicalId),
});
