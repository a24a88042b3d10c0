import type { Closable } from '../../world/live.ts';
import type { World } from '../../world/world.ts';
import type { StackOutcome } from './deploy.ts';

interface Running extends Closable {
  readonly outcome: Promise<StackOutcome>;
}

const key = (stackName: string, account: string, region: string): string =>
  `cloudformation/${account}/${region}/${stackName}`;

/** Runs a deployment in the background; who needs its end awaits {@link stackEnd}. */
export function runStack(
  world: World,
  at: { account: string; region: string; stackName: string; cause?: string },
  work: () => Promise<StackOutcome>,
): void {
  const id = key(at.stackName, at.account, at.region);
  const outcome = work();
  world.live.get(id, (): Running => ({ outcome, close: () => undefined }));
  world.background(id, at.cause, async () => {
    await outcome.finally(() => world.live.close(id));
  });
}

/** Whether a deployment of that stack runs. */
export const isRunning = (world: World, at: { account: string; region: string; stackName: string }): boolean =>
  world.live.find(key(at.stackName, at.account, at.region)) !== undefined;

/** The end of the deployment that runs; undefined when none does. Services that wait for a stack use it instead of polling. */
export const stackEnd = (
  world: World,
  at: { account: string; region: string; stackName: string },
): Promise<StackOutcome> | undefined => world.live.find<Running>(key(at.stackName, at.account, at.region))?.outcome;
