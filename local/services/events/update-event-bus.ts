import { z } from 'zod';
import { operation } from '../../world/service.ts';
import { busSettings, busSettingsShape, busSimplified, shownSettings } from './bus-settings.ts';
import { requireBus, resolveBusArn } from './buses.ts';
import { buses } from './tables.ts';

/** Changes the settings of a bus; what is left out stays. */
export const updateEventBus = operation({
  simplified: busSimplified,
  input: z.object({ Name: z.string().optional(), ...busSettingsShape }),
  access: ({ Name }, call) => [{ action: 'events:UpdateEventBus', resource: resolveBusArn(call, Name) }],
  run: ({ Name, ...settings }, call) => {
    const bus = {
      ...requireBus(call.world, call, Name),
      ...busSettings(settings),
      modifiedAt: call.world.clock.now(),
    };
    call.world.store.in(buses).put(bus.arn, bus);
    return { Name: bus.name, Arn: bus.arn, ...shownSettings(bus) };
  },
});
