import type { ResourceModel, Service } from '../../world/service.ts';
import {
  disableStageTransition,
  enableStageTransition,
  putApprovalResult,
  retryStageExecution,
  stopPipelineExecution,
} from './control.ts';
import { getPipeline, listActionTypes, listPipelines } from './describe.ts';
import { putJobFailureResult, putJobSuccessResult } from './jobs.ts';
import { getPipelineExecution, listActionExecutions, listPipelineExecutions, listRuleExecutions } from './lists.ts';
import { overrideStageCondition } from './override-condition.ts';
import { pipeline } from './pipeline.ts';
import {
  createPipeline,
  deletePipeline,
  listTagsForResource,
  tagResource,
  untagResource,
  updatePipeline,
} from './pipeline-operations.ts';
import { rollbackStage } from './rollback-stage.ts';
import { startPipelineExecution } from './start.ts';
import { getPipelineState } from './state.ts';

/** AWS CodePipeline V2. What actions can be, stands in `actions/`; what rules can be, in `rules/`. */
export const codepipeline: Service = {
  name: 'codepipeline',
  targetPrefix: 'CodePipeline_20150709',
  operations: {
    CreatePipeline: createPipeline,
    DeletePipeline: deletePipeline,
    DisableStageTransition: disableStageTransition,
    EnableStageTransition: enableStageTransition,
    GetPipeline: getPipeline,
    GetPipelineExecution: getPipelineExecution,
    GetPipelineState: getPipelineState,
    ListActionExecutions: listActionExecutions,
    ListActionTypes: listActionTypes,
    ListPipelineExecutions: listPipelineExecutions,
    ListPipelines: listPipelines,
    ListRuleExecutions: listRuleExecutions,
    ListTagsForResource: listTagsForResource,
    OverrideStageCondition: overrideStageCondition,
    PutApprovalResult: putApprovalResult,
    PutJobFailureResult: putJobFailureResult,
    PutJobSuccessResult: putJobSuccessResult,
    RetryStageExecution: retryStageExecution,
    RollbackStage: rollbackStage,
    StartPipelineExecution: startPipelineExecution,
    StopPipelineExecution: stopPipelineExecution,
    TagResource: tagResource,
    UntagResource: untagResource,
    UpdatePipeline: updatePipeline,
  },
};

export const codepipelineResources: Readonly<Record<string, ResourceModel>> = {
  'AWS::CodePipeline::Pipeline': pipeline,
};
