import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import { change } from './change.ts';
import { checkConcurrency, goOn } from './engine.ts';
import { isOvertaken } from './records.ts';
import { findExecution, findPipeline, findStage, pipelineAccess } from './tables.ts';

/**
 * Lets an execution past a condition that failed. Throws ConditionNotOverridableException for one that did not fail or that skips,
 * NotLatestPipelineExecutionException once another execution has been in the stage. Source: facts 3.5.
 */
export const overrideStageCondition = operation({
  simplified: 'A condition is overridden once it has failed, and not while its rules are being asked.',
  input: z.object({
    pipelineName: z.string(),
    stageName: z.string(),
    pipelineExecutionId: z.string(),
    conditionType: z.enum(['BEFORE_ENTRY', 'ON_SUCCESS']),
  }),
  access: ({ pipelineName, stageName }, call) => [
    pipelineAccess('OverrideStageCondition', pipelineName, call, `/${stageName}`),
  ],
  run: ({ pipelineName, stageName, pipelineExecutionId, conditionType }, call) => {
    const pipeline = findPipeline(call.world, pipelineName, call);
    findStage(pipeline, stageName);
    const execution = findExecution(call.world, pipeline, pipelineExecutionId);
    const key = `${stageName}/${conditionType}`;
    const condition = execution.conditions[key];
    if (condition?.status !== 'Failed' || execution.stages[stageName] !== 'Failed' || execution.status !== 'Failed')
      throw new AwsError(
        'ConditionNotOverridableException',
        `Condition ${conditionType} of stage ${stageName} cannot be overridden: the stage is ${execution.stages[stageName] ?? 'not reached'}, the condition ${condition?.status ?? 'not asked'}`,
      );
    if (isOvertaken(call.world, pipeline.arn, execution.id, stageName))
      throw new AwsError(
        'NotLatestPipelineExecutionException',
        `Execution ${execution.id} is not the latest one in stage ${stageName}`,
      );
    checkConcurrency(call.world, pipeline);
    const conditions = {
      ...execution.conditions,
      [key]: { ...condition, status: 'Overridden' as const, updatedAt: call.world.clock.now() },
    };
    goOn(call.world, change(call.world, execution.id, { conditions }), stageName);
    return {};
  },
});
