import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import { table } from '../../world/store.ts';
import type { World } from '../../world/world.ts';
import type { Course } from './course.ts';
import { arnOf, deployments } from './tables.ts';

/** A function has an hour to tell how its hook went; source: facts 5.4. */
const longestHookMilliseconds = 3_600_000;

type Told = 'Succeeded' | 'Failed' | 'Pending';

/** What became of each execution of a hook, by its id. */
const hookExecutions = table<{ readonly deploymentId: string; readonly status: Told }>('codedeploy/hook-executions');

interface Waiting {
  tell(status: 'Succeeded' | 'Failed'): void;
  close(): void;
}

const keyOf = (id: string): string => `codedeploy/hook/${id}`;

/** Waits until a function tells the status of a hook, an hour at most; a deployment that is stopped waits no longer. */
export async function hookEnd(
  world: World,
  course: Course,
  deploymentId: string,
  invoke: (executionId: string) => Promise<void>,
): Promise<'Succeeded' | 'Failed' | 'TimedOut' | 'Stopped'> {
  const id = world.chance.uuid();
  world.store.in(hookExecutions).put(id, { deploymentId, status: 'Pending' });
  const told = new Promise<'Succeeded' | 'Failed' | 'TimedOut' | 'Stopped'>((resolve) => {
    const timer = world.clock.after(longestHookMilliseconds, () => resolve('TimedOut'));
    world.live.get(keyOf(id), (): Waiting => ({ tell: resolve, close: () => timer.cancel() }));
    void course.interrupted.then(() => resolve('Stopped'));
  });
  try {
    await invoke(id);
    const status = await told;
    const kept = status === 'Succeeded' ? 'Succeeded' : 'Failed';
    world.store.in(hookExecutions).put(id, { deploymentId, status: kept });
    return status;
  } finally {
    await world.live.close(keyOf(id));
  }
}

/** A function tells how its hook went. */
export const putLifecycleEventHookExecutionStatus = operation({
  input: z.object({
    deploymentId: z.string(),
    lifecycleEventHookExecutionId: z.string(),
    status: z.enum(['Pending', 'InProgress', 'Succeeded', 'Failed', 'Skipped', 'Unknown']),
  }),
  access: ({ deploymentId }, { world, account, region }) => {
    const row = world.store.in(deployments).get(deploymentId);
    const name = row === undefined ? '*' : `${row.application}/${row.group}`;
    const place = { account, region };
    return [
      {
        action: 'codedeploy:PutLifecycleEventHookExecutionStatus',
        resource: arnOf(place, 'deploymentgroup', name),
      },
    ];
  },
  run: ({ deploymentId, lifecycleEventHookExecutionId: id, status }, { world, account }) => {
    if (world.store.in(deployments).get(deploymentId)?.account !== account)
      throw new AwsError('DeploymentDoesNotExistException', `The deployment ${deploymentId} could not be found`);
    const known = world.store.in(hookExecutions).get(id);
    if (known?.deploymentId !== deploymentId)
      throw new AwsError(
        'InvalidLifecycleEventHookExecutionIdException',
        `The lifecycle event hook execution id ${id.slice(0, 80)} is not of deployment ${deploymentId}`,
      );
    if (status !== 'Succeeded' && status !== 'Failed')
      throw new AwsError(
        'InvalidLifecycleEventHookExecutionStatusException',
        `The status must be Succeeded or Failed, not ${status}`,
      );
    const waiting = world.live.find<Waiting>(keyOf(id));
    if (known.status !== 'Pending' || waiting === undefined)
      throw new AwsError(
        'LifecycleEventAlreadyCompletedException',
        `The lifecycle event hook ${id} has already completed`,
      );
    waiting.tell(status);
    return { lifecycleEventHookExecutionId: id };
  },
});
