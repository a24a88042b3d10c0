import type { ResourceModel, Service } from '../../world/service.ts';

/** Amazon CloudWatch Logs. */
export const logs: Service = {
  name: 'logs',
  targetPrefix: 'Logs_20140328',
  operations: {},
};

export const logsResources: Readonly<Record<string, ResourceModel>> = {};
