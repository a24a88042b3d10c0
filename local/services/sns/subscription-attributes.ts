import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { type Access, operation } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { invalid, readFilter } from './filter.ts';
import { type Subscription, subscriptions, topics } from './tables.ts';
import { topicAccess } from './topics.ts';

/** What the settable attributes make of a subscription. */
type Settings = Pick<
  Subscription,
  'filterPolicy' | 'filterPolicyText' | 'filterScope' | 'rawMessageDelivery' | 'deadLetterArn' | 'redriveText'
>;

const known = new Set(['FilterPolicy', 'FilterPolicyScope', 'RawMessageDelivery', 'RedrivePolicy']);

/** Reads attributes in the API's spelling; empty text takes one away. Throws InvalidParameter. */
export function readAttributes(attributes: Readonly<Record<string, string>>): Settings {
  const unknown = Object.keys(attributes).find((name) => !known.has(name));
  if (unknown !== undefined) throw invalid(`attribute ${unknown} is not played by the local cloud`);
  const scope = attributes['FilterPolicyScope'] ?? 'MessageAttributes';
  if (scope !== 'MessageAttributes' && scope !== 'MessageBody')
    throw invalid(`FilterPolicyScope: Invalid value [${scope}]. Please use either MessageBody or MessageAttributes`);
  const raw = attributes['RawMessageDelivery'] ?? 'false';
  if (!/^(true|false)$/i.test(raw)) throw invalid(`RawMessageDelivery: Invalid value [${raw}]. Must be true or false.`);
  const policy = attributes['FilterPolicy'] ?? '';
  const redrive = attributes['RedrivePolicy'] ?? '';
  return {
    filterScope: scope,
    rawMessageDelivery: raw.toLowerCase() === 'true',
    filterPolicyText: policy === '' ? undefined : policy,
    filterPolicy: policy === '' ? undefined : readFilter(policy, scope),
    redriveText: redrive === '' ? undefined : redrive,
    deadLetterArn: redrive === '' ? undefined : readRedrive(redrive),
  };
}

function readRedrive(text: string): string {
  try {
    const { deadLetterTargetArn } = JSON.parse(text) as { deadLetterTargetArn?: unknown };
    if (typeof deadLetterTargetArn === 'string' && /^arn:aws[\w-]*:sqs:[\w-]+:\d{12}:[\w-]+$/.test(deadLetterTargetArn))
      return deadLetterTargetArn;
  } catch {
    throw invalid('RedrivePolicy: failed to parse JSON.');
  }
  throw invalid('RedrivePolicy: deadLetterTargetArn is an invalid ARN');
}

/** The settings of a subscription in the API's spelling. */
export const attributesOf = (row: Subscription): Record<string, string> => ({
  RawMessageDelivery: String(row.rawMessageDelivery),
  ...(row.filterPolicyText === undefined
    ? {}
    : { FilterPolicy: row.filterPolicyText, FilterPolicyScope: row.filterScope }),
  ...(row.redriveText === undefined ? {} : { RedrivePolicy: row.redriveText }),
});

/** The subscription of an ARN. Throws NotFound. */
export function requireSubscription(world: World, arn: string): Subscription {
  const found = world.store.in(subscriptions).get(arn);
  if (found === undefined) throw new AwsError('NotFound', 'Subscription does not exist', 404);
  return found;
}

/** Judged on the topic, by its policy too: that is how SNS knows subscriptions in policies. */
export function subscriptionAccess(world: World, action: string, arn: string): readonly Access[] {
  const { topicArn, owner } = requireSubscription(world, arn);
  if (world.store.in(topics).has(topicArn)) return [topicAccess(world, action, topicArn)];
  return [{ action: `sns:${action}`, resource: topicArn, owner }];
}

/** All settings of a subscription. */
export const getSubscriptionAttributes = operation({
  input: z.object({ SubscriptionArn: z.string() }),
  access: ({ SubscriptionArn }, { world }) => subscriptionAccess(world, 'GetSubscriptionAttributes', SubscriptionArn),
  run: ({ SubscriptionArn }, { world }) => {
    const row = requireSubscription(world, SubscriptionArn);
    return {
      Attributes: {
        SubscriptionArn: row.arn,
        TopicArn: row.topicArn,
        Owner: row.owner,
        Protocol: row.protocol,
        Endpoint: row.endpoint,
        PendingConfirmation: String(row.pending),
        ConfirmationWasAuthenticated: String(!row.pending),
        SubscriptionPrincipal: row.principal,
        ...attributesOf(row),
      },
    };
  },
});

/** Changes one setting of a subscription. */
export const setSubscriptionAttributes = operation({
  input: z.object({ SubscriptionArn: z.string(), AttributeName: z.string(), AttributeValue: z.string().default('') }),
  access: ({ SubscriptionArn }, { world }) => subscriptionAccess(world, 'SetSubscriptionAttributes', SubscriptionArn),
  run: ({ SubscriptionArn, AttributeName, AttributeValue }, { world }) => {
    const row = requireSubscription(world, SubscriptionArn);
    if (!known.has(AttributeName)) throw invalid('AttributeName');
    const scope = { FilterPolicyScope: row.filterScope };
    const settings = readAttributes({ ...attributesOf(row), ...scope, [AttributeName]: AttributeValue });
    world.store.in(subscriptions).put(row.arn, { ...row, ...settings });
    return {};
  },
});
