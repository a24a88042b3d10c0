import { z } from 'zod';
import { type Call, operation } from '../../world/service.ts';
import { doorOf } from './doors.ts';
import { executionsOf, runsOf } from './records.ts';
import {
  type ActionExecution,
  type Condition,
  type ConditionType,
  type Execution,
  executions,
  findPipeline,
  type Pipeline,
  pipelineAccess,
  ruleExecutions,
  type Stage,
} from './tables.ts';

/** Stage by stage: the last execution, who waits, how the conditions stand, and what each action did last. */
export const getPipelineState = operation({
  simplified: 'Tokens of approvals are shown in PARALLEL mode too, and there are no addresses of consoles.',
  input: z.object({ name: z.string() }),
  access: ({ name }, call) => [pipelineAccess('GetPipelineState', name, call)],
  run: ({ name }, call) => {
    const pipeline = findPipeline(call.world, name, call);
    const all = executionsOf(call.world, pipeline.arn);
    const runs = new Map(runsOf(call.world, pipeline.arn).map((run) => [`${run.stage}/${run.action.name}`, run]));
    return {
      pipelineName: name,
      pipelineVersion: pipeline.version,
      created: new Date(pipeline.createdAt),
      updated: new Date(pipeline.updatedAt),
      stageStates: pipeline.stages.map((stage) => stateOf(call, pipeline, stage, all, runs)),
    };
  },
});

function stateOf(
  call: Call,
  pipeline: Pipeline,
  stage: Stage,
  all: readonly Execution[],
  runs: ReadonlyMap<string, ActionExecution>,
) {
  const door = doorOf(call.world, pipeline, stage.name);
  const last = all.findLast(({ stages }) => stages[stage.name] !== undefined);
  const inbound = door.waiting.map((id) => inboundOf(call, id));
  return {
    stageName: stage.name,
    inboundTransitionState: {
      enabled: door.disabled === undefined,
      ...(door.disabled === undefined
        ? {}
        : {
            disabledReason: door.disabled.reason,
            lastChangedBy: door.disabled.by,
            lastChangedAt: new Date(door.disabled.at),
          }),
    },
    ...(inbound.length === 0 ? {} : { inboundExecution: inbound[0], inboundExecutions: inbound }),
    ...(last === undefined ? {} : { latestExecution: { ...lastOf(last), status: last.stages[stage.name] } }),
    actionStates: stage.actions.map((action) => {
      const ran = runs.get(`${stage.name}/${action.name}`);
      return {
        actionName: action.name,
        ...(ran?.revisionId === undefined
          ? {}
          : {
              currentRevision: {
                revisionId: ran.revisionId,
                revisionChangeId: ran.id,
                created: new Date(ran.startedAt),
              },
            }),
        ...(ran === undefined ? {} : { latestExecution: latestOf(ran) }),
      };
    }),
    ...conditionOf(call, last, stage.name, 'BEFORE_ENTRY', 'beforeEntryConditionState', stage.beforeEntry),
    ...conditionOf(call, last, stage.name, 'ON_SUCCESS', 'onSuccessConditionState', stage.onSuccess),
    ...conditionOf(call, last, stage.name, 'ON_FAILURE', 'onFailureConditionState', stage.onFailure?.condition),
    ...(last === undefined || !last.retriedStages.includes(stage.name)
      ? {}
      : { retryStageMetadata: { autoStageRetryAttempt: 1, latestRetryTrigger: 'AutomatedStageRetry' } }),
  };
}

const typeOf = ({ rollbackOf }: Execution): string => (rollbackOf === undefined ? 'STANDARD' : 'ROLLBACK');

const lastOf = (execution: Execution) => ({ pipelineExecutionId: execution.id, type: typeOf(execution) });

function inboundOf({ world }: Call, id: string) {
  const execution = world.store.in(executions).get(id) as Execution;
  return { ...lastOf(execution), status: 'InProgress' };
}

const latestOf = (ran: ActionExecution) => ({
  actionExecutionId: ran.id,
  status: ran.status,
  summary: ran.summary,
  lastStatusChange: new Date(ran.updatedAt),
  token: ran.token,
  lastUpdatedBy: ran.by,
  externalExecutionId: ran.externalId,
  errorDetails: ran.error,
});

function conditionOf(
  { world }: Call,
  last: Execution | undefined,
  stage: string,
  type: ConditionType,
  member: string,
  declared: Condition | undefined,
) {
  if (declared === undefined) return {};
  const ran = last?.conditions[`${stage}/${type}`];
  const latestExecution =
    ran === undefined
      ? undefined
      : { status: ran.status, summary: ran.summary, lastStatusChange: new Date(ran.updatedAt) };
  const asked = ran?.rules.flatMap((id) => world.store.in(ruleExecutions).get(id) ?? []) ?? [];
  const ruleStates = declared.rules.map(({ name }) => {
    const rule = asked.find((each) => each.rule.name === name);
    return {
      ruleName: name,
      ...(rule === undefined
        ? {}
        : {
            latestExecution: {
              ruleExecutionId: rule.id,
              status: rule.status,
              summary: rule.error?.message ?? rule.summary,
              lastStatusChange: new Date(rule.updatedAt),
              errorDetails: rule.error,
            },
          }),
    };
  });
  const state = { status: ran?.status, summary: ran?.summary };
  return {
    [member]: {
      ...(ran === undefined ? {} : { latestExecution: state }),
      conditionStates: [{ latestExecution, ruleStates }],
    },
  };
}
