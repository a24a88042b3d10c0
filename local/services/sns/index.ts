import type { ResourceModel, Service } from '../../world/service.ts';
import { listSubscriptions, listSubscriptionsByTopic } from './list-subscriptions.ts';
import { publish } from './publish.ts';
import { toQuery } from './query-shape.ts';
import { subscribe, unsubscribe } from './subscribe.ts';
import { subscription } from './subscription.ts';
import { topic } from './topic.ts';
import { createTopic, deleteTopic, getTopicAttributes, listTopics, setTopicAttributes } from './topic-operations.ts';
import { topicPolicy } from './topic-policy.ts';

/** Amazon Simple Notification Service. */
export const sns: Service = {
  name: 'sns',
  queryNamespace: 'http://sns.amazonaws.com/doc/2010-03-31/',
  flattened: toQuery,
  operations: {
    CreateTopic: createTopic,
    DeleteTopic: deleteTopic,
    GetTopicAttributes: getTopicAttributes,
    ListSubscriptions: listSubscriptions,
    ListSubscriptionsByTopic: listSubscriptionsByTopic,
    ListTopics: listTopics,
    Publish: publish,
    SetTopicAttributes: setTopicAttributes,
    Subscribe: subscribe,
    Unsubscribe: unsubscribe,
  },
};

export const snsResources: Readonly<Record<string, ResourceModel>> = {
  'AWS::SNS::Subscription': subscription,
  'AWS::SNS::Topic': topic,
  'AWS::SNS::TopicPolicy': topicPolicy,
};
