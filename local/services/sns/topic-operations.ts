import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import { pageOf } from '../page.ts';
import { subscriptions, type Topic, topics } from './tables.ts';
import { makeTopic, requireTopic, topicAccess, topicArn, writeTopicPolicy } from './topics.ts';

/** Creates a topic; one that is there is answered. */
export const createTopic = operation({
  input: z.object({
    Name: z.string(),
    Attributes: z.record(z.string(), z.string()).default({}),
    Tags: z.array(z.object({ Key: z.string(), Value: z.string() })).default([]),
  }),
  access: ({ Name }, call) => [{ action: 'sns:CreateTopic', resource: topicArn(call, Name) }],
  run: ({ Name, Attributes, Tags }, { world, account, region }) => {
    const topic = makeTopic(world, { account, region }, Name);
    const tags = Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value]));
    world.store.in(topics).put(topic.arn, { ...topic, tags: { ...topic.tags, ...tags } });
    for (const [name, value] of Object.entries(Attributes))
      setAttribute(world.store.in(topics).get(topic.arn) ?? topic, name, value, world);
    return { TopicArn: topic.arn };
  },
});

/** Deletes a topic with its subscriptions; one that is not there is no error. */
export const deleteTopic = operation({
  input: z.object({ TopicArn: z.string() }),
  access: ({ TopicArn }, { world }) =>
    world.store.in(topics).has(TopicArn)
      ? [topicAccess(world, 'DeleteTopic', TopicArn)]
      : [{ action: 'sns:DeleteTopic', resource: TopicArn }],
  run: ({ TopicArn }, { world }) => {
    world.store.in(topics).delete(TopicArn);
    for (const { arn } of world.store.in(subscriptions).where((row) => row.topicArn === TopicArn))
      world.store.in(subscriptions).delete(arn);
    return {};
  },
});

/** The topics of an account and region. */
export const listTopics = operation({
  input: z.object({ NextToken: z.string().optional() }),
  access: (_input, call) => [{ action: 'sns:ListTopics', resource: topicArn(call, '*') }],
  run: ({ NextToken }, { world, account, region }) => {
    const found = world.store.in(topics).where((topic) => topic.account === account && topic.region === region);
    const page = pageOf(found, NextToken, 100, 'InvalidParameter');
    return { Topics: page.items.map(({ arn }) => ({ TopicArn: arn })), NextToken: page.next };
  },
});

/** Settings and counts of a topic. */
export const getTopicAttributes = operation({
  input: z.object({ TopicArn: z.string() }),
  access: ({ TopicArn }, { world }) => [topicAccess(world, 'GetTopicAttributes', TopicArn)],
  run: ({ TopicArn }, { world }) => {
    const topic = requireTopic(world, TopicArn);
    const all = world.store.in(subscriptions).where((row) => row.topicArn === TopicArn);
    return {
      Attributes: {
        TopicArn,
        Owner: topic.account,
        DisplayName: topic.displayName,
        Policy: JSON.stringify(topic.policy ?? ownersPolicy(topic)),
        SubscriptionsConfirmed: String(all.filter(({ pending }) => !pending).length),
        SubscriptionsPending: String(all.filter(({ pending }) => pending).length),
        SubscriptionsDeleted: '0',
        ...(topic.kmsKeyId === undefined ? {} : { KmsMasterKeyId: topic.kmsKeyId }),
      },
    };
  },
});

/** What SNS shows for a topic that nobody gave a policy. */
const ownersPolicy = ({ arn, account }: Topic) => ({
  Version: '2008-10-17',
  Id: '__default_policy_ID',
  Statement: [
    {
      Sid: '__default_statement_ID',
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: [
        'SNS:GetTopicAttributes',
        'SNS:SetTopicAttributes',
        'SNS:Subscribe',
        'SNS:ListSubscriptionsByTopic',
        'SNS:Publish',
      ],
      Resource: arn,
      Condition: { StringEquals: { 'AWS:SourceOwner': account } },
    },
  ],
});

/** Changes one setting of a topic. */
export const setTopicAttributes = operation({
  input: z.object({ TopicArn: z.string(), AttributeName: z.string(), AttributeValue: z.string().default('') }),
  access: ({ TopicArn }, { world }) => [topicAccess(world, 'SetTopicAttributes', TopicArn)],
  run: ({ TopicArn, AttributeName, AttributeValue }, { world }) => {
    setAttribute(requireTopic(world, TopicArn), AttributeName, AttributeValue, world);
    return {};
  },
});

function setAttribute(topic: Topic, name: string, value: string, world: Parameters<typeof requireTopic>[0]): void {
  const rows = world.store.in(topics);
  if (name === 'Policy') writeTopicPolicy(world, topic.arn, value === '' ? undefined : readJson(value));
  else if (name === 'DisplayName') rows.put(topic.arn, { ...topic, displayName: value });
  else if (name === 'KmsMasterKeyId') rows.put(topic.arn, { ...topic, kmsKeyId: value === '' ? undefined : value });
  else
    throw new AwsError('InvalidParameter', `Invalid parameter: AttributeName ${name} is not played by the local cloud`);
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AwsError('InvalidParameter', 'Invalid parameter: Policy Error: not valid JSON');
  }
}
