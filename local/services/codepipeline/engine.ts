import { AwsError } from '../../world/failure.ts';
import type { World } from '../../world/world.ts';
import { atMost } from './at-most.ts';
import { change } from './change.ts';
import { isMet, isOverridden } from './conditions.ts';
import { changeDoor, doorOf, leaveDoor } from './doors.ts';
import { retriesItself, summaryOf, unsuccessful, wantsRollback } from './failed-stage.ts';
import { addExecution, executionsOf, runningCount } from './records.ts';
import { runAction } from './run-action.ts';
import {
  type Action,
  type Execution,
  executions,
  type Pipeline,
  requestTokens,
  type Stage,
  type Status,
} from './tables.ts';
import { tellState } from './tell.ts';
import { readHeads } from './trigger-heads.ts';

/** What an execution is started with. */
export interface Start {
  readonly trigger: { readonly type: string; readonly detail: string };
  readonly variables: Readonly<Record<string, string>>;
  readonly pinned: Execution['pinned'];
  readonly cause: string;
  readonly token?: string;
}

/** Records a new execution at once and lets it run. A repeated token answers the execution it made: AWS does not document what it does. */
export function startExecution(world: World, pipeline: Pipeline, start: Start): Execution {
  const tokenKey = start.token === undefined ? undefined : `${pipeline.arn}/${start.token}`;
  const repeated =
    tokenKey === undefined
      ? undefined
      : world.store.in(executions).get(world.store.in(requestTokens).get(tokenKey) ?? '');
  if (repeated !== undefined) return repeated;
  checkConcurrency(world, pipeline);
  const now = world.clock.now();
  const execution: Execution = {
    id: world.chance.uuid(),
    pipeline,
    status: 'InProgress',
    trigger: start.trigger,
    variables: start.variables,
    pinned: start.pinned,
    revisions: [],
    artifacts: {},
    namespaces: {},
    stages: {},
    conditions: {},
    retriedStages: [],
    attempt: 1,
    startedAt: now,
    updatedAt: now,
    cause: start.cause,
  };
  addExecution(world, execution);
  if (tokenKey !== undefined) world.store.in(requestTokens).put(tokenKey, execution.id);
  tellState(world, execution, 'STARTED');
  enter(world, execution.id, 0);
  readHeads(world, execution.id);
  return execution;
}

const mostConcurrent = 50;

/** Throws ConcurrentPipelineExecutionsLimitExceededException. Source: facts 3.3. */
export function checkConcurrency(world: World, { arn, executionMode }: Pipeline): void {
  if (executionMode !== 'SUPERSEDED' && runningCount(world, arn) >= mostConcurrent)
    throw new AwsError(
      'ConcurrentPipelineExecutionsLimitExceededException',
      `The pipeline has ${mostConcurrent} executions that run: wait for one to end, or stop one`,
    );
}

/** Runs one stage again with the revisions, variables and artifacts of an execution that went through it; answers the new execution. */
export function rollBack(
  world: World,
  target: Execution,
  stage: Stage,
  trigger: Execution['trigger'],
  cause: string,
): Execution {
  const now = world.clock.now();
  const { stop: _stop, statusSummary: _summary, ...was } = target;
  const execution: Execution = {
    ...was,
    id: world.chance.uuid(),
    status: 'InProgress',
    trigger,
    rollbackOf: target.id,
    stages: {},
    conditions: {},
    retriedStages: [],
    attempt: 1,
    startedAt: now,
    updatedAt: now,
    cause,
  };
  addExecution(world, execution);
  tellState(world, execution, 'STARTED');
  enter(world, execution.id, execution.pipeline.stages.indexOf(stage));
  return execution;
}

const current = (world: World, id: string): Execution => world.store.in(executions).get(id) as Execution;

/** Lets an execution into its next stage, or makes it wait in front of it as its mode says (facts 3.3). */
function enter(world: World, id: string, index: number): void {
  const execution = current(world, id);
  const { pipeline } = execution;
  const stage = pipeline.stages[index];
  if (stage === undefined) return end(world, id, 'Succeeded');
  if (execution.status === 'Stopping') return end(world, id, 'Stopped');
  const door = doorOf(world, pipeline, stage.name);
  const { executionMode: mode } = pipeline;
  if (
    door.disabled === undefined &&
    (mode === 'PARALLEL' || (door.occupant === undefined && door.waiting.length === 0))
  )
    return begin(world, id, index, stage);
  if (mode === 'SUPERSEDED') for (const older of door.waiting) supersede(world, older, id);
  changeDoor(world, pipeline, stage.name, { waiting: mode === 'SUPERSEDED' ? [id] : [...door.waiting, id] });
  admitNext(world, pipeline, stage.name);
}

/** Lets in who waits first, if the stage is free and its door open. */
export function admitNext(world: World, pipeline: Pipeline, stageName: string): void {
  const door = doorOf(world, pipeline, stageName);
  const [next, ...waiting] = door.waiting;
  if (next === undefined || door.occupant !== undefined || door.disabled !== undefined) return;
  changeDoor(world, pipeline, stageName, { waiting });
  const execution = current(world, next);
  const index = execution.pipeline.stages.findIndex(({ name }) => name === stageName);
  const stage = execution.pipeline.stages[index];
  if (execution.status === 'Stopping') end(world, next, 'Stopped');
  else if (stage !== undefined) begin(world, next, index, stage);
  if (doorOf(world, pipeline, stageName).occupant === undefined) admitNext(world, pipeline, stageName);
}

function supersede(world: World, id: string, by: string): void {
  const execution = change(world, id, { status: 'Superseded', statusSummary: `superseded by ${by}` });
  tellState(world, execution, 'SUPERSEDED');
}

function begin(world: World, id: string, index: number, stage: Stage, only?: (action: Action) => boolean): void {
  const { pipeline, stages, conditions: before } = current(world, id);
  if (pipeline.executionMode !== 'PARALLEL') changeDoor(world, pipeline, stage.name, { occupant: id });
  const conditions = Object.fromEntries(
    Object.entries(before).filter(([key, { status }]) => status === 'Overridden' || !key.startsWith(`${stage.name}/`)),
  );
  const execution = change(world, id, { stages: { ...stages, [stage.name]: 'InProgress' }, conditions });
  tellState(world, execution, only === undefined ? 'STARTED' : 'RESUMED', stage.name);
  world.background(
    `${pipeline.arn}/${stage.name}`,
    execution.cause,
    async () => {
      const outcome = await passStage(world, id, stage, only ?? (() => true));
      await leave(world, id, index, stage, outcome);
    },
    'lasting',
  );
}

/** The stage with its conditions: before it is entered, its actions, and after it succeeded. */
async function passStage(
  world: World,
  id: string,
  stage: Stage,
  wanted: (action: Action) => boolean,
): Promise<Status | 'Skipped'> {
  const { beforeEntry, onSuccess } = stage;
  if (beforeEntry !== undefined && !(await isMet(world, id, stage.name, 'BEFORE_ENTRY', beforeEntry)))
    return isStopping(world, id) ? 'Stopped' : beforeEntry.result === 'SKIP' ? 'Skipped' : 'Failed';
  const outcome = await runStage(world, id, stage, wanted);
  if (outcome !== 'Succeeded' || onSuccess === undefined) return outcome;
  if (await isMet(world, id, stage.name, 'ON_SUCCESS', onSuccess)) return 'Succeeded';
  return isStopping(world, id) ? 'Stopped' : 'Failed';
}

const isStopping = (world: World, id: string): boolean => current(world, id).status === 'Stopping';

/** Actions of one execution that run side by side in PARALLEL mode. Source: facts 3.3. */
const mostInParallel = 5;

/** Runs the actions of a stage, those of one run order at a time. */
async function runStage(world: World, id: string, stage: Stage, wanted: (action: Action) => boolean): Promise<Status> {
  const most = current(world, id).pipeline.executionMode === 'PARALLEL' ? mostInParallel : stage.actions.length;
  const orders = [...new Set(stage.actions.map(({ runOrder }) => runOrder))].sort((a, b) => a - b);
  for (const order of orders) {
    if (isStopping(world, id)) return 'Stopped';
    const group = stage.actions.filter((action) => action.runOrder === order && wanted(action));
    const outcomes = await atMost(most, group, async (action) =>
      // One that still waits for its turn does not begin once the execution is being stopped.
      isStopping(world, id) ? 'Abandoned' : runAction(world, id, stage.name, action),
    );
    if (outcomes.includes('Abandoned')) return 'Stopped';
    if (outcomes.includes('Failed')) return 'Failed';
  }
  return isStopping(world, id) ? 'Stopped' : 'Succeeded';
}

async function leave(
  world: World,
  id: string,
  index: number,
  stage: Stage,
  outcome: Status | 'Skipped',
): Promise<void> {
  const before = current(world, id);
  const execution = change(world, id, { stages: { ...before.stages, [stage.name]: outcome } });
  if (outcome !== 'Skipped') tellState(world, execution, outcome.toUpperCase(), stage.name);
  if (outcome === 'Failed' && retriesItself(execution, stage)) return retryItself(world, execution, stage);
  const rollsBack = outcome === 'Failed' && (await wantsRollback(world, execution, stage));
  const { pipeline } = execution;
  if (pipeline.executionMode !== 'PARALLEL') leaveDoor(world, pipeline, stage.name, id);
  if (outcome === 'Failed' || outcome === 'Stopped')
    end(world, id, outcome, summaryOf(world, execution, stage.name, outcome));
  else if (execution.rollbackOf === undefined) enter(world, id, index + 1);
  else end(world, id, 'Succeeded');
  if (rollsBack) rollItselfBack(world, execution, stage);
  admitNext(world, pipeline, stage.name);
}

function retryItself(world: World, { id, retriedStages }: Execution, { name, onFailure }: Stage): void {
  const execution = change(world, id, { retriedStages: [...retriedStages, name] });
  const all = onFailure?.retryMode === 'ALL_ACTIONS';
  retryStage(world, execution, name, all ? () => true : unsuccessful(world, id, name));
}

/** To the newest execution of this structure that went through the stage; without one, the failure stays as it is. */
function rollItselfBack(world: World, { id, pipeline, cause }: Execution, stage: Stage): void {
  const target = executionsOf(world, pipeline.arn).findLast(
    (row) =>
      row.id !== id &&
      row.rollbackOf === undefined &&
      row.pipeline.version === pipeline.version &&
      row.stages[stage.name] === 'Succeeded',
  );
  const own = target?.pipeline.stages.find(({ name }) => name === stage.name);
  if (target !== undefined && own !== undefined)
    rollBack(world, target, own, { type: 'AutomatedRollback', detail: id }, cause);
}

function end(world: World, id: string, status: Status, statusSummary?: string): void {
  const execution = change(world, id, { status, ...(statusSummary === undefined ? {} : { statusSummary }) });
  tellState(world, execution, status.toUpperCase());
}

/** Runs a stage of an execution again, within it: all of its actions, or those that did not succeed. */
export function retryStage(
  world: World,
  execution: Execution,
  stageName: string,
  wanted: (action: Action) => boolean,
): void {
  const index = execution.pipeline.stages.findIndex(({ name }) => name === stageName);
  const stage = execution.pipeline.stages[index];
  if (stage === undefined) return;
  resume(world, execution);
  begin(world, execution.id, index, stage, wanted);
}

function resume(world: World, { id, attempt }: Execution): void {
  const { stop: _stop, statusSummary: _summary, ...rest } = current(world, id);
  world.store.in(executions).put(id, rest);
  tellState(world, change(world, id, { status: 'InProgress', attempt: attempt + 1 }), 'RESUMED');
}

/** Lets an execution go on past a condition that was overridden: into the stage's actions, or behind the stage. */
export function goOn(world: World, execution: Execution, stageName: string): void {
  const index = execution.pipeline.stages.findIndex(({ name }) => name === stageName);
  if (isOverridden(execution, stageName, 'ON_SUCCESS')) {
    resume(world, execution);
    const passed = change(world, execution.id, { stages: { ...execution.stages, [stageName]: 'Succeeded' } });
    tellState(world, passed, 'SUCCEEDED', stageName);
    enter(world, execution.id, index + 1);
  } else retryStage(world, execution, stageName, () => true);
}
