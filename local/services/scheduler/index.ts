import type { ResourceModel, Service } from '../../world/service.ts';
import { getSchedule, getScheduleGroup, listScheduleGroups, listSchedules } from './read-schedules.ts';
import { schedule } from './schedule.ts';
import { scheduleGroup } from './schedule-group.ts';

/** Amazon EventBridge Scheduler; schedules are made by stacks. */
export const scheduler: Service = {
  name: 'scheduler',
  operations: {
    GetSchedule: getSchedule,
    GetScheduleGroup: getScheduleGroup,
    ListScheduleGroups: listScheduleGroups,
    ListSchedules: listSchedules,
  },
};

export const schedulerResources: Readonly<Record<string, ResourceModel>> = {
  'AWS::Scheduler::Schedule': schedule,
  'AWS::Scheduler::ScheduleGroup': scheduleGroup,
};
