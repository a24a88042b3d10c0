import { z } from 'zod';
import { operation } from '../../world/service.ts';
import { pageOf } from '../page.ts';
import { type Subscription, subscriptions } from './tables.ts';
import { topicAccess, topicArn } from './topics.ts';

const shown = ({ arn, owner, protocol, endpoint, topicArn: topic, pending }: Subscription) => ({
  SubscriptionArn: pending ? 'PendingConfirmation' : arn,
  Owner: owner,
  Protocol: protocol,
  Endpoint: endpoint,
  TopicArn: topic,
});

/** The subscriptions of an account. */
export const listSubscriptions = operation({
  input: z.object({ NextToken: z.string().optional() }),
  access: (_input, call) => [{ action: 'sns:ListSubscriptions', resource: topicArn(call, '*') }],
  run: ({ NextToken }, { world, account, region }) => {
    const found = world.store
      .in(subscriptions)
      .where((row) => row.owner === account && row.topicArn.split(':')[3] === region);
    const page = pageOf(found, NextToken, 100, 'InvalidParameter');
    return { Subscriptions: page.items.map(shown), NextToken: page.next };
  },
});

/** The subscriptions of one topic. */
export const listSubscriptionsByTopic = operation({
  input: z.object({ TopicArn: z.string(), NextToken: z.string().optional() }),
  access: ({ TopicArn }, { world }) => [topicAccess(world, 'ListSubscriptionsByTopic', TopicArn)],
  run: ({ TopicArn, NextToken }, { world }) => {
    const found = world.store.in(subscriptions).where((row) => row.topicArn === TopicArn);
    const page = pageOf(found, NextToken, 100, 'InvalidParameter');
    return { Subscriptions: page.items.map(shown), NextToken: page.next };
  },
});
