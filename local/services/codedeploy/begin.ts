import { call } from '../../world/call.ts';
import { AwsError } from '../../world/failure.ts';
import type { Principal } from '../../world/principal.ts';
import type { World } from '../../world/world.ts';
import { assumeRole } from '../sts/assume.ts';
import { findConfig } from './configs.ts';
import { type Course, closeCourse, findCourse, type Outcome, openCourse } from './course.ts';
import { readRevision } from './revisions.ts';
import { runFunction } from './run-function.ts';
import { runServers } from './run-servers.ts';
import { changeDeployment, targetsOf, tellDeployment } from './state.ts';
import {
  type Deployment,
  deployments,
  type Group,
  groups,
  keyOf,
  type Revision,
  type RollbackEvent,
} from './tables.ts';

const idAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const alarmPollMilliseconds = 10_000;

/** What is deployed, beside the group. */
export interface Wanted {
  readonly revision: Revision;
  readonly configName?: string | undefined;
  readonly description?: string | undefined;
  readonly creator: Deployment['creator'];
  readonly fileExistsBehavior: Deployment['fileExistsBehavior'];
  readonly ignoreStopFailures: boolean;
  readonly rollbackEvents: readonly RollbackEvent[];
  readonly rollback?: Deployment['rollback'];
  readonly cause: string;
}

/** Records a deployment and lets it run. Throws DeploymentLimitExceededException while another one of the group runs. */
export function begin(world: World, group: Group, wanted: Wanted): Deployment {
  const groupKey = keyOf(group, group.application, group.name);
  const own = world.store.in(deployments).where((row) => row.groupKey === groupKey);
  const active = own.find(({ status }) => status === 'Created' || status === 'InProgress');
  if (active !== undefined)
    throw new AwsError(
      'DeploymentLimitExceededException',
      `The Deployment Group '${group.name}' already has an active Deployment '${active.id}'`,
    );
  const previous = own.filter(({ status }) => status === 'Succeeded').at(-1)?.revision;
  const { configName, description, rollback, ...rest } = wanted;
  const row: Deployment = {
    ...rest,
    id: `d-${world.chance.text(9, idAlphabet)}`,
    account: group.account,
    region: group.region,
    groupKey,
    application: group.application,
    group: group.name,
    platform: group.platform,
    config: findConfig(world, group, configName ?? group.configName),
    status: 'Created',
    createdAt: world.clock.now(),
    ...(previous === undefined ? {} : { previousRevision: previous }),
    ...(description === undefined ? {} : { description }),
    ...(rollback === undefined ? {} : { rollback }),
  };
  world.store.in(deployments).put(row.id, row);
  const course = openCourse(world, row.id);
  course.ended = run(world, row, group, course);
  // Traffic moves over minutes of world time, which somebody may have to let pass.
  world.background(row.id, row.cause, () => course.ended, row.platform === 'Lambda' ? 'lasting' : undefined);
  return row;
}

/** Waits for the end of a deployment. Services use it instead of polling. */
export async function deploymentEnd(world: World, id: string): Promise<Deployment> {
  await findCourse(world, id)?.ended;
  return world.store.in(deployments).get(id) as Deployment;
}

async function run(world: World, row: Deployment, group: Group, course: Course): Promise<void> {
  // The caller gets its answer first.
  await Promise.resolve();
  tellDeployment(
    world,
    changeDeployment(world, row.id, { status: 'InProgress', startedAt: world.clock.now() }),
    'START',
  );
  const outcome = await perform(world, row, group, course).catch(
    (error: unknown): Outcome => ({
      status: 'Failed',
      error: { code: 'INTERNAL_ERROR', message: error instanceof Error ? error.message : String(error) },
    }),
  );
  const ended = changeDeployment(world, row.id, { ...outcome, completedAt: world.clock.now() });
  tellDeployment(world, ended, ({ Succeeded: 'SUCCESS', Failed: 'FAILURE', Stopped: 'STOP' } as const)[outcome.status]);
  rollBack(world, ended, course);
  await closeCourse(world, row.id);
}

async function perform(world: World, row: Deployment, group: Group, course: Course): Promise<Outcome> {
  const { account, region, cause } = row;
  let role: Principal;
  try {
    const caller = { type: 'service' as const, service: 'codedeploy.amazonaws.com' };
    const roleArn = group.roleArn;
    role = (await assumeRole(world, { account, region, cause, caller, roleArn, sessionName: row.id })).principal;
  } catch (error) {
    const message = `The service role ${group.roleArn} cannot be assumed by CodeDeploy: ${error instanceof Error ? error.message : ''}`;
    return { status: 'Failed', error: { code: 'IAM_ROLE_MISSING', message } };
  }
  const unwatch = await watchAlarms(world, row, group, role, course);
  try {
    if (course.stop !== undefined)
      return { status: 'Stopped', error: { code: course.stop.code, message: course.stop.message } };
    return row.platform === 'Server'
      ? await runServers(world, row, group, role, course)
      : await runFunction(world, row, role, course);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const code = error.status === 403 ? 'IAM_ROLE_PERMISSIONS' : 'INTERNAL_ERROR';
    return { status: 'Failed', error: { code, message: error.message } };
  } finally {
    unwatch();
  }
}

/** Looks at the group's alarms now and every ten seconds; one in ALARM stops the deployment. Answers how to look no longer. */
async function watchAlarms(
  world: World,
  { account, region, cause }: Deployment,
  group: Group,
  caller: Principal,
  course: Course,
): Promise<() => void> {
  if (group.alarms.length === 0) return () => undefined;
  let timer = { cancel: (): void => undefined };
  let done = false;
  const halt = (message: string) => course.halt({ code: 'ALARM_ACTIVE', message, event: 'DEPLOYMENT_STOP_ON_ALARM' });
  const look = async (): Promise<void> => {
    try {
      const { MetricAlarms } = await call<{ MetricAlarms?: readonly { AlarmName: string; StateValue: string }[] }>(
        world,
        {
          caller,
          account,
          region,
          cause,
          service: 'cloudwatch',
          operation: 'DescribeAlarms',
          input: { AlarmNames: group.alarms },
        },
      );
      const active = (MetricAlarms ?? [])
        .filter(({ StateValue }) => StateValue === 'ALARM')
        .map((alarm) => alarm.AlarmName);
      if (active.length > 0)
        halt(
          `One or more alarms have been activated according to the Amazon CloudWatch metrics you selected, and the affected deployments have been stopped. Activated alarms: <${active.join(', ')}>`,
        );
    } catch (error) {
      if (!group.ignoreAlarmPolling)
        halt(
          `The alarms of the deployment group cannot be read: ${error instanceof Error ? error.message : String(error)}`,
        );
    }
    if (!done && course.stop === undefined) timer = world.clock.after(alarmPollMilliseconds, () => void look());
  };
  await look();
  return () => {
    done = true;
    timer.cancel();
  };
}

/** Deploys the last good revision anew, when the group wants it; a rollback is not rolled back. */
function rollBack(world: World, ended: Deployment, { stop }: Course): void {
  if (ended.status === 'Succeeded' || ended.creator === 'codeDeployRollback') return;
  const event: RollbackEvent = stop?.event ?? 'DEPLOYMENT_FAILURE';
  if (!(stop?.rollBack ?? ended.rollbackEvents.includes(event))) return;
  const group = world.store.in(groups).get(ended.groupKey);
  const revision = ended.platform === 'Lambda' ? backward(world, ended) : ended.previousRevision;
  if (revision === undefined || group === undefined) {
    const message = 'Automatic rollback is not possible: the deployment group has no last successful deployment.';
    changeDeployment(world, ended.id, { rollback: { message } });
    return;
  }
  const lambda = ended.platform === 'Lambda';
  const made = begin(world, group, {
    revision,
    configName: lambda ? 'CodeDeployDefault.LambdaAllAtOnce' : ended.config.name,
    description: `Rollback of deployment ${ended.id}`,
    creator: 'codeDeployRollback',
    fileExistsBehavior: ended.fileExistsBehavior,
    ignoreStopFailures: ended.ignoreStopFailures,
    rollbackEvents: [],
    rollback: { triggeredBy: ended.id },
    cause: ended.cause,
  });
  changeDeployment(world, ended.id, {
    rollback: { deploymentId: made.id, message: `Rolled back by deployment ${made.id}` },
  });
}

/** A function goes back to where the alias was: the same resource with its versions exchanged, without hooks. */
function backward(world: World, { id }: Deployment): Revision | undefined {
  const moved = targetsOf(world, id)[0]?.lambda;
  if (moved === undefined) return undefined;
  const { functionName, alias, currentVersion, targetVersion } = moved;
  const Properties = { Name: functionName, Alias: alias, CurrentVersion: targetVersion, TargetVersion: currentVersion };
  const resource = { Type: 'AWS::Lambda::Function', Properties };
  const content = JSON.stringify({ version: '0.0', Resources: [{ function: resource }] });
  return readRevision({ appSpecContent: { content } }, 'Lambda');
}
