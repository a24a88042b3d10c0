import { administrator } from '../../local/accounts.ts';
import type { Existing, Placed, ResourceModel, Service } from '../../local/world/service.ts';
import type { World } from '../../local/world/world.ts';
import { bareWorld, type ClientSettings } from './bare-world.ts';

/** A world for the tests of the message services. */
export interface EventsWorld {
  readonly world: World;
  client(account: string, region?: string): ClientSettings;
  /** Makes a resource as a stack of that account would, after reading its properties as CloudFormation does. */
  place(account: string, type: string, properties: object, previous?: Existing<object>): Promise<Placed>;
  /** Takes it away again. */
  remove(account: string, type: string, existing: Existing<object>): Promise<void>;
  /** The texts of all journal entries of a kind. */
  told(kind: string): readonly string[];
  close(): Promise<void>;
}

/** Opens a world; services in `instead` stand where a test wants to see only that a function or pipeline was called. */
export async function eventsWorld(instead: Readonly<Record<string, Service>> = {}): Promise<EventsWorld> {
  const open = await bareWorld();
  const world: World = Object.assign(open.world, { services: { ...open.world.services, ...instead } });
  return {
    world,
    client: (account, region) => open.client(account, region),
    close: () => open.close(),
    place: async (account, type, properties, previous) => {
      const model = modelOf(world, type);
      return model.put(model.properties.parse(properties) as never, placing(world, account), previous as never);
    },
    remove: async (account, type, existing) =>
      modelOf(world, type).remove?.(existing as never, placing(world, account)),
    told: (kind) => world.journal.entries.filter((entry) => entry.kind === kind).map(({ text }) => text),
  };
}

function modelOf(world: World, type: string): ResourceModel {
  const model = world.resources[type];
  if (model === undefined) throw new Error(`${type} is not played`);
  return model;
}

const placing = (world: World, account: string) => ({
  world,
  account,
  region: 'eu-west-1',
  stackName: 'test',
  stackId: `arn:aws:cloudformation:eu-west-1:${account}:stack/test/1`,
  logicalId: 'Thing',
  caller: administrator(world, account),
  cause: 'j0',
  tags: {},
});
