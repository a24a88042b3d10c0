import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import { pageLimit, pageOf } from '../page.ts';
import { groupArn, requireGroup, scheduleArn } from './schedules.ts';
import { type Schedule, type ScheduleGroup, scheduleGroups, schedules } from './tables.ts';

const time = (at: number | undefined) => (at === undefined ? undefined : new Date(at));

/** One schedule. */
export const getSchedule = operation({
  http: { method: 'GET', path: '/schedules/{Name}', query: { groupName: 'GroupName' } },
  input: z.object({ Name: z.string(), GroupName: z.string().default('default') }),
  access: ({ Name, GroupName }, call) => [
    { action: 'scheduler:GetSchedule', resource: scheduleArn(call, GroupName, Name) },
  ],
  run: ({ Name, GroupName }, call) => {
    const schedule = call.world.store.in(schedules).get(scheduleArn(call, GroupName, Name));
    if (schedule === undefined)
      throw new AwsError('ResourceNotFoundException', `Schedule ${Name} does not exist.`, 404);
    return {
      Arn: schedule.arn,
      Name: schedule.name,
      GroupName: schedule.group,
      Description: schedule.description,
      ScheduleExpression: schedule.expression,
      ScheduleExpressionTimezone: schedule.zone,
      State: schedule.state,
      FlexibleTimeWindow:
        schedule.windowMinutes === undefined
          ? { Mode: 'OFF' }
          : { Mode: 'FLEXIBLE', MaximumWindowInMinutes: schedule.windowMinutes },
      ActionAfterCompletion: schedule.deleteAfterCompletion ? 'DELETE' : 'NONE',
      Target: schedule.target,
      StartDate: time(schedule.from),
      EndDate: time(schedule.until),
      CreationDate: time(schedule.createdAt),
      LastModificationDate: time(schedule.modifiedAt),
    };
  },
});

const summary = (schedule: Schedule) => ({
  Arn: schedule.arn,
  Name: schedule.name,
  GroupName: schedule.group,
  State: schedule.state,
  Target: { Arn: schedule.target.Arn },
  CreationDate: time(schedule.createdAt),
  LastModificationDate: time(schedule.modifiedAt),
});

/** The schedules of an account and region. */
export const listSchedules = operation({
  http: {
    method: 'GET',
    path: '/schedules',
    query: {
      ScheduleGroup: 'GroupName',
      NamePrefix: 'NamePrefix',
      State: 'State',
      NextToken: 'NextToken',
      MaxResults: 'MaxResults',
    },
  },
  input: z.object({
    GroupName: z.string().optional(),
    NamePrefix: z.string().default(''),
    State: z.string().optional(),
    NextToken: z.string().optional(),
    MaxResults: pageLimit,
  }),
  access: (_input, call) => [{ action: 'scheduler:ListSchedules', resource: scheduleArn(call, '*', '*') }],
  run: ({ GroupName, NamePrefix, State, NextToken, MaxResults }, { world, account, region }) => {
    const found = world.store
      .in(schedules)
      .where((schedule) => schedule.account === account && schedule.region === region)
      .filter(
        ({ group, name, state }) =>
          (GroupName ?? group) === group && name.startsWith(NamePrefix) && (State ?? state) === state,
      );
    const page = pageOf(found, NextToken, MaxResults);
    return { Schedules: page.items.map(summary), NextToken: page.next };
  },
});

const shownGroup = (group: ScheduleGroup) => ({
  Arn: group.arn,
  Name: group.name,
  State: 'ACTIVE',
  CreationDate: time(group.createdAt),
  LastModificationDate: time(group.createdAt),
});

/** One group. */
export const getScheduleGroup = operation({
  http: { method: 'GET', path: '/schedule-groups/{Name}' },
  input: z.object({ Name: z.string() }),
  access: ({ Name }, call) => [{ action: 'scheduler:GetScheduleGroup', resource: groupArn(call, Name) }],
  run: ({ Name }, call) => shownGroup(requireGroup(call.world, call, Name)),
});

/** The groups of an account and region. */
export const listScheduleGroups = operation({
  http: {
    method: 'GET',
    path: '/schedule-groups',
    query: { NamePrefix: 'NamePrefix', NextToken: 'NextToken', MaxResults: 'MaxResults' },
  },
  input: z.object({
    NamePrefix: z.string().default(''),
    NextToken: z.string().optional(),
    MaxResults: pageLimit,
  }),
  access: (_input, call) => [{ action: 'scheduler:ListScheduleGroups', resource: groupArn(call, '*') }],
  run: ({ NamePrefix, NextToken, MaxResults }, { world, account, region }) => {
    requireGroup(world, { account, region }, 'default');
    const found = world.store
      .in(scheduleGroups)
      .where((group) => group.account === account && group.region === region && group.name.startsWith(NamePrefix));
    const page = pageOf(found, NextToken, MaxResults);
    return { ScheduleGroups: page.items.map(shownGroup), NextToken: page.next };
  },
});
