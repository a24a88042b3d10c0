import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { rulesOf } from './arrive.ts';
import { resolveBusArn } from './buses.ts';
import { buses } from './tables.ts';

/** Deletes a bus without rules; one that is not there is no error. */
export function removeBus(world: World, arn: string): void {
  if (rulesOf(world, { arn }).length > 0)
    throw new AwsError(
      'ValidationException',
      `Event bus ${arn.split('/').at(-1)} can't be deleted since it has rules.`,
    );
  world.store.in(buses).delete(arn);
}

/** Deletes a custom bus. */
export const deleteEventBus = operation({
  input: z.object({ Name: z.string() }),
  access: ({ Name }, call) => [{ action: 'events:DeleteEventBus', resource: resolveBusArn(call, Name) }],
  run: ({ Name }, call) => {
    if (Name === 'default') throw new AwsError('ValidationException', 'Cannot delete event bus default.');
    removeBus(call.world, resolveBusArn(call, Name));
    return {};
  },
});
