import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { principalName } from '../../world/principal.ts';
import { type Call, operation } from '../../world/service.ts';
import { answerApproval } from './actions/manual-approval.ts';
import { change } from './change.ts';
import { abandonRules } from './conditions.ts';
import { changeDoor, doorOf } from './doors.ts';
import { checkConcurrency, retryStage } from './engine.ts';
import { unsuccessful } from './failed-stage.ts';
import { isOvertaken, runsIn, runsOf } from './records.ts';
import { abandon } from './run-action.ts';
import { type Execution, findExecution, findPipeline, findStage, type Pipeline, pipelineAccess } from './tables.ts';
import { tellState } from './tell.ts';

/** Answers an approval that waits. */
export const putApprovalResult = operation({
  input: z.object({
    pipelineName: z.string(),
    stageName: z.string(),
    actionName: z.string(),
    result: z.object({ summary: z.string().max(512), status: z.enum(['Approved', 'Rejected']) }),
    token: z.string(),
  }),
  access: ({ pipelineName, stageName, actionName }, call) => [
    pipelineAccess('PutApprovalResult', pipelineName, call, `/${stageName}/${actionName}`),
  ],
  run: ({ pipelineName, stageName, actionName, result, token }, call) => {
    const pipeline = findPipeline(call.world, pipelineName, call);
    const { actions } = findStage(pipeline, stageName);
    if (!actions.some(({ name, category }) => name === actionName && category === 'Approval'))
      throw new AwsError(
        'ActionNotFoundException',
        `Stage '${stageName}' of pipeline '${pipelineName}' has no approval '${actionName.slice(0, 100)}'`,
      );
    const runs = runsOf(call.world, pipeline.arn).filter(
      (run) => run.stage === stageName && run.action.name === actionName,
    );
    if (runs.length === 0)
      throw new AwsError(
        'ActionNotFoundException',
        `${pipelineName} has no approval ${stageName}/${actionName} that was reached`,
      );
    const waiting = runs.find((run) => run.token === token);
    if (waiting === undefined) {
      throw runs.some(({ status }) => status === 'InProgress')
        ? new AwsError(
            'InvalidApprovalTokenException',
            'The approval token is not valid: take it from GetPipelineState',
          )
        : new AwsError('ApprovalAlreadyCompletedException', 'The approval action has already been completed');
    }
    answerApproval(call.world, token, {
      approved: result.status === 'Approved',
      summary: result.summary,
      by: principalName(call.caller),
    });
    return { approvedAt: call.world.clock.date() };
  },
});

/** Runs a failed stage again within the same execution. */
export const retryStageExecution = operation({
  input: z.object({
    pipelineName: z.string(),
    stageName: z.string(),
    pipelineExecutionId: z.string(),
    retryMode: z.enum(['FAILED_ACTIONS', 'ALL_ACTIONS']),
  }),
  access: ({ pipelineName, stageName }, call) => [
    pipelineAccess('RetryStageExecution', pipelineName, call, `/${stageName}`),
  ],
  run: ({ pipelineName, stageName, pipelineExecutionId, retryMode }, call) => {
    const pipeline = findPipeline(call.world, pipelineName, call);
    const execution = findExecution(call.world, pipeline, pipelineExecutionId);
    checkRetryable(call, pipeline, execution, stageName);
    checkConcurrency(call.world, pipeline);
    const failed = unsuccessful(call.world, execution.id, stageName);
    retryStage(call.world, execution, stageName, retryMode === 'ALL_ACTIONS' ? () => true : failed);
    return { pipelineExecutionId };
  },
});

function checkRetryable({ world }: Call, pipeline: Pipeline, execution: Execution, stageName: string): void {
  findStage(pipeline, stageName);
  const status = execution.stages[stageName];
  if ((status !== 'Failed' && status !== 'Stopped') || execution.pipeline.version !== pipeline.version) {
    throw new AwsError(
      'StageNotRetryableException',
      `Stage ${stageName} of execution ${execution.id} cannot be retried: it is ${status ?? 'not reached'}, in version ${execution.pipeline.version} of ${pipeline.version}`,
    );
  }
  if (isOvertaken(world, pipeline.arn, execution.id, stageName))
    throw new AwsError(
      'NotLatestPipelineExecutionException',
      `Execution ${execution.id} is not the latest one in stage ${stageName}`,
    );
}

/** Stops an execution: when its running actions are done, or at once, leaving their work alone. */
export const stopPipelineExecution = operation({
  input: z.object({
    pipelineName: z.string(),
    pipelineExecutionId: z.string(),
    abandon: z.boolean().default(false),
    reason: z.string().max(200).default(''),
  }),
  access: ({ pipelineName }, call) => [pipelineAccess('StopPipelineExecution', pipelineName, call)],
  run: ({ pipelineName, pipelineExecutionId, abandon: atOnce, reason }, call) => {
    const execution = findExecution(call.world, findPipeline(call.world, pipelineName, call), pipelineExecutionId);
    if (execution.status === 'Stopping' && (!atOnce || execution.stop?.abandon === true))
      throw new AwsError(
        'DuplicatedStopRequestException',
        `Execution ${pipelineExecutionId} is Stopping already${atOnce ? '' : ': abandon it, or wait for its end'}`,
      );
    if (execution.status !== 'InProgress' && execution.status !== 'Stopping') {
      throw new AwsError(
        'PipelineExecutionNotStoppableException',
        `Execution ${pipelineExecutionId} is ${execution.status} and cannot be stopped`,
      );
    }
    tellState(
      call.world,
      change(call.world, execution.id, { status: 'Stopping', stop: { abandon: atOnce, reason } }),
      'STOPPING',
    );
    const running = runsIn(call.world, execution.id).filter(({ status }) => status === 'InProgress');
    if (atOnce) for (const run of running) abandon(call.world, run.id);
    if (atOnce) abandonRules(call.world, execution.id);
    leaveQueues(call, execution);
    return { pipelineExecutionId };
  },
});

/** One that only waits in front of a stage stops there. */
function leaveQueues({ world }: Call, { id, pipeline }: Execution): void {
  for (const { name } of pipeline.stages) {
    const { waiting } = doorOf(world, pipeline, name);
    if (!waiting.includes(id)) continue;
    changeDoor(world, pipeline, name, { waiting: waiting.filter((each) => each !== id) });
    tellState(world, change(world, id, { status: 'Stopped' }), 'STOPPED');
  }
}
