import type { World } from '../../world/world.ts';
import { arrive } from './arrive.ts';
import { defaultBus } from './buses.ts';

/** An event that a service of AWS tells. */
export interface ServiceEvent {
  readonly account: string;
  readonly region: string;
  /** `aws.codecommit`. */
  readonly source: string;
  readonly detailType: string;
  readonly resources: readonly string[];
  readonly detail: object;
  /** The journal entry that led to it. */
  readonly cause?: string;
}

/** Puts an AWS service's event on the default bus of its place; asynchronous and journalled. */
export function emit(world: World, told: ServiceEvent): void {
  const { account, region, source, detailType, resources, detail, cause } = told;
  world.background(`${source} ${detailType}`, cause, async () => {
    arrive(world, {
      bus: defaultBus(world, { account, region }),
      event: {
        version: '0',
        id: world.chance.uuid(),
        'detail-type': detailType,
        source,
        account,
        time: world.clock
          .date()
          .toISOString()
          .replace(/\.\d+Z$/, 'Z'),
        region,
        resources,
        detail,
      },
      path: [],
      ...(cause === undefined ? {} : { cause }),
    });
  });
}
