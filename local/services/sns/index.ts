import type { ResourceModel, Service } from '../../world/service.ts';

/** Amazon Simple Notification Service. */
export const sns: Service = {
  name: 'sns',
  queryNamespace: 'http://sns.amazonaws.com/doc/2010-03-31/',
  operations: {},
};

export const snsResources: Readonly<Record<string, ResourceModel>> = {};
