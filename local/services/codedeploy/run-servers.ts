import type { Principal } from '../../world/principal.ts';
import type { World } from '../../world/world.ts';
import { Agent, serverEvents } from './agent.ts';
import type { Course, Outcome } from './course.ts';
import { type Host, hostsOf } from './hosts.ts';
import { addTarget, changeEvent, changeTarget, skipRest, targetsOf, tellInstance } from './state.ts';
import type { Deployment, DeploymentConfig, Group, Target } from './tables.ts';

const failed = (code: string, message: string): Outcome => ({ status: 'Failed', error: { code, message } });

/**
 * Deploys to the servers of a group, as many at a time as may be without service. A server that fails takes its place for good; when none is left,
 * those that have not begun are skipped. Source: CodeDeploy guide, "Working with deployment configurations" and "Instance health".
 */
export async function runServers(
  world: World,
  deployment: Deployment,
  group: Group,
  role: Principal,
  course: Course,
): Promise<Outcome> {
  const hosts = await hostsOf(world, group, role, deployment.cause);
  if (hosts.length === 0)
    return failed(
      'NO_INSTANCES',
      'The deployment failed because no instances were found for your deployment group. Check your deployment group settings to make sure the tags for your Amazon EC2 instances or Auto Scaling groups correctly identify the instances you want to deploy to, and then try again.',
    );
  const places = hosts.length - healthyOf(deployment.config, hosts.length);
  if (places <= 0 && deployment.config.minimumHealthy?.type === 'HOST_COUNT')
    return failed(
      'HEALTH_CONSTRAINTS_INVALID',
      "The deployment can't start because the minimum number of healthy instances, as defined by your deployment configuration, are not available.",
    );
  const waiting = hosts.map((host) => ({
    host,
    target: addTarget(world, { id: host.id, arn: host.arn, deploymentId: deployment.id }, serverEvents),
  }));
  await Promise.all(
    Array.from({ length: Math.max(1, places) }, () => takeTurns(world, deployment, group, waiting, course)),
  );
  for (const { target } of waiting) skipRest(world, target, 'Skipped');
  return outcomeOf(targetsOf(world, deployment.id), course);
}

interface Waiting {
  readonly host: Host;
  readonly target: Target;
}

/** One of the places that may be without service: it serves server after server until one fails. */
async function takeTurns(
  world: World,
  deployment: Deployment,
  group: Group,
  waiting: Waiting[],
  course: Course,
): Promise<void> {
  while (course.stop === undefined) {
    const next = waiting.shift();
    if (next === undefined || !(await deployTo(world, deployment, group, next, course))) return;
  }
}

function outcomeOf(all: readonly Target[], { stop }: Course): Outcome {
  if (stop !== undefined) return { status: 'Stopped', error: { code: stop.code, message: stop.message } };
  const skipped = all.some(({ status }) => status === 'Skipped');
  const succeeded = all.some(({ status }) => status === 'Succeeded');
  if (succeeded && !skipped) return { status: 'Succeeded' };
  return failed(
    'HEALTH_CONSTRAINTS',
    'The overall deployment failed because too many individual instances failed deployment, too few healthy instances are available for deployment, or some instances in your deployment group are experiencing problems.',
  );
}

/** How many servers must stay in service. */
function healthyOf({ minimumHealthy }: DeploymentConfig, count: number): number {
  if (minimumHealthy === undefined) return 0;
  const { type, value } = minimumHealthy;
  return type === 'HOST_COUNT' ? value : Math.ceil((count * value) / 100);
}

async function deployTo(
  world: World,
  deployment: Deployment,
  group: Group,
  { host, target }: Waiting,
  course: Course,
): Promise<boolean> {
  const agent = new Agent(world, deployment, group, host);
  changeTarget(world, target, { status: 'InProgress' });
  tellInstance(world, deployment, target, 'START');
  for (const name of serverEvents) {
    if (course.stop !== undefined) {
      skipRest(world, target, 'Skipped');
      return false;
    }
    changeEvent(world, target, name, { status: 'InProgress', startedAt: world.clock.now() });
    const diagnostics = await agent.run(name);
    const ok = diagnostics.errorCode === 'Success';
    const status = ok ? 'Succeeded' : 'Failed';
    changeEvent(world, target, name, { status, endedAt: world.clock.now(), diagnostics });
    if (ok || (name === 'ApplicationStop' && deployment.ignoreStopFailures)) continue;
    skipRest(world, target, 'Failed');
    tellInstance(world, deployment, target, 'FAILURE');
    return false;
  }
  await agent.succeed();
  changeTarget(world, target, { status: 'Succeeded' });
  tellInstance(world, deployment, target, 'SUCCESS');
  return true;
}
