import { z } from 'zod';
import { operation } from '../../world/service.ts';
import { pageLimit, pageOf } from '../page.ts';
import { shownSettings } from './bus-settings.ts';
import { defaultBus, requireBus, resolveBusArn } from './buses.ts';
import { type Bus, buses } from './tables.ts';

const shown = (bus: Bus) => ({
  Name: bus.name,
  Arn: bus.arn,
  Description: bus.description,
  Policy: bus.policy === undefined ? undefined : JSON.stringify(bus.policy),
  CreationTime: new Date(bus.createdAt),
  LastModifiedTime: new Date(bus.modifiedAt),
});

/** One bus. */
export const describeEventBus = operation({
  input: z.object({ Name: z.string().optional() }),
  access: ({ Name }, call) => [{ action: 'events:DescribeEventBus', resource: resolveBusArn(call, Name) }],
  run: ({ Name }, call) => {
    const bus = requireBus(call.world, call, Name);
    return { ...shown(bus), ...shownSettings(bus) };
  },
});

/** The buses of an account and region. */
export const listEventBuses = operation({
  input: z.object({ NamePrefix: z.string().optional(), NextToken: z.string().optional(), Limit: pageLimit }),
  access: () => [{ action: 'events:ListEventBuses', resource: '*' }],
  run: ({ NamePrefix = '', NextToken, Limit }, { world, account, region }) => {
    defaultBus(world, { account, region });
    const here = world.store.in(buses).where((bus) => bus.account === account && bus.region === region);
    const page = pageOf(
      here.filter(({ name }) => name.startsWith(NamePrefix)),
      NextToken,
      Limit,
    );
    return { EventBuses: page.items.map(shown), NextToken: page.next };
  },
});
