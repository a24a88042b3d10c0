import type { World } from '../../world/world.ts';
import { emit } from '../events/emit.ts';
import {
  arnOf,
  type Deployment,
  deployments,
  groups,
  type LifecycleEvent,
  type Target,
  type TargetStatus,
  targets,
} from './tables.ts';

/** Changes a deployment's row and answers it. */
export const changeDeployment = (world: World, id: string, part: Partial<Deployment>): Deployment =>
  world.store.in(deployments).update(id, (row) => ({ ...row, ...part })) as Deployment;

/** Changes a target's row and answers it. */
export const changeTarget = (world: World, { deploymentId, id }: Target, part: Partial<Target>): Target =>
  world.store
    .in(targets)
    .update(`${deploymentId}/${id}`, (row) => ({ ...row, ...part, updatedAt: world.clock.now() })) as Target;

/** Changes one lifecycle event of a target. */
export function changeEvent(world: World, target: Target, name: string, part: Partial<LifecycleEvent>): void {
  const { events } = world.store.in(targets).get(`${target.deploymentId}/${target.id}`) as Target;
  changeTarget(world, target, { events: events.map((each) => (each.name === name ? { ...each, ...part } : each)) });
}

/** Every event of a target that has not begun is skipped. */
export function skipRest(world: World, target: Target, status: TargetStatus): void {
  const { events } = world.store.in(targets).get(`${target.deploymentId}/${target.id}`) as Target;
  changeTarget(world, target, {
    status,
    events: events.map((each) => (each.status === 'Pending' ? { ...each, status: 'Skipped' } : each)),
  });
}

/** Writes down a target with its lifecycle events ahead. */
export function addTarget(
  world: World,
  row: Pick<Target, 'id' | 'arn' | 'deploymentId' | 'lambda'>,
  events: readonly string[],
): Target {
  const target: Target = {
    ...row,
    status: 'Pending',
    events: events.map((name) => ({ name, status: 'Pending' })),
    updatedAt: world.clock.now(),
  };
  world.store.in(targets).put(`${row.deploymentId}/${row.id}`, target);
  return target;
}

/** The targets of a deployment, in the order they were found. */
export const targetsOf = (world: World, deploymentId: string): readonly Target[] =>
  world.store.in(targets).where((target) => target.deploymentId === deploymentId);

const groupId = (world: World, { groupKey }: Deployment): string => world.store.in(groups).get(groupKey)?.id ?? '';

/** Journals a deployment's state and tells it as an event. Source: CodeDeploy guide, "Monitoring deployments with EventBridge". */
export function tellDeployment(world: World, row: Deployment, state: 'START' | 'SUCCESS' | 'FAILURE' | 'STOP'): void {
  const { account, region, application, group, id: deploymentId, cause } = row;
  const groupArn = arnOf(row, 'deploymentgroup', `${application}/${group}`);
  world.journal.write({
    kind: 'state',
    cause,
    account,
    region,
    subject: groupArn,
    text: `deployment ${deploymentId} of ${application} to ${group}: ${state}${row.error === undefined || state === 'START' ? '' : ` (${row.error.code}: ${row.error.message})`}`,
    detail: { deploymentId, state },
  });
  emit(world, {
    account,
    region,
    cause,
    source: 'aws.codedeploy',
    detailType: 'CodeDeploy Deployment State-change Notification',
    resources: [arnOf(row, 'application', application), groupArn],
    detail: { instanceGroupId: groupId(world, row), region, application, deploymentId, state, deploymentGroup: group },
  });
}

/** Tells the state of one instance as an event. */
export function tellInstance(
  world: World,
  row: Deployment,
  target: Target,
  state: 'START' | 'SUCCESS' | 'FAILURE',
): void {
  const { account, region, application, group, id: deploymentId, cause } = row;
  const text = `deployment ${deploymentId} on ${target.id}: ${state}`;
  world.journal.write({ kind: 'state', cause, account, region, subject: target.arn, text });
  emit(world, {
    account,
    region,
    cause,
    source: 'aws.codedeploy',
    detailType: 'CodeDeploy Instance State-change Notification',
    resources: [arnOf(row, 'deploymentgroup', `${application}/${group}`), target.arn],
    detail: {
      instanceId: target.id,
      instanceGroupId: groupId(world, row),
      region,
      application,
      deploymentId,
      state,
      deploymentGroup: group,
    },
  });
}
