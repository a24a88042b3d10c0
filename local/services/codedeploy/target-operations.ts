import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { pageOf } from '../page.ts';
import { findDeployment } from './deployments.ts';
import { shownTarget } from './shown.ts';
import { targetsOf } from './state.ts';
import { type Target, targets } from './tables.ts';

const id = z.string({ error: 'deploymentId is needed' });

function findTarget(world: World, deploymentId: string, targetId: string): Target {
  const found = world.store.in(targets).get(`${deploymentId}/${targetId}`);
  if (found === undefined)
    throw new AwsError(
      'DeploymentTargetDoesNotExistException',
      `The deployment target ${targetId.slice(0, 80)} does not exist in deployment ${deploymentId}`,
    );
  return found;
}

/** The ids of a deployment's targets, 100 a page. Filters: `TargetStatus`. */
export const listDeploymentTargets = operation({
  input: z.object({
    deploymentId: id,
    nextToken: z.string().optional(),
    targetFilters: z
      .object({ TargetStatus: z.array(z.string()).optional(), ServerInstanceLabel: z.array(z.string()).optional() })
      .default({}),
  }),
  access: () => [{ action: 'codedeploy:ListDeploymentTargets', resource: '*' }],
  run: ({ deploymentId, nextToken, targetFilters }, call) => {
    findDeployment(call.world, call, deploymentId);
    const ids = targetsOf(call.world, deploymentId)
      .filter(({ status }) => targetFilters.TargetStatus?.includes(status) ?? true)
      .map((target) => target.id);
    const { items, next } = pageOf(ids, nextToken, 100, 'InvalidNextTokenException');
    return { targetIds: items, ...(next === undefined ? {} : { nextToken: next }) };
  },
});

/** Several targets of a deployment. */
export const batchGetDeploymentTargets = operation({
  input: z.object({ deploymentId: id, targetIds: z.array(z.string()).min(1).max(25) }),
  access: () => [{ action: 'codedeploy:BatchGetDeploymentTargets', resource: '*' }],
  run: ({ deploymentId, targetIds }, call) => {
    findDeployment(call.world, call, deploymentId);
    return { deploymentTargets: targetIds.map((each) => shownTarget(findTarget(call.world, deploymentId, each))) };
  },
});

/** One target, with its lifecycle events and the tail of their logs. */
export const getDeploymentTarget = operation({
  input: z.object({ deploymentId: id, targetId: z.string({ error: 'targetId is needed' }) }),
  access: () => [{ action: 'codedeploy:GetDeploymentTarget', resource: '*' }],
  run: ({ deploymentId, targetId }, call) => {
    findDeployment(call.world, call, deploymentId);
    return { deploymentTarget: shownTarget(findTarget(call.world, deploymentId, targetId)) };
  },
});
