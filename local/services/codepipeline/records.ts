import { table } from '../../world/store.ts';
import type { World } from '../../world/world.ts';
import { type ActionExecution, actionExecutions, type Execution, executions, type Status } from './tables.ts';

/**
 * Which rows belong together, so that no question about one pipeline reads the rows of all others. These lists grow in place: copying them
 * at each start would make the thousandth execution a thousand times as dear as the first.
 */
interface Lists {
  readonly executions: string[];
  readonly runs: string[];
  readonly running: Set<string>;
}

const listsOfPipelines = table<Lists>('codepipeline/lists-of-pipelines');
const runsOfExecutions = table<string[]>('codepipeline/runs-of-executions');

function listsOf(world: World, pipelineArn: string): Lists {
  const all = world.store.in(listsOfPipelines);
  const known = all.get(pipelineArn) ?? { executions: [], runs: [], running: new Set<string>() };
  all.put(pipelineArn, known);
  return known;
}

/** Writes down a new execution. */
export function addExecution(world: World, execution: Execution): void {
  world.store.in(executions).put(execution.id, execution);
  const lists = listsOf(world, execution.pipeline.arn);
  lists.executions.push(execution.id);
  lists.running.add(execution.id);
}

const goesOn = (status: Status): boolean => status === 'InProgress' || status === 'Stopping';

/** Keeps the list of those that run in step with an execution's status. */
export function noteStatus(world: World, { id, pipeline, status }: Execution): void {
  const { running } = listsOf(world, pipeline.arn);
  if (goesOn(status)) running.add(id);
  else running.delete(id);
}

/** Writes down a new run of an action. */
export function addRun(world: World, run: ActionExecution): void {
  world.store.in(actionExecutions).put(run.id, run);
  listsOf(world, run.pipelineArn).runs.push(run.id);
  const runs = world.store.in(runsOfExecutions);
  const known = runs.get(run.executionId);
  if (known === undefined) runs.put(run.executionId, [run.id]);
  else known.push(run.id);
}

const found = <Row>(ids: readonly string[], row: (id: string) => Row | undefined): Row[] =>
  ids.flatMap((id) => row(id) ?? []);

/** The executions of a pipeline, oldest first. */
export const executionsOf = (world: World, pipelineArn: string): readonly Execution[] =>
  found(listsOf(world, pipelineArn).executions, (id) => world.store.in(executions).get(id));

/** How many executions of a pipeline have not ended. */
export const runningCount = (world: World, pipelineArn: string): number => listsOf(world, pipelineArn).running.size;

/** The runs of all actions of a pipeline, oldest first. */
export const runsOf = (world: World, pipelineArn: string): readonly ActionExecution[] =>
  found(listsOf(world, pipelineArn).runs, (id) => world.store.in(actionExecutions).get(id));

/** The runs of all actions in an execution, oldest first. */
export const runsIn = (world: World, executionId: string): readonly ActionExecution[] =>
  found(world.store.in(runsOfExecutions).get(executionId) ?? [], (id) => world.store.in(actionExecutions).get(id));

/** Whether an execution that was started after `id` has been in that stage. */
export function isOvertaken(world: World, pipelineArn: string, id: string, stage: string): boolean {
  const { executions: ids } = listsOf(world, pipelineArn);
  for (let at = ids.length - 1; at >= 0 && ids[at] !== id; at--)
    if (world.store.in(executions).get(ids[at] ?? '')?.stages[stage] !== undefined) return true;
  return false;
}

/** Forgets what a pipeline that is gone has done. */
export function forgetPipeline(world: World, pipelineArn: string): void {
  world.store.in(listsOfPipelines).delete(pipelineArn);
}
