import type { ResourceModel, Service } from '../../world/service.ts';
import {
  createScheduleGroup,
  deleteScheduleGroup,
  listTagsForResource,
  tagResource,
  untagResource,
} from './group-operations.ts';
import { getSchedule, getScheduleGroup, listScheduleGroups, listSchedules } from './read-schedules.ts';
import { schedule } from './schedule.ts';
import { scheduleGroup } from './schedule-group.ts';
import { createSchedule, deleteSchedule, updateSchedule } from './write-schedules.ts';

/** Amazon EventBridge Scheduler. */
export const scheduler: Service = {
  name: 'scheduler',
  operations: {
    CreateSchedule: createSchedule,
    CreateScheduleGroup: createScheduleGroup,
    DeleteSchedule: deleteSchedule,
    DeleteScheduleGroup: deleteScheduleGroup,
    GetSchedule: getSchedule,
    GetScheduleGroup: getScheduleGroup,
    ListScheduleGroups: listScheduleGroups,
    ListSchedules: listSchedules,
    ListTagsForResource: listTagsForResource,
    TagResource: tagResource,
    UntagResource: untagResource,
    UpdateSchedule: updateSchedule,
  },
};

export const schedulerResources: Readonly<Record<string, ResourceModel>> = {
  'AWS::Scheduler::Schedule': schedule,
  'AWS::Scheduler::ScheduleGroup': scheduleGroup,
};
