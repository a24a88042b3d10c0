import type { ResourceModel, Service } from '../../world/service.ts';
import {
  disableStageTransition,
  enableStageTransition,
  putApprovalResult,
  retryStageExecution,
  stopPipelineExecution,
} from './control.ts';
import {
  getPipeline,
  getPipelineExecution,
  getPipelineState,
  listActionExecutions,
  listPipelineExecutions,
  listPipelines,
} from './describe.ts';
import { pipeline } from './pipeline.ts';
import { rollbackStage } from './rollback-stage.ts';
import { startPipelineExecution } from './start.ts';

/** AWS CodePipeline V2. What actions can be, stands in `actions/`. */
export const codepipeline: Service = {
  name: 'codepipeline',
  targetPrefix: 'CodePipeline_20150709',
  operations: {
    DisableStageTransition: disableStageTransition,
    EnableStageTransition: enableStageTransition,
    GetPipeline: getPipeline,
    GetPipelineExecution: getPipelineExecution,
    GetPipelineState: getPipelineState,
    ListActionExecutions: listActionExecutions,
    ListPipelineExecutions: listPipelineExecutions,
    ListPipelines: listPipelines,
    PutApprovalResult: putApprovalResult,
    RollbackStage: rollbackStage,
    RetryStageExecution: retryStageExecution,
    StartPipelineExecution: startPipelineExecution,
    StopPipelineExecution: stopPipelineExecution,
  },
};

export const codepipelineResources: Readonly<Record<string, ResourceModel>> = {
  'AWS::CodePipeline::Pipeline': pipeline,
};
