import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { administrator, administratorKeys, foundAccounts } from '../../local/accounts.ts';
import { cloudwatch, cloudwatchResources } from '../../local/services/cloudwatch/index.ts';
import { events, eventsResources } from '../../local/services/events/index.ts';
import { iam, iamResources } from '../../local/services/iam/index.ts';
import { judge } from '../../local/services/iam/judge.ts';
import { kms, kmsResources } from '../../local/services/kms/index.ts';
import { logs, logsResources } from '../../local/services/logs/index.ts';
import { scheduler, schedulerResources } from '../../local/services/scheduler/index.ts';
import { sns, snsResources } from '../../local/services/sns/index.ts';
import { sqs, sqsResources } from '../../local/services/sqs/index.ts';
import { sts } from '../../local/services/sts/index.ts';
import { dispatch } from '../../local/wire/dispatch.ts';
import { readRequest } from '../../local/wire/request.ts';
import { chanceFrom } from '../../local/world/chance.ts';
import { RunningClock } from '../../local/world/clock.ts';
import { Journal } from '../../local/world/journal.ts';
import { Live } from '../../local/world/live.ts';
import type { Placed, Service } from '../../local/world/service.ts';
import { Store } from '../../local/world/store.ts';
import type { Interference, World } from '../../local/world/world.ts';

/** What clients of a world are made with. */
export interface ClientSettings {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** A world of the message services alone, with the wire on a free port. */
export interface EventsWorld {
  readonly world: World;
  client(account: string, region?: string): ClientSettings;
  /** Makes a resource as a stack of that account would, after reading its properties as CloudFormation does. */
  place(account: string, type: string, properties: object): Promise<Placed>;
  /** The texts of all journal entries of a kind. */
  told(kind: string): readonly string[];
  close(): Promise<void>;
}

/** Opens a world; `extra` are further services, such as a function or pipeline of the test. */
export async function eventsWorld(extra: Readonly<Record<string, Service>> = {}): Promise<EventsWorld> {
  const world = makeWorld(extra);
  foundAccounts(world);
  const server = createServer((message, response) => {
    void readRequest(message)
      .then((request) => dispatch(world, request))
      .then(({ status, headers, body }) => response.writeHead(status, headers).end(body));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  world.endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    world,
    client: (account, region = 'eu-west-1') => {
      const { accessKeyId, secretAccessKey } = administratorKeys(world, account);
      return { endpoint: world.endpoint, region, credentials: { accessKeyId, secretAccessKey } };
    },
    place: async (account, type, properties) => {
      const model = world.resources[type];
      if (model === undefined) throw new Error(`${type} is not played`);
      return model.put(model.properties.parse(properties) as never, placing(world, account));
    },
    told: (kind) => world.journal.entries.filter((entry) => entry.kind === kind).map(({ text }) => text),
    close: async () => {
      world.clock.stop();
      await world.live.closeAll();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
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

function makeWorld(extra: Readonly<Record<string, Service>>): World {
  const clock = new RunningClock();
  const journal = new Journal(clock);
  const running = new Set<Promise<void>>();
  return {
    clock,
    journal,
    judge,
    chance: chanceFrom('events'),
    store: new Store(),
    live: new Live(),
    services: { cloudwatch, events, iam, kms, logs, scheduler, sns, sqs, sts, ...extra },
    resources: {
      ...cloudwatchResources,
      ...eventsResources,
      ...iamResources,
      ...kmsResources,
      ...logsResources,
      ...schedulerResources,
      ...snsResources,
      ...sqsResources,
    },
    endpoint: '',
    directory: '',
    interference: new Set<Interference>(),
    background: (subject, cause, work) => {
      const task: Promise<void> = work()
        .catch((error: unknown) => {
          journal.write({
            kind: 'fault',
            account: '',
            region: '',
            subject,
            text: String(error),
            ...(cause === undefined ? {} : { cause }),
          });
        })
        .finally(() => running.delete(task));
      running.add(task);
    },
    settled: async () => {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
