import type { Operation, ResourceModel, Service } from '../../world/service.ts';
import { listDeadLetterSourceQueues } from './dead-letter-sources.ts';
import { deleteMessage, deleteMessageBatch, purgeQueue } from './delete-message.ts';
import { getQueueAttributes } from './get-queue-attributes.ts';
import { cancelMessageMoveTask, listMessageMoveTasks, startMessageMoveTask } from './move-tasks.ts';
import { addPermission, removePermission } from './permission.ts';
import { inBothForms, toQuery } from './query-shape.ts';
import { queue } from './queue.ts';
import { createQueue, deleteQueue, getQueueUrl, listQueues, setQueueAttributes } from './queue-operations.ts';
import { queuePolicy } from './queue-policy.ts';
import { receiveMessage } from './receive-message.ts';
import { sendMessage, sendMessageBatch } from './send-message.ts';
import { listQueueTags, tagQueue, untagQueue } from './tags.ts';
import { changeMessageVisibility, changeMessageVisibilityBatch } from './visibility.ts';

const operations: Readonly<Record<string, Operation>> = {
  AddPermission: addPermission,
  CancelMessageMoveTask: cancelMessageMoveTask,
  ChangeMessageVisibility: changeMessageVisibility,
  ChangeMessageVisibilityBatch: changeMessageVisibilityBatch,
  CreateQueue: createQueue,
  DeleteMessage: deleteMessage,
  DeleteMessageBatch: deleteMessageBatch,
  DeleteQueue: deleteQueue,
  GetQueueAttributes: getQueueAttributes,
  GetQueueUrl: getQueueUrl,
  ListDeadLetterSourceQueues: listDeadLetterSourceQueues,
  ListMessageMoveTasks: listMessageMoveTasks,
  ListQueues: listQueues,
  ListQueueTags: listQueueTags,
  PurgeQueue: purgeQueue,
  ReceiveMessage: receiveMessage,
  RemovePermission: removePermission,
  SendMessage: sendMessage,
  SendMessageBatch: sendMessageBatch,
  SetQueueAttributes: setQueueAttributes,
  StartMessageMoveTask: startMessageMoveTask,
  TagQueue: tagQueue,
  UntagQueue: untagQueue,
};

/** Amazon Simple Queue Service, by JSON and by Query. */
export const sqs: Service = {
  name: 'sqs',
  targetPrefix: 'AmazonSQS',
  jsonVersion: '1.0',
  queryNamespace: 'http://queue.amazonaws.com/doc/2012-11-05/',
  flattened: toQuery,
  operations: Object.fromEntries(Object.entries(operations).map(([name, each]) => [name, inBothForms(name, each)])),
};

export const sqsResources: Readonly<Record<string, ResourceModel>> = {
  'AWS::SQS::Queue': queue,
  'AWS::SQS::QueuePolicy': queuePolicy,
};
