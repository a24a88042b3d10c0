import { z } from 'zod';
import { parsePattern } from '../../../languages/event-pattern/parse.ts';
import { Fault } from '../../../shared/fault.ts';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { type Subscription, subscriptions } from './tables.ts';
import { requireTopic, topicAccess } from './topics.ts';

/** What a subscription is made with. */
export interface WantedSubscription {
  readonly topicArn: string;
  readonly owner: string;
  readonly protocol: string;
  readonly endpoint: string;
  readonly attributes: Readonly<Record<string, string>>;
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
  const { topicArn, owner, endpoint, attributes } = wanted;
  requireTopic(world, topicArn);
  const protocol = checkedProtocol(wanted);
  const rows = world.store.in(subscriptions);
  const [known] = rows.where(
    (row) => row.topicArn === topicArn && row.protocol === protocol && row.endpoint === endpoint,
  );
  if (known !== undefined) return known;
  const filterText = attributes['FilterPolicy'];
  const subscription: Subscription = {
    arn: `${topicArn}:${world.chance.uuid()}`,
    topicArn,
    owner,
    protocol,
    endpoint,
    rawMessageDelivery: attributes['RawMessageDelivery'] === 'true',
    filterPolicyText: filterText,
    filterPolicy: filterText === undefined ? undefined : readFilter(filterText),
    filterScope: attributes['FilterPolicyScope'] === 'MessageBody' ? 'MessageBody' : 'MessageAttributes',
    pending: protocol.startsWith('email'),
  };
  rows.put(subscription.arn, subscription);
  return subscription;
}

const knownAttributes = new Set(['FilterPolicy', 'FilterPolicyScope', 'RawMessageDelivery']);

function checkedProtocol({ protocol, endpoint, attributes }: WantedSubscription): Subscription['protocol'] {
  const form = Object.hasOwn(protocols, protocol) ? protocols[protocol] : undefined;
  if (form === undefined)
    throw invalid(`protocol ${protocol} is not played by the local cloud (email, sqs and lambda are)`);
  if (!form.test(endpoint)) throw invalid(`${protocol} endpoint ${endpoint}`);
  const unknown = Object.keys(attributes).find((name) => !knownAttributes.has(name));
  if (unknown !== undefined) throw invalid(`attribute ${unknown} is not played by the local cloud`);
  return protocol as Subscription['protocol'];
}

function readFilter(text: string) {
  try {
    return parsePattern(text);
  } catch (error) {
    if (error instanceof Fault) throw invalid(`FilterPolicy: ${error.subject}`);
    throw error;
  }
}

const invalid = (what: string) => new AwsError('InvalidParameter', `Invalid parameter: ${what}`);

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
  run: (input, { world, account }) => {
    const wanted = { topicArn: input.TopicArn, owner: account, protocol: input.Protocol, endpoint: input.Endpoint };
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
