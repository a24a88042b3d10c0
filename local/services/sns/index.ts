import type { ResourceModel, Service } from '../../world/service.ts';
import { confirmSubscription } from './confirm-subscription.ts';
import { listSubscriptions, listSubscriptionsByTopic } from './list-subscriptions.ts';
import { publish, publishBatch } from './publish.ts';
import { toQuery } from './query-shape.ts';
import { subscribe, unsubscribe } from './subscribe.ts';
import { subscription } from './subscription.ts';
import { getSubscriptionAttributes, setSubscriptionAttributes } from './subscription-attributes.ts';
import { listTagsForResource, tagResource, untagResource } from './tags.ts';
import { topic } from './topic.ts';
import { createTopic, deleteTopic, getTopicAttributes, listTopics, setTopicAttributes } from './topic-operations.ts';
import { topicPolicy } from './topic-policy.ts';

/** Amazon Simple Notification Service. */
export const sns: Service = {
  name: 'sns',
  queryNamespace: 'http://sns.amazonaws.com/doc/2010-03-31/',
  flattened: toQuery,
  operations: {
    ConfirmSubscription: confirmSubscription,
    CreateTopic: createTopic,
    DeleteTopic: deleteTopic,
    GetSubscriptionAttributes: getSubscriptionAttributes,
    GetTopicAttributes: getTopicAttributes,
    ListSubscriptions: listSubscriptions,
    ListSubscriptionsByTopic: listSubscriptionsByTopic,
    ListTagsForResource: listTagsForResource,
    ListTopics: listTopics,
    Publish: publish,
    PublishBatch: publishBatch,
    SetSubscriptionAttributes: setSubscriptionAttributes,
    SetTopicAttributes: setTopicAttributes,
    Subscribe: subscribe,
    TagResource: tagResource,
    Unsubscribe: unsubscribe,
    UntagResource: untagResource,
  },
};

export const snsResources: Readonly<Record<string, ResourceModel>> = {
  'AWS::SNS::Subscription': subscription,
  'AWS::SNS::Topic': topic,
  'AWS::SNS::TopicPolicy': topicPolicy,
};
