import type { ResourceModel, Service } from '../../world/service.ts';

/** Amazon Simple Queue Service. */
export const sqs: Service = {
  name: 'sqs',
  targetPrefix: 'AmazonSQS',
  jsonVersion: '1.0',
  queryNamespace: 'http://queue.amazonaws.com/doc/2012-11-05/',
  operations: {},
};

export const sqsResources: Readonly<Record<string, ResourceModel>> = {};
