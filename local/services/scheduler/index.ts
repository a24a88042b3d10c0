import type { ResourceModel, Service } from '../../world/service.ts';

/** Amazon EventBridge Scheduler. */
export const scheduler: Service = {
  name: 'scheduler',

  operations: {},
};

export const schedulerResources: Readonly<Record<string, ResourceModel>> = {};
