import type { ResourceModel, Service } from '../../world/service.ts';
import { putApprovalResult, retryStageExecution, stopPipelineExecution } from './control.ts';
import { customActionType } from './custom-type.ts';
import { createCustomActionType, deleteCustomActionType } from './custom-type-operations.ts';
import { getPipeline, listPipelines } from './describe.ts';
import {
  acknowledgeJob,
  getJobDetails,
  pollForJobs,
  putJobFailureResult,
  putJobSuccessResult,
} from './job-operations.ts';
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
import { disableStageTransition, enableStageTransition } from './transitions.ts';
import { getActionType, listActionTypes, listRuleTypes } from './types.ts';

/** AWS CodePipeline V2. What actions can be, stands in `actions/`; what rules can be, in `rules/`. */
export const codepipeline: Service = {
  name: 'codepipeline',
  targetPrefix: 'CodePipeline_20150709',
  operations: {
    AcknowledgeJob: acknowledgeJob,
    CreateCustomActionType: createCustomActionType,
    CreatePipeline: createPipeline,
    DeleteCustomActionType: deleteCustomActionType,
    DeletePipeline: deletePipeline,
    DisableStageTransition: disableStageTransition,
    EnableStageTransition: enableStageTransition,
    GetActionType: getActionType,
    GetJobDetails: getJobDetails,
    GetPipeline: getPipeline,
    GetPipelineExecution: getPipelineExecution,
    GetPipelineState: getPipelineState,
    ListActionExecutions: listActionExecutions,
    ListActionTypes: listActionTypes,
    ListPipelineExecutions: listPipelineExecutions,
    ListPipelines: listPipelines,
    ListRuleExecutions: listRuleExecutions,
    ListRuleTypes: listRuleTypes,
    ListTagsForResource: listTagsForResource,
    OverrideStageCondition: overrideStageCondition,
    PollForJobs: pollForJobs,
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
  'AWS::CodePipeline::CustomActionType': customActionType,
  'AWS::CodePipeline::Pipeline': pipeline,
};
