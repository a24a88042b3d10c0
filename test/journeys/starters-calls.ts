import type { Interference } from '../../local/world/world.ts';
import { eventually } from './eventually.ts';
import type { Playing } from './playing.ts';

/** A call that somebody is about to make, or has made. */
export type Attempt = Parameters<NonNullable<Interference['before']>>[0];

/** Whether dev's starter makes the call. */
export const isStarters = ({ caller }: Attempt): boolean =>
  'arn' in caller && /mergecast-dev-starter|mergecast-read-dev/.test(caller.arn);

/** Waits until the trail shows a decision of that outcome. */
export const decided = (flow: Playing, environment: string, outcome: string) =>
  eventually(`a decision '${outcome}'`, async () =>
    (await flow.decisions(environment)).find((detail) => detail['outcome'] === outcome),
  );
