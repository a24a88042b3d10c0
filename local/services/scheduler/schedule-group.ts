import { z } from 'zod';
import { tags } from '../../world/properties.ts';
import { resource } from '../../world/service.ts';
import { groupArn, makeGroup, removeGroup, scheduleName } from './schedules.ts';
import { scheduleGroups } from './tables.ts';

/** AWS::Scheduler::ScheduleGroup. Deleting it deletes its schedules. */
export const scheduleGroup = resource({
  properties: z.strictObject({ Name: scheduleName.optional(), Tags: tags.optional() }),
  access: ({ Name }, at, change) => [
    {
      action: change === 'delete' ? 'scheduler:DeleteScheduleGroup' : 'scheduler:CreateScheduleGroup',
      resource: groupArn(at, Name ?? `${at.stackName}-*`),
    },
  ],
  put: ({ Name, Tags = [] }, at, previous) => {
    const generated = () => `${at.stackName.slice(0, 24)}-${at.logicalId.slice(0, 24)}-${at.world.chance.hex(12)}`;
    const name = Name ?? previous?.physicalId ?? generated();
    const { arn } = at.world.store.in(scheduleGroups).get(groupArn(at, name)) ?? makeGroup(at.world, at, name);
    const given = { ...at.tags, ...Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])) };
    at.world.store.in(scheduleGroups).update(arn, (group) => ({ ...group, tags: given }));
    return { physicalId: name, attributes: { Arn: arn, State: 'ACTIVE' } };
  },
  remove: ({ physicalId }, at) => removeGroup(at.world, at, physicalId),
});
