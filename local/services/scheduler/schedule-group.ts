import { z } from 'zod';
import { tags } from '../../world/properties.ts';
import { resource } from '../../world/service.ts';
import { groupArn, makeGroup, removeSchedule, scheduleName } from './schedules.ts';
import { scheduleGroups, schedules } from './tables.ts';

/** AWS::Scheduler::ScheduleGroup. Deleting it deletes its schedules. */
export const scheduleGroup = resource({
  properties: z.strictObject({ Name: scheduleName.optional(), Tags: tags.optional() }),
  access: ({ Name }, at, change) => [
    {
      action: change === 'delete' ? 'scheduler:DeleteScheduleGroup' : 'scheduler:CreateScheduleGroup',
      resource: groupArn(at, Name ?? `${at.stackName}-*`),
    },
  ],
  put: ({ Name }, at, previous) => {
    const generated = () => `${at.stackName.slice(0, 24)}-${at.logicalId.slice(0, 24)}-${at.world.chance.hex(12)}`;
    const name = Name ?? previous?.physicalId ?? generated();
    const { arn } = at.world.store.in(scheduleGroups).get(groupArn(at, name)) ?? makeGroup(at.world, at, name);
    return { physicalId: name, attributes: { Arn: arn, State: 'ACTIVE' } };
  },
  remove: ({ physicalId }, at) => {
    const { account, region, world } = at;
    const inGroup = world.store
      .in(schedules)
      .where((row) => row.account === account && row.region === region && row.group === physicalId);
    for (const { arn } of inGroup) removeSchedule(world, arn);
    world.store.in(scheduleGroups).delete(groupArn(at, physicalId));
  },
});
