import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation, type Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { pageOf } from '../page.ts';
import { findApplication } from './applications.ts';
import { begin } from './begin.ts';
import { findConfig } from './configs.ts';
import { findCourse } from './course.ts';
import { findGroup, groupShape } from './groups.ts';
import { readRevision, revisionShape } from './revisions.ts';
import { shownDeployment } from './shown.ts';
import { arnOf, type Deployment, deployments, keyOf } from './tables.ts';

const groupAccess = (action: string, place: Place, application = '*', group = '*') => [
  { action: `codedeploy:${action}`, resource: arnOf(place, 'deploymentgroup', `${application}/${group}`) },
];

/** A deployment of the account by id. Throws DeploymentDoesNotExistException. */
export function findDeployment(world: World, { account, region }: Place, id: string): Deployment {
  const found = world.store.in(deployments).get(id);
  if (found?.account !== account || found.region !== region)
    throw new AwsError('DeploymentDoesNotExistException', `The deployment ${id.slice(0, 80)} could not be found`);
  return found;
}

/** Starts a deployment. */
export const createDeployment = operation({
  simplified:
    'Revisions lie in S3 as zip (servers) or are given as text (functions); groups of instances chosen by the call are refused.',
  input: z.object({
    applicationName: z.string(),
    deploymentGroupName: z.string({ error: 'deploymentGroupName is needed' }),
    revision: revisionShape.optional(),
    deploymentConfigName: z.string().optional(),
    description: z.string().optional(),
    ignoreApplicationStopFailures: z.boolean().default(false),
    fileExistsBehavior: z.enum(['DISALLOW', 'OVERWRITE', 'RETAIN']).default('DISALLOW'),
    autoRollbackConfiguration: groupShape.autoRollbackConfiguration,
    targetInstances: z.undefined({ error: 'targetInstances are not played by the local cloud' }).optional(),
    updateOutdatedInstancesOnly: z
      .literal(false, { error: 'updateOutdatedInstancesOnly is not played by the local cloud' })
      .optional(),
    overrideAlarmConfiguration: z
      .undefined({ error: 'overrideAlarmConfiguration is not played by the local cloud' })
      .optional(),
  }),
  access: ({ applicationName, deploymentGroupName }, call) =>
    groupAccess('CreateDeployment', call, applicationName, deploymentGroupName),
  run: (wanted, call) => {
    const { world, cause } = call;
    const group = findGroup(world, call, wanted.applicationName, wanted.deploymentGroupName);
    const name = wanted.deploymentConfigName;
    if (name !== undefined && findConfig(world, call, name).platform !== group.platform)
      throw new AwsError(
        'InvalidComputePlatformException',
        `The deployment configuration ${name} is not for the ${group.platform} compute platform`,
      );
    const rollback = wanted.autoRollbackConfiguration;
    const made = begin(world, group, {
      revision: readRevision(wanted.revision, group.platform),
      configName: name,
      description: wanted.description,
      creator: 'user',
      fileExistsBehavior: wanted.fileExistsBehavior,
      ignoreStopFailures: wanted.ignoreApplicationStopFailures,
      rollbackEvents: rollback === undefined ? group.rollbackEvents : rollback.enabled ? rollback.events : [],
      cause,
    });
    return { deploymentId: made.id };
  },
});

/** One deployment. */
export const getDeployment = operation({
  input: z.object({ deploymentId: z.string() }),
  access: ({ deploymentId }, call) => {
    const { application, group } = findDeployment(call.world, call, deploymentId);
    return groupAccess('GetDeployment', call, application, group);
  },
  run: ({ deploymentId }, call) => ({
    deploymentInfo: shownDeployment(call.world, findDeployment(call.world, call, deploymentId)),
  }),
});

/** Several deployments; those that do not exist are left out. */
export const batchGetDeployments = operation({
  input: z.object({ deploymentIds: z.array(z.string()).min(1).max(25) }),
  access: ({ deploymentIds }, call) =>
    found(call.world, call, deploymentIds).flatMap(({ application, group }) =>
      groupAccess('BatchGetDeployments', call, application, group),
    ),
  run: ({ deploymentIds }, call) => ({
    deploymentsInfo: found(call.world, call, deploymentIds).map((row) => shownDeployment(call.world, row)),
  }),
});

const found = (world: World, { account, region }: Place, ids: readonly string[]): readonly Deployment[] =>
  world.store.in(deployments).where((row) => row.account === account && row.region === region && ids.includes(row.id));

const moment = z.union([z.number(), z.null()]).optional();

/** The ids of deployments, newest first, 100 a page. */
export const listDeployments = operation({
  input: z.object({
    applicationName: z.string().optional(),
    deploymentGroupName: z.string().optional(),
    includeOnlyStatuses: z.array(z.string()).default([]),
    createTimeRange: z.object({ start: moment, end: moment }).optional(),
    nextToken: z.string().optional(),
  }),
  access: ({ applicationName, deploymentGroupName }, call) =>
    groupAccess('ListDeployments', call, applicationName, deploymentGroupName),
  run: ({ applicationName, deploymentGroupName, includeOnlyStatuses, createTimeRange, nextToken }, call) => {
    const { world, account, region } = call;
    if ((applicationName === undefined) !== (deploymentGroupName === undefined))
      throw new AwsError(
        applicationName === undefined ? 'ApplicationNameRequiredException' : 'DeploymentGroupNameRequiredException',
        'The application name and the deployment group name are given together, or none of them',
      );
    if (applicationName !== undefined && deploymentGroupName !== undefined) {
      findApplication(world, call, applicationName);
      findGroup(world, call, applicationName, deploymentGroupName);
    }
    const groupKey =
      applicationName === undefined ? undefined : keyOf(call, applicationName, deploymentGroupName ?? '');
    const from = (createTimeRange?.start ?? 0) * 1000;
    const until = (createTimeRange?.end ?? Number.POSITIVE_INFINITY) * 1000;
    const ids = world.store
      .in(deployments)
      .where(
        (row) =>
          row.account === account &&
          row.region === region &&
          (groupKey === undefined || row.groupKey === groupKey) &&
          (includeOnlyStatuses.length === 0 || includeOnlyStatuses.includes(row.status)) &&
          row.createdAt >= from &&
          row.createdAt <= until,
      )
      .map(({ id }) => id)
      .reverse();
    const { items, next } = pageOf(ids, nextToken, 100, 'InvalidNextTokenException');
    return { deployments: items, ...(next === undefined ? {} : { nextToken: next }) };
  },
});

/** Asks a deployment to end; what runs on an instance finishes its lifecycle event first. */
export const stopDeployment = operation({
  input: z.object({ deploymentId: z.string(), autoRollbackEnabled: z.boolean().optional() }),
  access: () => [{ action: 'codedeploy:StopDeployment', resource: '*' }],
  run: ({ deploymentId, autoRollbackEnabled }, call) => {
    const { status } = findDeployment(call.world, call, deploymentId);
    const course = findCourse(call.world, deploymentId);
    if (course === undefined || !['Created', 'InProgress'].includes(status))
      throw new AwsError(
        'DeploymentAlreadyCompletedException',
        `The deployment ${deploymentId} has already completed with status ${status}`,
      );
    const message = 'The deployment was stopped by a user.';
    course.halt({
      code: 'MANUAL_STOP',
      message,
      event: 'DEPLOYMENT_STOP_ON_REQUEST',
      ...(autoRollbackEnabled === undefined ? {} : { rollBack: autoRollbackEnabled }),
    });
    return { status: 'Pending', statusMessage: 'Stopping the deployment' };
  },
});

/** Would go on with a blue/green deployment that waits; there is none here, so it is refused as AWS refuses it for others. */
export const continueDeployment = operation({
  simplified: 'No deployment waits here, so each is refused.',
  input: z.object({
    deploymentId: z.string({ error: 'deploymentId is needed' }),
    deploymentWaitType: z.string().optional(),
  }),
  access: () => [{ action: 'codedeploy:ContinueDeployment', resource: '*' }],
  run: ({ deploymentId }, call): object => {
    const { status } = findDeployment(call.world, call, deploymentId);
    if (['Succeeded', 'Failed', 'Stopped'].includes(status))
      throw new AwsError(
        'DeploymentAlreadyCompletedException',
        `The deployment ${deploymentId} has already completed with status ${status}`,
      );
    throw new AwsError(
      'DeploymentIsNotInReadyStateException',
      `The deployment ${deploymentId} is not in the Ready state`,
    );
  },
});
