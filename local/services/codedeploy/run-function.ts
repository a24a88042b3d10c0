import { parseAppspec } from '../../../languages/appspec/parse.ts';
import type { LambdaAppspec, LambdaEvent } from '../../../languages/appspec/types.ts';
import { call } from '../../world/call.ts';
import type { Principal } from '../../world/principal.ts';
import type { World } from '../../world/world.ts';
import { readZipEntry } from '../../world/zip.ts';
import type { Course, Outcome } from './course.ts';
import { hookEnd } from './hooks.ts';
import { addTarget, changeEvent, changeTarget, skipRest } from './state.ts';
import type { Deployment, Target, Traffic } from './tables.ts';

type RoleCall = <Output>(service: string, operation: string, input: object) => Promise<Output>;

const failed = (code: string, message: string): Outcome => ({ status: 'Failed', error: { code, message } });
const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Moves the traffic of an alias to another version, with a hook before and one after. A deployment that fails or is stopped leaves the traffic where it
 * is: automatic rollback moves it back.
 */
export async function runFunction(
  world: World,
  deployment: Deployment,
  role: Principal,
  course: Course,
): Promise<Outcome> {
  const { account, region, cause } = deployment;
  const asRole: RoleCall = (service, operation, input) =>
    call(world, { caller: role, account, region, cause, service, operation, input });
  let appspec: LambdaAppspec;
  try {
    appspec = await readRevision(deployment, asRole);
    await check(appspec, asRole);
  } catch (error) {
    return failed('INVALID_LAMBDA_CONFIGURATION', textOf(error));
  }
  const move = new Move(world, deployment, appspec, asRole, course);
  try {
    return (
      (await move.hook('BeforeAllowTraffic')) ??
      (await move.traffic(deployment.config.traffic ?? { type: 'AllAtOnce' })) ??
      (await move.hook('AfterAllowTraffic')) ??
      move.succeed()
    );
  } catch (error) {
    move.fail();
    return failed('INTERNAL_ERROR', textOf(error));
  }
}

async function readRevision({ revision }: Deployment, asRole: RoleCall): Promise<LambdaAppspec> {
  let content: string;
  if (revision.type === 'Text') content = revision.content;
  else {
    const { bucket: Bucket, key: Key, version: VersionId, bundleType } = revision;
    const { Body } = await asRole<{ Body: Buffer }>('s3', 'GetObject', { Bucket, Key, VersionId });
    const zipped = bundleType === 'zip' ? await zippedAppspec(Body) : Body;
    content = zipped.toString('utf8');
  }
  const read = parseAppspec(content, 'Lambda');
  if (read.platform !== 'Lambda') throw new Error('the AppSpec file is not for a Lambda function');
  return read;
}

async function zippedAppspec(bundle: Buffer): Promise<Buffer> {
  for (const name of ['appspec.yml', 'appspec.yaml', 'appspec.json']) {
    const found = await readZipEntry(bundle, name);
    if (found !== undefined) return found;
  }
  throw new Error('the revision holds no appspec.yml, appspec.yaml or appspec.json');
}

async function check({ resource }: LambdaAppspec, asRole: RoleCall): Promise<void> {
  const { functionName: FunctionName, alias: Name, currentVersion, targetVersion } = resource;
  const { FunctionVersion } = await asRole<{ FunctionVersion: string }>('lambda', 'GetAlias', { FunctionName, Name });
  if (FunctionVersion !== currentVersion && FunctionVersion !== targetVersion)
    throw new Error(`The alias ${Name} points to version ${FunctionVersion}, not to CurrentVersion ${currentVersion}`);
  await asRole('lambda', 'GetFunctionConfiguration', { FunctionName, Qualifier: targetVersion });
}

/** One alias on its way from one version to another. */
class Move {
  readonly #world: World;
  readonly #deployment: Deployment;
  readonly #appspec: LambdaAppspec;
  readonly #asRole: RoleCall;
  readonly #course: Course;
  readonly #target: Target;

  constructor(world: World, deployment: Deployment, appspec: LambdaAppspec, asRole: RoleCall, course: Course) {
    this.#world = world;
    this.#deployment = deployment;
    this.#appspec = appspec;
    this.#asRole = asRole;
    this.#course = course;
    const { functionName, alias, currentVersion, targetVersion } = appspec.resource;
    const { account, region, id } = deployment;
    this.#target = addTarget(
      world,
      {
        id: `${functionName}:${alias}`,
        arn: `arn:aws:lambda:${region}:${account}:function:${functionName}:${alias}`,
        deploymentId: id,
        lambda: { functionName, alias, currentVersion, targetVersion, weight: 0 },
      },
      ['BeforeAllowTraffic', 'AllowTraffic', 'AfterAllowTraffic'],
    );
    changeTarget(world, this.#target, { status: 'InProgress' });
  }

  /** Calls the hook's function, if there is one; answers only when the deployment ends here. */
  async hook(name: LambdaEvent): Promise<Outcome | undefined> {
    const early = this.#stopped();
    if (early !== undefined) return early;
    const hookFunction = this.#appspec.hooks[name];
    this.#begin(name);
    if (hookFunction === undefined) return this.#end(name);
    const { id } = this.#deployment;
    let status: Awaited<ReturnType<typeof hookEnd>>;
    try {
      status = await hookEnd(this.#world, this.#course, id, (executionId) => this.#invoke(hookFunction, executionId));
    } catch (error) {
      return this.#failEvent(name, hookFunction, textOf(error));
    }
    if (status === 'Succeeded') return this.#end(name);
    if (status === 'Stopped') return this.#stopped() ?? this.#failEvent(name, hookFunction, 'the local cloud stopped');
    const why = status === 'Failed' ? 'reported the status Failed' : 'did not report a status within an hour';
    return this.#failEvent(name, hookFunction, `The validation function ${hookFunction} of ${name} ${why}`);
  }

  /** Moves the traffic by the configuration; answers only when the deployment ends here. */
  async traffic(traffic: Traffic): Promise<Outcome | undefined> {
    const early = this.#stopped();
    if (early !== undefined) return early;
    this.#begin('AllowTraffic');
    for (const percentage of stepsOf(traffic)) {
      await this.#shift(percentage / 100);
      await this.#course.pause(this.#world, (traffic.type === 'AllAtOnce' ? 0 : traffic.intervalMinutes) * 60_000);
      const stopped = this.#stopped();
      if (stopped !== undefined) return stopped;
    }
    await this.#shift(1);
    return this.#end('AllowTraffic');
  }

  succeed(): Outcome {
    changeTarget(this.#world, this.#target, { status: 'Succeeded' });
    return { status: 'Succeeded' };
  }

  fail(): void {
    skipRest(this.#world, this.#target, 'Failed');
  }

  async #invoke(FunctionName: string, executionId: string): Promise<void> {
    const event = { DeploymentId: this.#deployment.id, LifecycleEventHookExecutionId: executionId };
    const input = { FunctionName, InvocationType: 'Event', Payload: JSON.stringify(event) };
    await this.#asRole('lambda', 'Invoke', input);
  }

  async #shift(weight: number): Promise<void> {
    const { functionName, alias, currentVersion, targetVersion } = this.#appspec.resource;
    const whole = weight === 1;
    await this.#asRole('lambda', 'UpdateAlias', {
      FunctionName: functionName,
      Name: alias,
      FunctionVersion: whole ? targetVersion : currentVersion,
      RoutingConfig: { AdditionalVersionWeights: whole ? {} : { [targetVersion]: weight } },
    });
    const lambda = { functionName, alias, currentVersion, targetVersion, weight };
    changeTarget(this.#world, this.#target, { lambda });
    const { account, region, cause, id } = this.#deployment;
    const text = `deployment ${id}: ${Math.round(weight * 100)} % of ${functionName}:${alias} goes to version ${targetVersion}`;
    this.#world.journal.write({ kind: 'state', cause, account, region, subject: this.#target.arn, text });
  }

  #begin(name: string): void {
    changeEvent(this.#world, this.#target, name, { status: 'InProgress', startedAt: this.#world.clock.now() });
  }

  #end(name: string): undefined {
    changeEvent(this.#world, this.#target, name, { status: 'Succeeded', endedAt: this.#world.clock.now() });
  }

  #failEvent(name: string, scriptName: string, message: string): Outcome {
    changeEvent(this.#world, this.#target, name, {
      status: 'Failed',
      endedAt: this.#world.clock.now(),
      diagnostics: { errorCode: 'ScriptFailed', scriptName, message, logTail: '' },
    });
    this.fail();
    return failed('HOOK_EXECUTION_FAILURE', message);
  }

  #stopped(): Outcome | undefined {
    const { stop } = this.#course;
    if (stop === undefined) return undefined;
    skipRest(this.#world, this.#target, 'Failed');
    return { status: 'Stopped', error: { code: stop.code, message: stop.message } };
  }
}

/** The shares, in per cent, before the whole. */
function stepsOf(traffic: Traffic): readonly number[] {
  if (traffic.type === 'AllAtOnce') return [];
  const { percentage } = traffic;
  if (traffic.type === 'TimeBasedCanary') return [percentage];
  return Array.from({ length: Math.ceil(100 / percentage) - 1 }, (_, index) => percentage * (index + 1));
}
