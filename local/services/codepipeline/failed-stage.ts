import type { World } from '../../world/world.ts';
import { isMet } from './conditions.ts';
import { runsIn } from './records.ts';
import type { Action, Execution, Stage, Status } from './tables.ts';

/** A stage is retried by itself once, only for its actions' failure, and never when somebody stops the execution. */
export const retriesItself = ({ status, retriedStages, conditions }: Execution, { name, onFailure }: Stage): boolean =>
  status === 'InProgress' &&
  onFailure?.result === 'RETRY' &&
  !retriedStages.includes(name) &&
  conditions[`${name}/BEFORE_ENTRY`]?.status !== 'Failed' &&
  conditions[`${name}/ON_SUCCESS`]?.status !== 'Failed';

/** The actions of a stage whose last run did not succeed. */
export function unsuccessful(world: World, id: string, stage: string): (action: Action) => boolean {
  const runs = runsIn(world, id).filter((run) => run.stage === stage);
  return ({ name }) => runs.findLast((run) => run.action.name === name)?.status !== 'Succeeded';
}

/** Whether the stage's failure is answered by a rollback. A rollback is never rolled back (facts 3.5). */
export async function wantsRollback(world: World, execution: Execution, stage: Stage): Promise<boolean> {
  const { onSuccess, onFailure } = stage;
  if (execution.status !== 'InProgress' || execution.rollbackOf !== undefined) return false;
  if (execution.pipeline.executionMode === 'PARALLEL') return false;
  if (execution.conditions[`${stage.name}/BEFORE_ENTRY`]?.status === 'Failed') return false;
  if (execution.conditions[`${stage.name}/ON_SUCCESS`]?.status === 'Failed') return onSuccess?.result === 'ROLLBACK';
  if (onFailure?.condition === undefined) return onFailure?.result === 'ROLLBACK';
  const met = await isMet(world, execution.id, stage.name, 'ON_FAILURE', onFailure.condition);
  return !met && onFailure.condition.result === 'ROLLBACK';
}

/** Which action it was and what it said, for the list of executions. */
export function summaryOf(world: World, { id, stop, conditions }: Execution, stage: string, outcome: Status): string {
  if (outcome === 'Stopped') return `stopped in stage ${stage}${stop === undefined ? '' : `: ${stop.reason}`}`;
  for (const type of ['BEFORE_ENTRY', 'ON_SUCCESS'] as const) {
    const condition = conditions[`${stage}/${type}`];
    if (condition?.status === 'Failed') return `${stage} condition ${type}: ${condition.summary ?? 'not met'}`;
  }
  const failed = runsIn(world, id).findLast((run) => run.stage === stage && run.status === 'Failed');
  return `${stage}/${failed?.action.name ?? ''}: ${failed?.error?.message ?? 'failed'}`;
}
