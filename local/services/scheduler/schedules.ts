import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { numeric } from '../../world/properties.ts';
import type { Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { parseSchedule } from './expression.ts';
import { plan } from './plan.ts';
import { isPlayedTarget } from './send.ts';
import { type Schedule, type ScheduleGroup, scheduleGroups, schedules } from './tables.ts';
import { isZone } from './zone.ts';

/** Names of schedules and groups. */
export const scheduleName = z.string().regex(/^[\w.-]{1,64}$/, 'must be 1 to 64 characters of [0-9a-zA-Z-_.]');

/** A target as API and CloudFormation write it. Parameters for targets that are not played are refused by name. */
export const targetShape = z.strictObject({
  Arn: z.string(),
  RoleArn: z.string().regex(/^arn:aws[\w-]*:iam::\d{12}:role\/.+$/, 'must be the ARN of a role'),
  Input: z.string().optional(),
  RetryPolicy: z
    .strictObject({
      MaximumRetryAttempts: numeric.pipe(z.number().int().min(0).max(185)).optional(),
      MaximumEventAgeInSeconds: numeric.pipe(z.number().int().min(60).max(86_400)).optional(),
    })
    .optional(),
  DeadLetterConfig: z.strictObject({ Arn: z.string().optional() }).optional(),
  SqsParameters: z.strictObject({ MessageGroupId: z.string().optional() }).optional(),
  EventBridgeParameters: z.strictObject({ DetailType: z.string(), Source: z.string() }).optional(),
});

/** How much later than due a run may begin. */
export const flexibleWindow = z
  .strictObject({
    Mode: z.enum(['OFF', 'FLEXIBLE']),
    MaximumWindowInMinutes: numeric.pipe(z.number().int().min(1).max(1440)).optional(),
  })
  .refine(({ Mode, MaximumWindowInMinutes }) => (Mode === 'FLEXIBLE') === (MaximumWindowInMinutes !== undefined), {
    message: 'MaximumWindowInMinutes must be given when Mode is FLEXIBLE, and only then',
  });

/** The ARN of a schedule in its group. */
export const scheduleArn = ({ account, region }: Place, group: string, name: string): string =>
  `arn:aws:scheduler:${region}:${account}:schedule/${group}/${name}`;

/** The ARN of a group: what `aws:SourceArn` holds when the scheduler takes on a role. */
export const groupArn = ({ account, region }: Place, name: string): string =>
  `arn:aws:scheduler:${region}:${account}:schedule-group/${name}`;

/** Puts a schedule in the place of what was there, and plans its next run. Throws ValidationException or ResourceNotFoundException. */
export function writeSchedule(world: World, wanted: Omit<Schedule, 'arn' | 'createdAt' | 'modifiedAt'>): Schedule {
  parseSchedule(wanted.expression, 'schedule');
  if (!isZone(wanted.zone))
    throw new AwsError('ValidationException', `Invalid ScheduleExpressionTimezone ${wanted.zone}.`);
  if (wanted.from !== undefined && wanted.until !== undefined && wanted.until <= wanted.from)
    throw new AwsError('ValidationException', 'The EndDate you specify must be later than the StartDate.');
  if (!isPlayedTarget(wanted.target.Arn))
    throw new AwsError(
      'ValidationException',
      `Target ${wanted.target.Arn} is not played by the local cloud (lambda, sqs, sns, events and codepipeline are).`,
    );
  requireGroup(world, wanted, wanted.group);
  const arn = scheduleArn(wanted, wanted.group, wanted.name);
  const now = world.clock.now();
  const known = world.store.in(schedules).get(arn);
  const schedule = { ...wanted, arn, createdAt: known?.createdAt ?? now, modifiedAt: now };
  world.store.in(schedules).put(arn, schedule);
  plan(world, arn);
  return schedule;
}

/** Deletes a schedule and what is planned for it. */
export function removeSchedule(world: World, arn: string): void {
  world.store.in(schedules).delete(arn);
  plan(world, arn);
}

/** A group by name; `default` is made on first use. Throws ResourceNotFoundException. */
export function requireGroup(world: World, place: Place, name: string): ScheduleGroup {
  const group = world.store.in(scheduleGroups).get(groupArn(place, name));
  if (group !== undefined) return group;
  if (name === 'default') return makeGroup(world, place, name);
  throw new AwsError('ResourceNotFoundException', `Schedule group ${name} does not exist.`, 404);
}

/** Deletes a group with its schedules. */
export function removeGroup(world: World, place: Place, name: string): void {
  const inGroup = world.store
    .in(schedules)
    .where((row) => row.account === place.account && row.region === place.region && row.group === name);
  for (const { arn } of inGroup) removeSchedule(world, arn);
  world.store.in(scheduleGroups).delete(groupArn(place, name));
}

/** Makes a group. */
export function makeGroup(
  world: World,
  { account, region }: Place,
  name: string,
  tags: Readonly<Record<string, string>> = {},
): ScheduleGroup {
  const arn = groupArn({ account, region }, name);
  const group = { arn, account, region, name, tags, createdAt: world.clock.now() };
  world.store.in(scheduleGroups).put(arn, group);
  return group;
}
