import type { ResourceModel, Service } from '../../world/service.ts';

/** Amazon EventBridge. */
export const events: Service = {
  name: 'events',
  targetPrefix: 'AWSEvents',
  operations: {},
};

export const eventsResources: Readonly<Record<string, ResourceModel>> = {};
