import { z } from 'zod';
import { operation } from '../../world/service.ts';
import { alarmArn } from './alarms.ts';
import { remember } from './change-state.ts';
import { alarms } from './tables.ts';

/** Switches the actions of alarms; alarms that are not there are no error. */
const switching = (action: string, enabled: boolean) =>
  operation({
    input: z.object({ AlarmNames: z.array(z.string().min(1).max(255)).max(100) }),
    access: ({ AlarmNames }, call) =>
      AlarmNames.map((name) => ({ action: `cloudwatch:${action}`, resource: alarmArn(call, name) })),
    run: ({ AlarmNames }, call) => {
      for (const name of AlarmNames) {
        const changed = call.world.store
          .in(alarms)
          .update(alarmArn(call, name), (alarm) => ({ ...alarm, actionsEnabled: enabled }));
        if (changed !== undefined) remember(call.world, changed, 'ConfigurationUpdate', `Alarm "${name}" updated`);
      }
      return undefined;
    },
  });

/** Lets alarms act on their states again. */
export const enableAlarmActions = switching('EnableAlarmActions', true);

/** Keeps alarms from acting; their states go on changing. */
export const disableAlarmActions = switching('DisableAlarmActions', false);
