import type { World } from '../../world/world.ts';
import { shownRevision } from './revisions.ts';
import { targetsOf } from './state.ts';
import type { Deployment, LifecycleEvent, Target } from './tables.ts';

/** A deployment as the API shows it. */
export function shownDeployment(world: World, row: Deployment) {
  const statuses = targetsOf(world, row.id).map(({ status }) => status);
  const count = (status: string): number => statuses.filter((each) => each === status).length;
  const server = row.platform === 'Server';
  const { deploymentId, triggeredBy, message } = row.rollback ?? {};
  return {
    applicationName: row.application,
    deploymentGroupName: row.group,
    deploymentConfigName: row.config.name,
    deploymentId: row.id,
    computePlatform: row.platform,
    ...(row.previousRevision === undefined ? {} : { previousRevision: shownRevision(row.previousRevision) }),
    revision: shownRevision(row.revision),
    status: row.status,
    ...(row.error === undefined ? {} : { errorInformation: row.error }),
    createTime: new Date(row.createdAt),
    ...(row.startedAt === undefined ? {} : { startTime: new Date(row.startedAt) }),
    ...(row.completedAt === undefined ? {} : { completeTime: new Date(row.completedAt) }),
    deploymentOverview: {
      Pending: count('Pending'),
      InProgress: count('InProgress'),
      Succeeded: count('Succeeded'),
      Failed: count('Failed'),
      Skipped: count('Skipped'),
      Ready: 0,
    },
    ...(row.description === undefined ? {} : { description: row.description }),
    creator: row.creator,
    ignoreApplicationStopFailures: row.ignoreStopFailures,
    autoRollbackConfiguration: { enabled: row.rollbackEvents.length > 0, events: row.rollbackEvents },
    updateOutdatedInstancesOnly: false,
    rollbackInfo:
      row.rollback === undefined
        ? {}
        : { rollbackDeploymentId: deploymentId, rollbackTriggeringDeploymentId: triggeredBy, rollbackMessage: message },
    deploymentStyle: server
      ? { deploymentType: 'IN_PLACE', deploymentOption: 'WITHOUT_TRAFFIC_CONTROL' }
      : { deploymentType: 'BLUE_GREEN', deploymentOption: 'WITH_TRAFFIC_CONTROL' },
    instanceTerminationWaitTimeStarted: false,
    fileExistsBehavior: row.fileExistsBehavior,
  };
}

const shownEvent = ({ name, status, startedAt, endedAt, diagnostics }: LifecycleEvent) => ({
  lifecycleEventName: name,
  status,
  ...(startedAt === undefined ? {} : { startTime: new Date(startedAt) }),
  ...(endedAt === undefined ? {} : { endTime: new Date(endedAt) }),
  ...(diagnostics === undefined ? {} : { diagnostics }),
});

/** A target as the API shows it. */
export function shownTarget({ id, arn, deploymentId, status, events, updatedAt, lambda }: Target) {
  const common = {
    deploymentId,
    targetId: id,
    targetArn: arn,
    status,
    lastUpdatedAt: new Date(updatedAt),
    lifecycleEvents: events.map(shownEvent),
  };
  if (lambda === undefined) return { deploymentTargetType: 'InstanceTarget', instanceTarget: common };
  const { functionName, alias: functionAlias, currentVersion, targetVersion, weight } = lambda;
  const lambdaFunctionInfo = {
    functionName,
    functionAlias,
    currentVersion,
    targetVersion,
    targetVersionWeight: weight,
  };
  return { deploymentTargetType: 'LambdaTarget', lambdaTarget: { ...common, lambdaFunctionInfo } };
}
