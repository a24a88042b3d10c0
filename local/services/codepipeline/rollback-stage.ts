import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { principalName } from '../../world/principal.ts';
import { operation } from '../../world/service.ts';
import { rollBack } from './engine.ts';
import { findExecution, findPipeline, findStage, type Pipeline, pipelineAccess, type Stage } from './tables.ts';

/**
 * Runs a stage again as an earlier execution left it, in a new execution of type ROLLBACK. Throws PipelineExecutionOutdatedException when the
 * structure changed since then, UnableToRollbackStageException for anything else that stands against it. Source: facts 3.6.
 */
export const rollbackStage = operation({
  input: z.object({ pipelineName: z.string(), stageName: z.string(), targetPipelineExecutionId: z.string() }),
  access: ({ pipelineName, stageName }, call) => [pipelineAccess('RollbackStage', pipelineName, call, `/${stageName}`)],
  run: ({ pipelineName, stageName, targetPipelineExecutionId }, call) => {
    const pipeline = findPipeline(call.world, pipelineName, call);
    const stage = stageToRollBack(pipeline, stageName);
    const target = findExecution(call.world, pipeline, targetPipelineExecutionId);
    if (target.pipeline.version !== pipeline.version)
      throw new AwsError(
        'PipelineExecutionOutdatedException',
        `Execution ${target.id} ran in version ${target.pipeline.version} of the structure, and the pipeline has version ${pipeline.version}`,
      );
    if (target.rollbackOf !== undefined) throw unable(`execution ${target.id} is itself a rollback`);
    if (target.stages[stageName] !== 'Succeeded')
      throw unable(`execution ${target.id} has not succeeded in stage ${stageName}`);
    const execution = rollBack(
      call.world,
      target,
      stage,
      { type: 'ManualRollback', detail: principalName(call.caller) },
      call.cause,
    );
    return { pipelineExecutionId: execution.id };
  },
});

function stageToRollBack(pipeline: Pipeline, stageName: string): Stage {
  const stage = findStage(pipeline, stageName);
  const { stages, executionMode } = pipeline;
  if (executionMode === 'PARALLEL') throw unable('pipelines in PARALLEL mode cannot be rolled back');
  if (stage === stages[0]) throw unable('the source stage cannot be rolled back');
  return stage;
}

const unable = (reason: string): AwsError => new AwsError('UnableToRollbackStageException', reason);
