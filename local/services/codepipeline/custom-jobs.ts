import type { World } from '../../world/world.ts';
import { ActionFailure } from './actions/action.ts';
import { jobData, keepJob, keyOfJob, noteJob, type Order, type Pending, type Report } from './job.ts';

/** A custom action may take a day. Source: "Quotas in AWS CodePipeline". */
const longestMilliseconds = 24 * 60 * 60_000;

/** Offers a job to the workers that poll for its type, and waits until one reports. Throws ActionFailure. */
export const offerJob = (world: World, type: string, order: Order): Promise<Report> =>
  keepJob(world, order, { status: 'Queued', polled: { type, nonce: world.chance.hex(8) } }, (id) =>
    reported(world, id, order),
  );

function reported(world: World, id: string, order: Order): Promise<Report> {
  return new Promise((resolve, reject) => {
    const fail = (message: string, code: ActionFailure['code'] = 'JobFailed'): void =>
      reject(new ActionFailure(code, message));
    const timer = world.clock.after(longestMilliseconds, () => fail('The action has not reported for 24 hours'));
    let continuation: string | undefined;
    const again = (token: string): void => {
      continuation = token;
      noteJob(world, id, 'Queued');
    };
    const data = (): object => jobData(world, order, continuation);
    const close = (): void => timer.cancel();
    world.live.get(keyOfJob(id), (): Pending => ({ order, data, succeed: resolve, fail, again, close }));
  });
}
