import { z } from 'zod';
import { type Call, operation } from '../../world/service.ts';
import { doorOf } from './engine.ts';
import {
  type ActionExecution,
  actionExecutions,
  type Execution,
  executions,
  findExecution,
  findPipeline,
  type Pipeline,
  pipelineAccess,
  pipelines,
} from './tables.ts';

const named = z.object({ name: z.string() });

/** A pipeline's structure. */
export const getPipeline = operation({
  input: named,
  access: ({ name }, call) => [pipelineAccess('GetPipeline', name, call)],
  run: ({ name }, call) => {
    const pipeline = findPipeline(call.world, name, call);
    const { arn, createdAt, updatedAt, roleArn, executionMode, bucket, keyArn } = pipeline;
    return {
      pipeline: {
        name,
        roleArn,
        executionMode,
        version: pipeline.version,
        pipelineType: 'V2',
        artifactStore: {
          type: 'S3',
          location: bucket,
          ...(keyArn === undefined ? {} : { encryptionKey: { id: keyArn, type: 'KMS' } }),
        },
        stages: pipeline.stages.map((stage) => ({ name: stage.name, actions: stage.actions.map(shownAction) })),
        variables: pipeline.variables.map((variable) => ({ name: variable.name, defaultValue: variable.default })),
      },
      metadata: { pipelineArn: arn, created: new Date(createdAt), updated: new Date(updatedAt) },
    };
  },
});

const shownAction = (action: Pipeline['stages'][number]['actions'][number]) => ({
  name: action.name,
  actionTypeId: { category: action.category, owner: action.owner, provider: action.provider, version: action.version },
  runOrder: action.runOrder,
  configuration: action.configuration,
  inputArtifacts: action.inputs.map((name) => ({ name })),
  outputArtifacts: action.outputs.map((name) => ({ name })),
  roleArn: action.roleArn,
  namespace: action.namespace,
});

/** The pipelines of the account and region. */
export const listPipelines = operation({
  input: z.object({}),
  access: () => [{ action: 'codepipeline:ListPipelines', resource: '*' }],
  run: (_input, { world, account, region }) => ({
    pipelines: world.store
      .in(pipelines)
      .where((row) => row.account === account && row.region === region)
      .map(({ name, version, executionMode, createdAt, updatedAt }) => ({
        name,
        version,
        pipelineType: 'V2',
        executionMode,
        created: new Date(createdAt),
        updated: new Date(updatedAt),
      })),
  }),
});

const ofPipeline = (call: Pick<Call, 'world'>, pipeline: Pipeline): readonly Execution[] =>
  call.world.store
    .in(executions)
    .where((row) => row.pipeline.arn === pipeline.arn)
    .toReversed();

const triggerOf = ({ trigger }: Execution) => ({ triggerType: trigger.type, triggerDetail: trigger.detail });

const typeOf = ({ rollbackOf }: Execution) =>
  rollbackOf === undefined
    ? { executionType: 'STANDARD' }
    : { executionType: 'ROLLBACK', rollbackMetadata: { rollbackTargetPipelineExecutionId: rollbackOf } };

const revisionOf = ({ action, revisionId, summary }: Execution['revisions'][number]) => ({
  actionName: action,
  revisionId,
  revisionSummary: summary,
});

/** The executions of a pipeline, newest first, up to 100 a page. Variables are not among them. */
export const listPipelineExecutions = operation({
  input: z.object({
    pipelineName: z.string(),
    maxResults: z.number().min(1).max(100).default(100),
    nextToken: z.string().optional(),
  }),
  access: ({ pipelineName }, call) => [pipelineAccess('ListPipelineExecutions', pipelineName, call)],
  run: ({ pipelineName, maxResults, nextToken }, call) => {
    const all = ofPipeline(call, findPipeline(call.world, pipelineName, call));
    const start = Number(nextToken ?? '0');
    const page = all.slice(start, start + maxResults);
    return {
      pipelineExecutionSummaries: page.map((execution) => ({
        pipelineExecutionId: execution.id,
        status: execution.status,
        statusSummary: execution.statusSummary,
        startTime: new Date(execution.startedAt),
        lastUpdateTime: new Date(execution.updatedAt),
        sourceRevisions: execution.revisions.map(revisionOf),
        trigger: triggerOf(execution),
        executionMode: execution.pipeline.executionMode,
        ...typeOf(execution),
        ...(execution.stop === undefined ? {} : { stopTrigger: { reason: execution.stop.reason } }),
      })),
      ...(start + page.length < all.length ? { nextToken: String(start + page.length) } : {}),
    };
  },
});

/** One execution with its variables and revisions. */
export const getPipelineExecution = operation({
  input: z.object({ pipelineName: z.string(), pipelineExecutionId: z.string() }),
  access: ({ pipelineName }, call) => [pipelineAccess('GetPipelineExecution', pipelineName, call)],
  run: ({ pipelineName, pipelineExecutionId }, call) => {
    const execution = findExecution(call.world, findPipeline(call.world, pipelineName, call), pipelineExecutionId);
    return {
      pipelineExecution: {
        pipelineName,
        pipelineExecutionId,
        pipelineVersion: execution.pipeline.version,
        status: execution.status,
        statusSummary: execution.statusSummary,
        artifactRevisions: execution.revisions.map(({ artifact, revisionId, summary }) => ({
          name: artifact,
          revisionId,
          revisionSummary: summary,
        })),
        variables: Object.entries(execution.variables).map(([name, resolvedValue]) => ({ name, resolvedValue })),
        trigger: triggerOf(execution),
        executionMode: execution.pipeline.executionMode,
        ...typeOf(execution),
      },
    };
  },
});

const runsOf = (call: Pick<Call, 'world'>, pipeline: Pipeline): readonly ActionExecution[] =>
  call.world.store.in(actionExecutions).where((row) => row.pipelineArn === pipeline.arn);

/** What actions did, newest first. */
export const listActionExecutions = operation({
  input: z.object({
    pipelineName: z.string(),
    filter: z.object({ pipelineExecutionId: z.string().optional() }).default({}),
    maxResults: z.number().min(1).max(100).default(100),
    nextToken: z.string().optional(),
  }),
  access: ({ pipelineName }, call) => [pipelineAccess('ListActionExecutions', pipelineName, call)],
  run: ({ pipelineName, filter, maxResults, nextToken }, call) => {
    const wanted = filter.pipelineExecutionId;
    const all = runsOf(call, findPipeline(call.world, pipelineName, call))
      .filter(({ executionId }) => wanted === undefined || executionId === wanted)
      .toReversed();
    const start = Number(nextToken ?? '0');
    const page = all.slice(start, start + maxResults);
    return {
      actionExecutionDetails: page.map((ran) => shownRun(ran)),
      ...(start + page.length < all.length ? { nextToken: String(start + page.length) } : {}),
    };
  },
});

const shownRun = (ran: ActionExecution) => ({
  pipelineExecutionId: ran.executionId,
  actionExecutionId: ran.id,
  stageName: ran.stage,
  actionName: ran.action.name,
  startTime: new Date(ran.startedAt),
  lastUpdateTime: new Date(ran.updatedAt),
  status: ran.status,
  input: {
    actionTypeId: {
      category: ran.action.category,
      owner: ran.action.owner,
      provider: ran.action.provider,
      version: ran.action.version,
    },
    configuration: ran.action.configuration,
    resolvedConfiguration: ran.configuration,
    roleArn: ran.action.roleArn,
    namespace: ran.action.namespace,
  },
  output: {
    outputVariables: ran.variables,
    executionResult: {
      externalExecutionId: ran.externalId,
      externalExecutionSummary: ran.error?.message ?? ran.summary,
      ...(ran.error === undefined ? {} : { errorDetails: ran.error }),
    },
  },
});

/** Stage by stage: the last execution, whose turn it is, and what each action did last. */
export const getPipelineState = operation({
  input: named,
  access: ({ name }, call) => [pipelineAccess('GetPipelineState', name, call)],
  run: ({ name }, call) => {
    const pipeline = findPipeline(call.world, name, call);
    const runs = runsOf(call, pipeline);
    return {
      pipelineName: name,
      pipelineVersion: pipeline.version,
      created: new Date(pipeline.createdAt),
      updated: new Date(pipeline.updatedAt),
      stageStates: pipeline.stages.map((stage) => {
        const door = doorOf(call.world, pipeline, stage.name);
        const last = ofPipeline(call, pipeline).find(({ stages }) => stages[stage.name] !== undefined);
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
          ...(door.waiting.length === 0
            ? {}
            : {
                inboundExecution: { pipelineExecutionId: door.waiting[0], status: 'InProgress' },
                inboundExecutions: door.waiting.map((id) => ({ pipelineExecutionId: id, status: 'InProgress' })),
              }),
          ...(last === undefined
            ? {}
            : { latestExecution: { pipelineExecutionId: last.id, status: last.stages[stage.name] } }),
          actionStates: stage.actions.map((action) => {
            const ran = runs.findLast((run) => run.stage === stage.name && run.action.name === action.name);
            return { actionName: action.name, ...(ran === undefined ? {} : { latestExecution: latestOf(ran) }) };
          }),
        };
      }),
    };
  },
});

const latestOf = (ran: ActionExecution) => ({
  actionExecutionId: ran.id,
  status: ran.status,
  summary: ran.summary,
  lastStatusChange: new Date(ran.updatedAt),
  token: ran.token,
  externalExecutionId: ran.externalId,
  errorDetails: ran.error,
});
