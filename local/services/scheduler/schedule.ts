import { z } from 'zod';
import { resource } from '../../world/service.ts';
import { refuseIfThere } from '../already-there.ts';
import { passRole } from '../iam/pass-role.ts';
import { flexibleWindow, removeSchedule, scheduleArn, scheduleName, targetShape, writeSchedule } from './schedules.ts';
import { schedules } from './tables.ts';

const date = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)), 'must be a time in ISO 8601')
  .transform((text) => Date.parse(text));

/** AWS::Scheduler::Schedule. */
export const schedule = resource({
  properties: z.strictObject({
    Name: scheduleName.optional(),
    GroupName: scheduleName.optional(),
    Description: z.string().max(512).optional(),
    ScheduleExpression: z.string().max(256),
    ScheduleExpressionTimezone: z.string().default('UTC'),
    State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
    FlexibleTimeWindow: flexibleWindow,
    ActionAfterCompletion: z.enum(['NONE', 'DELETE']).optional(),
    StartDate: date.optional(),
    EndDate: date.optional(),
    Target: targetShape,
  }),
  access: ({ Name, GroupName = 'default', Target }, at, change) => {
    const actions = {
      create: ['CreateSchedule', 'GetSchedule'],
      update: ['UpdateSchedule', 'GetSchedule'],
      delete: ['DeleteSchedule'],
    };
    const arn = scheduleArn(at, GroupName, Name ?? `${at.stackName}-*`);
    return [
      ...actions[change].map((action) => ({ action: `scheduler:${action}`, resource: arn })),
      ...(change === 'delete' ? [] : [passRole(Target.RoleArn, 'scheduler.amazonaws.com')]),
    ];
  },
  put: (wanted, at, previous) => {
    const generated = () => `${at.stackName.slice(0, 24)}-${at.logicalId.slice(0, 24)}-${at.world.chance.hex(12)}`;
    const group = wanted.GroupName ?? 'default';
    const name = wanted.Name ?? previous?.physicalId ?? generated();
    const wantedArn = scheduleArn(at, group, name);
    const before = previous?.attributes['Arn'];
    const there = before !== wantedArn && at.world.store.in(schedules).has(wantedArn);
    refuseIfThere('AWS::Scheduler::Schedule', name, there);
    const { arn } = writeSchedule(at.world, {
      account: at.account,
      region: at.region,
      group,
      name,
      description: wanted.Description,
      expression: wanted.ScheduleExpression,
      zone: wanted.ScheduleExpressionTimezone,
      state: wanted.State,
      target: wanted.Target,
      windowMinutes: wanted.FlexibleTimeWindow.MaximumWindowInMinutes,
      from: wanted.StartDate,
      until: wanted.EndDate,
      deleteAfterCompletion: wanted.ActionAfterCompletion === 'DELETE',
    });
    if (typeof before === 'string' && before !== arn && previous?.physicalId === name) removeSchedule(at.world, before);
    return { physicalId: name, attributes: { Arn: arn } };
  },
  remove: ({ attributes }, { world }) => removeSchedule(world, String(attributes['Arn'])),
});
