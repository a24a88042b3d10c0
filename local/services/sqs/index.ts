import type { Operation, ResourceModel, Service } from '../../world/service.ts';
import { changeMessageVisibility, deleteMessage, deleteMessageBatch, purgeQueue } from './delete-message.ts';
import { getQueueAttributes } from './get-queue-attributes.ts';
import { inBothForms, toQuery } from './query-shape.ts';
import { queue } from './queue.ts';
import { createQueue, deleteQueue, getQueueUrl, listQueues, setQueueAttributes } from './queue-operations.ts';
import { queuePolicy } from './queue-policy.ts';
import { receiveMessage } from './receive-message.ts';
import { sendMessage, sendMessageBatch } from './send-message.ts';
import { listQueueTags, tagQueue } from './tags.ts';

const operations: Readonly<Record<string, Operation>> = {
  ChangeMessageVisibility: changeMessageVisibility,
  CreateQueue: createQueue,
  DeleteMessage: deleteMessage,
  DeleteMessageBatch: deleteMessageBatch,
  DeleteQueue: deleteQueue,
  GetQueueAttributes: getQueueAttributes,
  GetQueueUrl: getQueueUrl,
  ListQueues: listQueues,
  ListQueueTags: listQueueTags,
  PurgeQueue: purgeQueue,
  ReceiveMessage: receiveMessage,
  SendMessage: sendMessage,
  SendMessageBatch: sendMessageBatch,
  SetQueueAttributes: setQueueAttributes,
  TagQueue: tagQueue,
};

/** Amazon Simple Queue Service, by JSON and by Query. */
export const sqs: Service = {
  name: 'sqs',
  targetPrefix: 'AmazonSQS',
  jsonVersion: '1.0',
  queryNamespace: 'http://queue.amazonaws.com/doc/2012-11-05/',
  flattened: toQuery,
  operations: Object.fromEntries(Object.entries(operations).map(([name, each]) => [name, inBothForms(each)])),
};

export const sqsResources: Readonly<Record<string, ResourceModel>> = {
  'AWS::SQS::Queue': queue,
  'AWS::SQS::QueuePolicy': queuePolicy,
};
