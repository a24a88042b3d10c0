import type { ResourceModel, Service } from '../../world/service.ts';

/** Amazon CloudWatch. */
export const cloudwatch: Service = {
  name: 'cloudwatch',
  targetPrefix: 'GraniteServiceVersion20100801',
  jsonVersion: '1.0',
  queryNamespace: 'http://monitoring.amazonaws.com/doc/2010-08-01/',
  operations: {},
};

export const cloudwatchResources: Readonly<Record<string, ResourceModel>> = {};
