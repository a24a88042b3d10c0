import type { World } from '../../world/world.ts';
import { emit } from '../events/emit.ts';
import type { ActionExecution, Execution } from './tables.ts';

/** Tells a state change of an execution, or of one of its stages, and journals it. Source of the shapes: facts 3.10. */
export function tellState(world: World, execution: Execution, state: string, stage?: string): void {
  const { pipeline, trigger } = execution;
  const what = stage === undefined ? 'Pipeline' : 'Stage';
  journal(world, execution, `${pipeline.name}${stage === undefined ? '' : ` stage ${stage}`} is ${state}`, state);
  emit(world, {
    account: pipeline.account,
    region: pipeline.region,
    source: 'aws.codepipeline',
    resources: [pipeline.arn],
    cause: execution.cause,
    detailType: `CodePipeline ${what} Execution State Change`,
    detail: {
      ...common(execution, state),
      ...(stage === undefined ? {} : { stage }),
      ...(stage === undefined && state === 'STARTED'
        ? { 'execution-trigger': { 'trigger-type': trigger.type, 'trigger-detail': trigger.detail } }
        : {}),
      ...(state === 'STOPPING' && execution.stop !== undefined
        ? { 'stop-execution-comments': execution.stop.reason }
        : {}),
    },
  });
}

/** Tells a state change of an action. A Source action's success carries the commit message, as on AWS. */
export function tellAction(world: World, execution: Execution, ran: ActionExecution, state: string): void {
  const { pipeline } = execution;
  const { action, stage, externalId, summary, error } = ran;
  journal(
    world,
    execution,
    `${pipeline.name} ${stage}/${action.name} is ${state}${error === undefined ? '' : `: ${error.message}`}`,
    state,
  );
  emit(world, {
    account: pipeline.account,
    region: pipeline.region,
    source: 'aws.codepipeline',
    resources: [pipeline.arn],
    cause: execution.cause,
    detailType: 'CodePipeline Action Execution State Change',
    detail: {
      ...common(execution, state),
      stage,
      action: action.name,
      'action-execution-id': ran.id,
      region: pipeline.region,
      type: { owner: action.owner, category: action.category, provider: action.provider, version: action.version },
      ...(state === 'STARTED'
        ? { 'input-artifacts': artifacts(execution, action.inputs) }
        : {
            'execution-result': {
              ...(externalId === undefined ? {} : { 'external-execution-id': externalId }),
              ...(summary === undefined && error === undefined
                ? {}
                : { 'external-execution-summary': error?.message ?? summary }),
              ...(error === undefined ? {} : { 'error-code': error.code }),
            },
            ...(state === 'SUCCEEDED' ? { 'output-artifacts': artifacts(execution, action.outputs) } : {}),
          }),
    },
  });
}

const common = ({ id, pipeline, startedAt, attempt }: Execution, state: string) => ({
  pipeline: pipeline.name,
  'execution-id': id,
  'start-time': new Date(startedAt).toISOString(),
  state,
  version: pipeline.version,
  'pipeline-execution-attempt': attempt,
});

const artifacts = (execution: Execution, names: readonly string[]) =>
  names.flatMap((name) => {
    const found = execution.artifacts[name];
    return found === undefined ? [] : [{ name, s3location: { bucket: found.bucket, key: found.key } }];
  });

function journal(world: World, { pipeline, cause, id }: Execution, text: string, state: string): void {
  world.journal.write({
    kind: 'state',
    cause,
    account: pipeline.account,
    region: pipeline.region,
    subject: pipeline.arn,
    text,
    detail: { executionId: id, state },
  });
}
