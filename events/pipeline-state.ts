import { z } from 'zod';
import { pipelineName, stageOrActionName, uuid } from './fields.ts';
import { envelope, readReceived } from './reading.ts';

/** Who publishes state changes. */
export const pipelineStateSource = 'aws.codepipeline';

/** AWS's three messages about a running pipeline. Source: facts 3.10. */
export const pipelineStateDetailTypes = {
  execution: 'CodePipeline Pipeline Execution State Change',
  stage: 'CodePipeline Stage Execution State Change',
  action: 'CodePipeline Action Execution State Change',
} as const;

/** Something of an execution changed state. `stage` is null for the execution as a whole, `action` for a stage. */
export interface PipelineState {
  readonly eventId: string;
  readonly account: string;
  readonly region: string;
  /** ISO 8601 in UTC, to the second. */
  readonly at: string;
  readonly pipeline: string;
  /** UUID. */
  readonly executionId: string;
  readonly stage: string | null;
  readonly action: string | null;
  /** An action's category, such as Build or Approval. */
  readonly category: string | null;
  readonly state: z.infer<typeof state>;
  /** What an action's provider said at its end, such as why a build failed. */
  readonly summary: string | null;
  /** Begins at 1; a retried stage raises it. */
  readonly attempt: number;
  /** Who started the execution: an assumed-role ARN for StartPipelineExecution. Shown on STARTED. */
  readonly trigger: { readonly type: string; readonly detail: string } | null;
}

const state = z.enum([
  'STARTED',
  'SUCCEEDED',
  'FAILED',
  'RESUMED',
  'STOPPING',
  'STOPPED',
  'SUPERSEDED',
  'CANCELED',
  'ABANDONED',
]);

const detail = z.object({
  pipeline: pipelineName,
  'execution-id': uuid,
  state,
  stage: stageOrActionName.optional(),
  action: stageOrActionName.optional(),
  type: z.object({ category: z.string().max(50) }).optional(),
  'execution-result': z.object({ 'external-execution-summary': z.string().max(4000).optional() }).optional(),
  'pipeline-execution-attempt': z.number().int().positive().optional(),
  'execution-trigger': z
    .object({ 'trigger-type': z.string().max(100), 'trigger-detail': z.string().max(2048).optional() })
    .optional(),
});

const schema = envelope(pipelineStateSource, Object.values(pipelineStateDetailTypes), detail);

/** Reads AWS's event into our words; throws EventMalformed rather than guess. */
export function parsePipelineState(event: unknown): PipelineState {
  const { id, account, region, at, detail: change } = readReceived(schema, event);
  const trigger = change['execution-trigger'];
  return {
    eventId: id,
    account,
    region,
    at,
    pipeline: change.pipeline,
    executionId: change['execution-id'],
    stage: change.stage ?? null,
    action: change.action ?? null,
    category: change.type?.category ?? null,
    state: change.state,
    summary: change['execution-result']?.['external-execution-summary'] ?? null,
    attempt: change['pipeline-execution-attempt'] ?? 1,
    trigger: trigger ? { type: trigger['trigger-type'], detail: trigger['trigger-detail'] ?? '' } : null,
  };
}

/** Whose state changes a pattern takes. */
export interface OwnPipelines {
  readonly account: string;
  readonly pipelines: readonly string[];
}

/** State changes of whole executions and of stages: what an environment reports home. */
export function executionAndStagePattern(of: OwnPipelines) {
  return pattern(of, [pipelineStateDetailTypes.execution, pipelineStateDetailTypes.stage]);
}

/** State changes of actions, but not of Source actions: theirs carry commit messages (facts 3.10). */
export function actionPattern(of: OwnPipelines) {
  return pattern(of, [pipelineStateDetailTypes.action], { type: { category: [{ 'anything-but': 'Source' }] } });
}

/** Executions that ended without delivering: people who merged want to be told. */
export function failedExecutionPattern(of: OwnPipelines) {
  return pattern(of, [pipelineStateDetailTypes.execution], { state: ['FAILED'] });
}

/** Executions that ended in one of these states. */
export function endedExecutionPattern(of: OwnPipelines, states: readonly PipelineState['state'][]) {
  return pattern(of, [pipelineStateDetailTypes.execution], { state: [...states] });
}

function pattern<Detail extends object>(of: OwnPipelines, detailTypes: readonly string[], more?: Detail) {
  return {
    source: [pipelineStateSource],
    account: [of.account],
    'detail-type': [...detailTypes],
    detail: { pipeline: [...new Set(of.pipelines)].sort(), ...more },
  };
}
