import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import { subscriptions } from './tables.ts';
import { topicAccess } from './topics.ts';

/** Confirms a subscription with the token that its owner was sent; here the journal tells it, as mail goes to nobody. */
export const confirmSubscription = operation({
  simplified: 'The token stands in the journal, as no mail is sent; it does not expire after two days.',
  input: z.object({
    TopicArn: z.string(),
    Token: z.string(),
    AuthenticateOnUnsubscribe: z.string().optional(),
  }),
  access: ({ TopicArn }, { world }) => [topicAccess(world, 'ConfirmSubscription', TopicArn)],
  run: ({ TopicArn, Token }, { world }) => {
    const rows = world.store.in(subscriptions);
    const [found] = rows.where(({ topicArn, token }) => topicArn === TopicArn && token === Token);
    if (found === undefined) throw new AwsError('InvalidParameter', 'Invalid parameter: Token');
    rows.put(found.arn, { ...found, pending: false });
    return { SubscriptionArn: found.arn };
  },
});
