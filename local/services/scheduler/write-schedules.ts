import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { numeric } from '../../world/properties.ts';
import { type Access, type Call, operation } from '../../world/service.ts';
import { passRole } from '../iam/pass-role.ts';
import {
  flexibleWindow,
  removeSchedule,
  requireGroup,
  scheduleArn,
  scheduleName,
  targetShape,
  writeSchedule,
} from './schedules.ts';
import { schedules } from './tables.ts';

/** Epoch seconds, as REST-JSON writes times in bodies. Becomes milliseconds. */
const moment = numeric.transform((seconds) => seconds * 1000);

const input = z.object({
  Name: scheduleName,
  GroupName: scheduleName.default('default'),
  ClientToken: z.string().optional(),
  Description: z.string().max(512).optional(),
  ScheduleExpression: z.string().min(1).max(256),
  ScheduleExpressionTimezone: z.string().min(1).max(50).default('UTC'),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  FlexibleTimeWindow: flexibleWindow,
  ActionAfterCompletion: z.enum(['NONE', 'DELETE']).default('NONE'),
  KmsKeyArn: z.undefined('customer keys are not played by the local cloud').optional(),
  StartDate: moment.optional(),
  EndDate: moment.optional(),
  Target: targetShape,
});
type Wanted = z.output<typeof input>;

const accesses = (
  action: string,
  { GroupName, Name, Target }: Wanted,
  call: Omit<Call, 'cause'>,
): readonly Access[] => [
  { action: `scheduler:${action}`, resource: scheduleArn(call, GroupName, Name) },
  passRole(Target.RoleArn, 'scheduler.amazonaws.com'),
];

function write(wanted: Wanted, { world, account, region }: Call) {
  const { arn } = writeSchedule(world, {
    account,
    region,
    group: wanted.GroupName,
    name: wanted.Name,
    description: wanted.Description,
    expression: wanted.ScheduleExpression,
    zone: wanted.ScheduleExpressionTimezone,
    state: wanted.State,
    target: wanted.Target,
    windowMinutes: wanted.FlexibleTimeWindow.MaximumWindowInMinutes,
    from: wanted.StartDate,
    until: wanted.EndDate,
    deleteAfterCompletion: wanted.ActionAfterCompletion === 'DELETE',
    clientToken: wanted.ClientToken,
  });
  return { ScheduleArn: arn };
}

/** Creates a schedule. The same token twice is one schedule; throws ConflictException for a name that is taken. */
export const createSchedule = operation({
  http: { method: 'POST', path: '/schedules/{Name}' },
  input,
  access: (wanted, call) => accesses('CreateSchedule', wanted, call),
  run: (wanted, call) => {
    requireGroup(call.world, call, wanted.GroupName);
    const known = call.world.store.in(schedules).get(scheduleArn(call, wanted.GroupName, wanted.Name));
    if (known === undefined) return write(wanted, call);
    if (known.clientToken !== undefined && known.clientToken === wanted.ClientToken) return { ScheduleArn: known.arn };
    throw new AwsError('ConflictException', `Schedule ${wanted.Name} already exists.`, 409);
  },
});

/** Replaces all of a schedule: what is left out has its default again. */
export const updateSchedule = operation({
  http: { method: 'PUT', path: '/schedules/{Name}' },
  input,
  access: (wanted, call) => accesses('UpdateSchedule', wanted, call),
  run: (wanted, call) => {
    requireSchedule(call, wanted.GroupName, wanted.Name);
    return write(wanted, call);
  },
});

/** Deletes a schedule. */
export const deleteSchedule = operation({
  http: { method: 'DELETE', path: '/schedules/{Name}', query: { groupName: 'GroupName', clientToken: 'ClientToken' } },
  input: z.object({
    Name: scheduleName,
    GroupName: scheduleName.default('default'),
    ClientToken: z.string().optional(),
  }),
  access: ({ Name, GroupName }, call) => [
    { action: 'scheduler:DeleteSchedule', resource: scheduleArn(call, GroupName, Name) },
  ],
  run: ({ Name, GroupName }, call) => {
    removeSchedule(call.world, requireSchedule(call, GroupName, Name));
    return {};
  },
});

/** The ARN of a schedule that is there. Throws ResourceNotFoundException. */
function requireSchedule(call: Call, group: string, name: string): string {
  const arn = scheduleArn(call, group, name);
  if (!call.world.store.in(schedules).has(arn))
    throw new AwsError('ResourceNotFoundException', `Schedule ${name} does not exist.`, 404);
  return arn;
}
