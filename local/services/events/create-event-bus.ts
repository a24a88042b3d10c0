import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation, type Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { busSettings, busSettingsShape, busSimplified, shownSettings } from './bus-settings.ts';
import { busArn } from './buses.ts';
import { type Bus, buses } from './tables.ts';

/** Quota. Source: facts 2.4. */
const mostBuses = 100;

/** The names that AWS takes for custom buses. */
export const busName = z
  .string()
  .regex(/^[\w.-]{1,256}$/, 'must be 1 to 256 characters of [\\.\\-_A-Za-z0-9]')
  .refine((name) => name !== 'default', "must not be 'default'");

/** What a bus is made with. */
export interface WantedBus extends Partial<Bus> {
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Makes a bus. Throws ResourceAlreadyExistsException. */
export function makeBus(world: World, place: Place, wanted: WantedBus): Bus {
  const arn = busArn(place, wanted.name);
  const rows = world.store.in(buses);
  if (rows.has(arn)) throw new AwsError('ResourceAlreadyExistsException', `Event bus ${wanted.name} already exists.`);
  const here = rows.where(({ account, region }) => account === place.account && region === place.region);
  if (here.length >= mostBuses)
    throw new AwsError('LimitExceededException', 'The requested resource exceeds the maximum number allowed.');
  const now = world.clock.now();
  const { account, region } = place;
  const bus: Bus = { ...wanted, arn, account, region, createdAt: now, modifiedAt: now };
  rows.put(arn, bus);
  return bus;
}

/** Creates a custom bus. Partner event sources are not played. */
export const createEventBus = operation({
  simplified: busSimplified,
  input: z.object({
    Name: busName,
    ...busSettingsShape,
    Tags: z.array(z.object({ Key: z.string(), Value: z.string() })).optional(),
    EventSourceName: z.undefined('partner event sources are not played').optional(),
  }),
  access: ({ Name }, call) => [{ action: 'events:CreateEventBus', resource: busArn(call, Name) }],
  run: ({ Name, Tags = [], ...settings }, call) => {
    const bus = makeBus(call.world, call, {
      name: Name,
      tags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])),
      ...busSettings(settings),
    });
    return { EventBusArn: bus.arn, ...shownSettings(bus) };
  },
});
