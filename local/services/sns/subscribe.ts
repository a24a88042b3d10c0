import { z } from 'zod';
import { principalName } from '../../world/principal.ts';
import { operation } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { invalid } from './filter.ts';
import { attributesOf, readAttributes } from './subscription-attributes.ts';
import { type Subscription, subscriptions } from './tables.ts';
import { requireTopic, topicAccess } from './topics.ts';

/** What a subscription is made with. */
export interface WantedSubscription {
  readonly topicArn: string;
  readonly owner: string;
  readonly protocol: string;
  readonly endpoint: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** The ARN of who subscribes. */
  readonly principal: string;
}

/** The protocols that are played; of the endpoint only the form is checked. */
const protocols: Readonly<Record<string, RegExp>> = {
  email: /^[^\s@]+@[^\s@]+$/,
  'email-json': /^[^\s@]+@[^\s@]+$/,
  sqs: /^arn:aws:sqs:[\w-]+:\d{12}:.+$/,
  lambda: /^arn:aws:lambda:[\w-]+:\d{12}:function:.+$/,
};

/** Subscribes an endpoint; the same one twice is one subscription. Throws InvalidParameter. */
export function makeSubscription(world: World, wanted: WantedSubscription): Subscription {
  const { topicArn, owner, endpoint, attributes, principal } = wanted;
  requireTopic(world, topicArn);
  const protocol = checkedProtocol(wanted);
  const rows = world.store.in(subscriptions);
  const [known] = rows.where(
    (row) => row.topicArn === topicArn && row.protocol === protocol && row.endpoint === endpoint,
  );
  if (known !== undefined) return theSame(known, attributes);
  const pending = protocol.startsWith('email');
  const subscription: Subscription = {
    arn: `${topicArn}:${world.chance.uuid()}`,
    topicArn,
    owner,
    protocol,
    endpoint,
    principal,
    ...readAttributes(attributes),
    pending,
    ...(pending ? { token: world.chance.hex(64) } : {}),
  };
  rows.put(subscription.arn, subscription);
  if (pending) askToConfirm(world, subscription);
  return subscription;
}

function theSame(known: Subscription, attributes: Readonly<Record<string, string>>): Subscription {
  const there = attributesOf(known);
  if (Object.entries(attributes).some(([name, value]) => there[name] !== value))
    throw invalid('Attributes Reason: Subscription already exists with different attributes');
  return known;
}

/** AWS writes a mail with a link; the journal holds what would stand in it. */
function askToConfirm(world: World, { arn, topicArn, endpoint, token }: Subscription): void {
  const [, , , region = '', account = ''] = topicArn.split(':');
  const text = `mail to ${endpoint}: confirm the subscription to ${topicArn} with the token ${token}`;
  world.journal.write({ kind: 'state', account, region, subject: arn, text, detail: { topicArn, token } });
}

function checkedProtocol({ protocol, endpoint }: WantedSubscription): Subscription['protocol'] {
  const form = Object.hasOwn(protocols, protocol) ? protocols[protocol] : undefined;
  if (form === undefined)
    throw invalid(`protocol ${protocol} is not played by the local cloud (email, sqs and lambda are)`);
  if (!form.test(endpoint)) throw invalid(`${protocol} endpoint ${endpoint}`);
  return protocol as Subscription['protocol'];
}

/** Subscribes an endpoint to a topic. */
export const subscribe = operation({
  input: z.object({
    TopicArn: z.string(),
    Protocol: z.string(),
    Endpoint: z.string(),
    Attributes: z.record(z.string(), z.string()).default({}),
    ReturnSubscriptionArn: z.union([z.boolean(), z.string()]).optional(),
  }),
  access: ({ TopicArn }, call) => [topicAccess(call.world, 'Subscribe', TopicArn)],
  run: (input, { world, account, caller }) => {
    const principal = principalName(caller);
    const wanted = {
      topicArn: input.TopicArn,
      owner: account,
      protocol: input.Protocol,
      endpoint: input.Endpoint,
      principal,
    };
    const made = makeSubscription(world, { ...wanted, attributes: input.Attributes });
    const named = !made.pending || String(input.ReturnSubscriptionArn) === 'true';
    return { SubscriptionArn: named ? made.arn : 'pending confirmation' };
  },
});

/** Ends a subscription; one that is not there is no error. */
export const unsubscribe = operation({
  input: z.object({ SubscriptionArn: z.string() }),
  access: ({ SubscriptionArn }, call) => [
    { action: 'sns:Unsubscribe', resource: SubscriptionArn.split(':').slice(0, 6).join(':'), owner: call.account },
  ],
  run: ({ SubscriptionArn }, { world }) => {
    world.store.in(subscriptions).delete(SubscriptionArn);
    return {};
  },
});
