import { z } from 'zod';
import { operation } from '../../world/service.ts';
import { requireBus, resolveBusArn } from './buses.ts';
import { buses } from './tables.ts';

/** Changes a bus's description and key. */
export const updateEventBus = operation({
  input: z.object({
    Name: z.string().optional(),
    Description: z.string().max(512).optional(),
    KmsKeyIdentifier: z.string().optional(),
  }),
  access: ({ Name }, call) => [{ action: 'events:UpdateEventBus', resource: resolveBusArn(call, Name) }],
  run: ({ Name, Description, KmsKeyIdentifier }, call) => {
    const bus = requireBus(call.world, call, Name);
    call.world.store.in(buses).put(bus.arn, {
      ...bus,
      modifiedAt: call.world.clock.now(),
      ...(Description === undefined ? {} : { description: Description }),
      ...(KmsKeyIdentifier === undefined ? {} : { kmsKeyIdentifier: KmsKeyIdentifier }),
    });
    return { Name: bus.name, Arn: bus.arn, Description, KmsKeyIdentifier };
  },
});
