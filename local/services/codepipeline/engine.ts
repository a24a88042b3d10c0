import { AwsError } from '../../world/failure.ts';
import type { World } from '../../world/world.ts';
import { change } from './change.ts';
import { runAction } from './run-action.ts';
import {
  type Action,
  actionExecutions,
  doors,
  type Execution,
  executions,
  type Pipeline,
  requestTokens,
  type Stage,
  type StageDoor,
  type Status,
} from './tables.ts';
import { tellState } from './tell.ts';

/** What an execution is started with. */
export interface Start {
  readonly trigger: { readonly type: string; readonly detail: string };
  readonly variables: Readonly<Record<string, string>>;
  readonly pinned: Readonly<Record<string, string>>;
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
    attempt: 1,
    startedAt: now,
    updatedAt: now,
    cause: start.cause,
  };
  world.store.in(executions).put(execution.id, execution);
  if (tokenKey !== undefined) world.store.in(requestTokens).put(tokenKey, execution.id);
  tellState(world, execution, 'STARTED');
  enter(world, execution.id, 0);
  return execution;
}

const mostConcurrent = 50;

/** Throws ConcurrentPipelineExecutionsLimitExceededException. Source: facts 3.3. */
function checkConcurrency(world: World, { arn, executionMode }: Pipeline): void {
  if (executionMode === 'SUPERSEDED') return;
  const running = world.store
    .in(executions)
    .where((row) => row.pipeline.arn === arn && (row.status === 'InProgress' || row.status === 'Stopping'));
  if (running.length >= mostConcurrent)
    throw new AwsError(
      'ConcurrentPipelineExecutionsLimitExceededException',
      `The pipeline has ${mostConcurrent} executions that run: wait for one to end, or stop one`,
    );
}

/** Runs one stage again with the revisions, variables and artifacts of an execution that went through it; answers the new execution. */
export function rollBack(world: World, target: Execution, stage: Stage, by: string, cause: string): Execution {
  const now = world.clock.now();
  const { stop: _stop, statusSummary: _summary, ...was } = target;
  const execution: Execution = {
    ...was,
    id: world.chance.uuid(),
    status: 'InProgress',
    trigger: { type: 'ManualRollback', detail: by },
    rollbackOf: target.id,
    stages: {},
    attempt: 1,
    startedAt: now,
    updatedAt: now,
    cause,
  };
  world.store.in(executions).put(execution.id, execution);
  tellState(world, execution, 'STARTED');
  enter(world, execution.id, execution.pipeline.stages.indexOf(stage));
  return execution;
}

const current = (world: World, id: string): Execution => world.store.in(executions).get(id) as Execution;

const doorKey = (pipeline: Pipeline, stage: string): string => `${pipeline.arn}/${stage}`;

/** The door of a stage as it is. */
export const doorOf = (world: World, pipeline: Pipeline, stage: string): StageDoor =>
  world.store.in(doors).get(doorKey(pipeline, stage)) ?? { waiting: [] };

/** Changes the door of a stage. */
export const changeDoor = (world: World, pipeline: Pipeline, stage: string, part: Partial<StageDoor>): void =>
  world.store.in(doors).put(doorKey(pipeline, stage), { ...doorOf(world, pipeline, stage), ...part });

/** Lets an execution into its next stage, or makes it wait in front of it as its mode says (facts 3.3). */
function enter(world: World, id: string, index: number): void {
  const execution = current(world, id);
  const { pipeline } = execution;
  const stage = pipeline.stages[index];
  if (stage === undefined) return end(world, id, 'Succeeded');
  if (execution.status === 'Stopping') return end(world, id, 'Stopped');
  const door = doorOf(world, pipeline, stage.name);
  if (
    pipeline.executionMode !== 'PARALLEL' &&
    (door.occupant !== undefined || door.disabled !== undefined || door.waiting.length > 0)
  ) {
    if (pipeline.executionMode === 'SUPERSEDED') for (const older of door.waiting) supersede(world, older, id);
    changeDoor(world, pipeline, stage.name, {
      waiting: pipeline.executionMode === 'SUPERSEDED' ? [id] : [...door.waiting, id],
    });
    admitNext(world, pipeline, stage.name);
    return;
  }
  begin(world, id, index, stage);
}

/** Lets in who waits first, if the stage is free and its door open. */
export function admitNext(world: World, pipeline: Pipeline, stageName: string): void {
  const door = doorOf(world, pipeline, stageName);
  const [next, ...waiting] = door.waiting;
  if (next === undefined || door.occupant !== undefined || door.disabled !== undefined) return;
  changeDoor(world, pipeline, stageName, { waiting });
  const execution = current(world, next);
  if (execution.status === 'Stopping') {
    end(world, next, 'Stopped');
    return admitNext(world, pipeline, stageName);
  }
  const index = execution.pipeline.stages.findIndex(({ name }) => name === stageName);
  const stage = execution.pipeline.stages[index];
  if (stage !== undefined) begin(world, next, index, stage);
}

function supersede(world: World, id: string, by: string): void {
  const execution = change(world, id, { status: 'Superseded', statusSummary: `superseded by ${by}` });
  tellState(world, execution, 'SUPERSEDED');
}

function begin(world: World, id: string, index: number, stage: Stage, only?: (action: Action) => boolean): void {
  const { pipeline, stages } = current(world, id);
  if (pipeline.executionMode !== 'PARALLEL') changeDoor(world, pipeline, stage.name, { occupant: id });
  const execution = change(world, id, { stages: { ...stages, [stage.name]: 'InProgress' } });
  tellState(world, execution, only === undefined ? 'STARTED' : 'RESUMED', stage.name);
  world.background(
    `${pipeline.arn}/${stage.name}`,
    execution.cause,
    async () => {
      const outcome = await runStage(world, id, stage, only ?? (() => true));
      leave(world, id, index, stage, outcome);
    },
    'lasting',
  );
}

/** Runs the actions of a stage, those of one run order at a time. */
async function runStage(world: World, id: string, stage: Stage, wanted: (action: Action) => boolean): Promise<Status> {
  const orders = [...new Set(stage.actions.map(({ runOrder }) => runOrder))].sort((a, b) => a - b);
  for (const order of orders) {
    if (current(world, id).status === 'Stopping') return 'Stopped';
    const group = stage.actions.filter((action) => action.runOrder === order && wanted(action));
    const outcomes = await Promise.all(group.map((action) => runAction(world, id, stage.name, action)));
    if (outcomes.includes('Abandoned')) return 'Stopped';
    if (outcomes.includes('Failed')) return 'Failed';
  }
  return current(world, id).status === 'Stopping' ? 'Stopped' : 'Succeeded';
}

function leave(world: World, id: string, index: number, stage: Stage, outcome: Status): void {
  const before = current(world, id);
  const execution = change(world, id, { stages: { ...before.stages, [stage.name]: outcome } });
  tellState(world, execution, outcome.toUpperCase(), stage.name);
  const { pipeline } = execution;
  if (pipeline.executionMode !== 'PARALLEL') leaveDoor(world, pipeline, stage.name);
  if (outcome !== 'Succeeded') end(world, id, outcome, summaryOf(world, execution, stage.name, outcome));
  else if (execution.rollbackOf === undefined) enter(world, id, index + 1);
  else end(world, id, 'Succeeded');
  admitNext(world, pipeline, stage.name);
}

/** Which action it was and what it said, for the list of executions. */
function summaryOf(world: World, { id, stop }: Execution, stage: string, outcome: Status): string {
  if (outcome === 'Stopped') return `stopped in stage ${stage}${stop === undefined ? '' : `: ${stop.reason}`}`;
  const failed = world.store
    .in(actionExecutions)
    .where((run) => run.executionId === id && run.stage === stage && run.status === 'Failed')
    .at(-1);
  return `${stage}/${failed?.action.name ?? ''}: ${failed?.error?.message ?? 'failed'}`;
}

function end(world: World, id: string, status: Status, statusSummary?: string): void {
  const execution = change(world, id, { status, ...(statusSummary === undefined ? {} : { statusSummary }) });
  tellState(world, execution, status.toUpperCase());
}

/** Runs a failed stage of an execution again: all of its actions, or those that did not succeed. */
export function retryStage(
  world: World,
  execution: Execution,
  stageName: string,
  wanted: (action: Action) => boolean,
): void {
  const index = execution.pipeline.stages.findIndex(({ name }) => name === stageName);
  const stage = execution.pipeline.stages[index];
  if (stage === undefined) return;
  const { stop: _stop, statusSummary: _summary, ...rest } = execution;
  world.store
    .in(executions)
    .put(execution.id, { ...rest, status: 'InProgress', attempt: execution.attempt + 1, updatedAt: world.clock.now() });
  tellState(world, current(world, execution.id), 'RESUMED');
  begin(world, execution.id, index, stage, wanted);
}

function leaveDoor(world: World, pipeline: Pipeline, stage: string): void {
  const { occupant: _left, ...door } = doorOf(world, pipeline, stage);
  world.store.in(doors).put(doorKey(pipeline, stage), door);
}
