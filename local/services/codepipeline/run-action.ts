import { Fault } from '../../../shared/fault.ts';
import { AwsError } from '../../world/failure.ts';
import type { World } from '../../world/world.ts';
import { findActionType } from './action-types.ts';
import { type ActionContext, ActionFailure, type ActionResult } from './actions/action.ts';
import { getArtifact, putArtifact } from './artifacts.ts';
import { change } from './change.ts';
import { addRun } from './records.ts';
import { sessionFor } from './session.ts';
import { type Action, type ActionExecution, actionExecutions, type Execution, executions } from './tables.ts';
import { tellAction } from './tell.ts';
import { resolveVariables } from './variables.ts';

/** Runs one action to its end, whatever it is; a failure is an outcome and never thrown. */
export async function runAction(
  world: World,
  executionId: string,
  stage: string,
  action: Action,
): Promise<ActionExecution['status']> {
  const execution = world.store.in(executions).get(executionId) as Execution;
  const ran = record(world, execution, stage, action);
  tellAction(world, execution, ran, 'STARTED');
  try {
    const configuration = resolveVariables(action.configuration, execution, `Action name=${action.name}`);
    update(world, ran.id, { configuration });
    const result = await Promise.race([
      perform(world, execution, ran.id, stage, action, configuration),
      abandoned(world, ran.id),
    ]);
    return result === 'abandoned' ? finish(world, ran.id, 'Abandoned', {}) : succeed(world, ran.id, action, result);
  } catch (error) {
    return finish(world, ran.id, 'Failed', { error: errorOf(world, error, execution) });
  } finally {
    await world.live.close(abandonKey(ran.id));
  }
}

function record(world: World, execution: Execution, stage: string, action: Action): ActionExecution {
  const now = world.clock.now();
  const ran: ActionExecution = {
    id: world.chance.uuid(),
    executionId: execution.id,
    pipelineArn: execution.pipeline.arn,
    pipelineVersion: execution.pipeline.version,
    stage,
    action,
    status: 'InProgress',
    configuration: action.configuration,
    variables: {},
    startedAt: now,
    updatedAt: now,
  };
  addRun(world, ran);
  return ran;
}

const update = (world: World, id: string, part: Partial<ActionExecution>): ActionExecution =>
  world.store
    .in(actionExecutions)
    .update(id, (row) => ({ ...row, ...part, updatedAt: world.clock.now() })) as ActionExecution;

async function perform(
  world: World,
  execution: Execution,
  actionExecutionId: string,
  stage: string,
  action: Action,
  configuration: Record<string, string>,
): Promise<ActionResult> {
  const { principal: session, credentials } = await sessionFor(world, execution, action.roleArn);
  const run = findActionType(world, execution.pipeline, action)?.run;
  if (run === undefined)
    throw new ActionFailure(
      'ConfigurationError',
      `action provider ${action.category}/${action.provider} is not played by the local cloud`,
    );
  const context: ActionContext = {
    world,
    execution,
    actionExecutionId,
    stage,
    action,
    configuration,
    session,
    credentials,
    getArtifact: (name) => getArtifact(world, execution.id, session, name),
    putArtifact: (name, content) => putArtifact(world, execution.id, session, name, content),
    note: (part) => void update(world, actionExecutionId, part),
  };
  return run(context);
}

function succeed(world: World, id: string, action: Action, result: ActionResult): ActionExecution['status'] {
  const row = world.store.in(actionExecutions).get(id) as ActionExecution;
  const execution = world.store.in(executions).get(row.executionId) as Execution;
  const variables = result.variables ?? {};
  if (action.namespace !== undefined)
    change(world, execution.id, { namespaces: { ...execution.namespaces, [action.namespace]: variables } });
  if (result.revision !== undefined) {
    const others = execution.revisions.filter((each) => each.action !== action.name);
    change(world, execution.id, {
      revisions: [...others, { action: action.name, artifact: action.outputs[0] ?? '', ...result.revision }],
    });
  }
  const { summary, externalId } = result;
  return finish(world, id, 'Succeeded', {
    variables,
    ...(result.revision === undefined ? {} : { revisionId: result.revision.revisionId }),
    ...(summary === undefined ? {} : { summary }),
    ...(externalId === undefined ? {} : { externalId }),
  });
}

function finish(
  world: World,
  id: string,
  status: ActionExecution['status'],
  part: Partial<ActionExecution>,
): ActionExecution['status'] {
  const { token: _answered, ...row } = world.store.in(actionExecutions).get(id) as ActionExecution;
  const ended: ActionExecution = { ...row, ...part, status, updatedAt: world.clock.now() };
  world.store.in(actionExecutions).put(id, ended);
  tellAction(world, world.store.in(executions).get(row.executionId) as Execution, ended, status.toUpperCase());
  return status;
}

function errorOf(world: World, error: unknown, execution: Execution): { code: string; message: string } {
  if (error instanceof ActionFailure) return { code: error.code, message: error.message };
  if (error instanceof AwsError)
    return { code: error.status === 403 ? 'PermissionError' : 'JobFailed', message: `${error.code}: ${error.message}` };
  if (error instanceof Fault) return { code: 'ConfigurationError', message: error.message };
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  world.journal.write({
    kind: 'fault',
    account: execution.pipeline.account,
    region: execution.pipeline.region,
    subject: execution.pipeline.arn,
    text,
    cause: execution.cause,
  });
  return { code: 'InternalError', message: text.split('\n')[0] ?? 'unknown' };
}

const abandonKey = (id: string): string => `codepipeline/abandon/${id}`;

/** Resolves when somebody abandons the action; its provider's own work goes on. */
function abandoned(world: World, id: string): Promise<'abandoned'> {
  return new Promise((resolve) => {
    world.live.get(abandonKey(id), () => ({ close: () => undefined, abandon: () => resolve('abandoned') }));
  });
}

/** Abandons an action that runs. */
export const abandon = (world: World, id: string): void =>
  world.live.find<{ close(): void; abandon(): void }>(abandonKey(id))?.abandon();
