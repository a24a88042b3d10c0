import { AwsError } from '../../world/failure.ts';
import type { Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { type Bus, buses } from './tables.ts';

/** The ARN of a bus. */
export const busArn = ({ account, region }: Place, name: string): string =>
  `arn:aws:events:${region}:${account}:event-bus/${name}`;

/** The default bus of a place, which exists without being made. */
export function defaultBus(world: World, place: Place): Bus {
  const arn = busArn(place, 'default');
  const known = world.store.in(buses).get(arn);
  if (known !== undefined) return known;
  const { account, region } = place;
  const now = world.clock.now();
  const bus: Bus = { arn, account, region, name: 'default', tags: {}, createdAt: now, modifiedAt: now };
  world.store.in(buses).put(arn, bus);
  return bus;
}

/** The ARN that a name, an ARN or nothing (the default bus) means at a place. */
export const resolveBusArn = (place: Place, nameOrArn: string | undefined): string =>
  nameOrArn?.startsWith('arn:') ? nameOrArn : busArn(place, nameOrArn ?? 'default');

/** The bus that a name or ARN means, if it is there. */
export function findBus(world: World, place: Place, nameOrArn: string | undefined): Bus | undefined {
  const arn = resolveBusArn(place, nameOrArn);
  const [, , service, region = '', account = '', path] = arn.split(':');
  if (service === 'events' && path === 'event-bus/default') return defaultBus(world, { account, region });
  return world.store.in(buses).get(arn);
}

/** The bus that a name or ARN means. Throws AWS's ResourceNotFoundException. */
export function requireBus(world: World, place: Place, nameOrArn: string | undefined): Bus {
  const bus = findBus(world, place, nameOrArn);
  if (bus === undefined) {
    const name = resolveBusArn(place, nameOrArn).split('/').at(-1) ?? '';
    throw new AwsError('ResourceNotFoundException', `Event bus ${name} does not exist.`);
  }
  return bus;
}
