import type { Timer } from '../../world/clock.ts';
import type { World } from '../../world/world.ts';
import { acting } from './acting.ts';
import { ActionFailure } from './actions/action.ts';
import { jobData, keepJob, keyOfJob, type Order, type Pending, type Report } from './job.ts';

/** How often a function says that it is not done yet, before it is called again. */
const againMilliseconds = 5_000;
/** A function that says nothing for this long has failed; source: facts 3.7. */
const silenceMilliseconds = 20 * 60_000;

/** Invokes a function with a job and waits until it reports with PutJobSuccessResult or PutJobFailureResult. Throws ActionFailure. */
export const runJob = (world: World, order: Order): Promise<Report> =>
  keepJob(world, order, { status: 'InProgress' }, async (id) => {
    const [report] = await Promise.all([wait(world, id, order), invoke(world, order, id)]);
    return report;
  });

function wait(world: World, id: string, order: Order): Promise<Report> {
  return new Promise((resolve, reject) => {
    const fail = (message: string, code: ActionFailure['code'] = 'JobFailed'): void =>
      reject(new ActionFailure(code, message));
    const listen = (): Timer =>
      world.clock.after(silenceMilliseconds, () => fail('The function has not reported for 20 minutes'));
    let timer = listen();
    const again = (token: string): void => {
      timer.cancel();
      timer = world.clock.after(againMilliseconds, () => {
        timer = listen();
        invoke(world, order, id, token).catch(reject);
      });
    };
    const close = (): void => timer.cancel();
    const data = (): object => jobData(world, order);
    world.live.get(keyOfJob(id), (): Pending => ({ order, data, succeed: resolve, fail, again, close }));
  });
}

/** The event as Lambda gets it: the job's data without its place in the pipeline. */
async function invoke(world: World, order: Order, id: string, token?: string): Promise<void> {
  const { pipeline } = order.execution;
  const { context: _context, ...rest } = order;
  const job = { id, accountId: pipeline.account, data: jobData(world, rest, token) };
  const ask = acting({ ...order, world }, 'lambda');
  await ask('Invoke', {
    FunctionName: order.configuration['FunctionName'],
    InvocationType: 'Event',
    Payload: JSON.stringify({ 'CodePipeline.job': job }),
  });
}
