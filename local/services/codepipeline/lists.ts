import { z } from 'zod';
import { operation } from '../../world/service.ts';
import { pageOf } from '../page.ts';
import { executionsOf, runsIn, runsOf } from './records.ts';
import { actionTypeOf, ruleTypeOf } from './show-pipeline.ts';
import {
  type ActionExecution,
  type Execution,
  findExecution,
  findPipeline,
  findStage,
  pipelineAccess,
  type RuleExecution,
  ruleExecutions,
} from './tables.ts';

const limit = z.number().int().min(1).max(100).default(100);
const token = z.string().optional();
const badToken = 'InvalidNextTokenException';

const triggerOf = ({ trigger }: Execution) => ({ triggerType: trigger.type, triggerDetail: trigger.detail });

const typeOf = ({ rollbackOf }: Execution) =>
  rollbackOf === undefined
    ? { executionType: 'STANDARD' }
    : { executionType: 'ROLLBACK', rollbackMetadata: { rollbackTargetPipelineExecutionId: rollbackOf } };

/** The executions of a pipeline, newest first, up to 100 a page. Variables are not among them. */
export const listPipelineExecutions = operation({
  input: z.object({
    pipelineName: z.string(),
    maxResults: limit,
    filter: z.object({ succeededInStage: z.object({ stageName: z.string().optional() }).optional() }).default({}),
    nextToken: token,
  }),
  access: ({ pipelineName }, call) => [pipelineAccess('ListPipelineExecutions', pipelineName, call)],
  run: ({ pipelineName, maxResults, nextToken, filter }, call) => {
    const pipeline = findPipeline(call.world, pipelineName, call);
    const stage = filter.succeededInStage?.stageName;
    if (stage !== undefined) findStage(pipeline, stage);
    const all = executionsOf(call.world, pipeline.arn)
      .filter(({ stages }) => stage === undefined || stages[stage] === 'Succeeded')
      .toReversed();
    const page = pageOf(all, nextToken, maxResults, badToken);
    return { pipelineExecutionSummaries: page.items.map(summaryOf), nextToken: page.next };
  },
});

const summaryOf = (execution: Execution) => ({
  pipelineExecutionId: execution.id,
  status: execution.status,
  statusSummary: execution.statusSummary,
  startTime: new Date(execution.startedAt),
  lastUpdateTime: new Date(execution.updatedAt),
  sourceRevisions: execution.revisions.map(({ action, revisionId, summary }) => ({
    actionName: action,
    revisionId,
    revisionSummary: summary,
  })),
  trigger: triggerOf(execution),
  executionMode: execution.pipeline.executionMode,
  ...typeOf(execution),
  ...(execution.stop === undefined ? {} : { stopTrigger: { reason: execution.stop.reason } }),
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

const filter = z
  .object({
    pipelineExecutionId: z.string().optional(),
    latestInPipelineExecution: z
      .object({ pipelineExecutionId: z.string(), startTimeRange: z.enum(['Latest', 'All']) })
      .optional(),
  })
  .default({});

/** What actions did, newest first. */
export const listActionExecutions = operation({
  input: z.object({ pipelineName: z.string(), filter, maxResults: limit, nextToken: token }),
  access: ({ pipelineName }, call) => [pipelineAccess('ListActionExecutions', pipelineName, call)],
  run: ({ pipelineName, filter: wanted, maxResults, nextToken }, call) => {
    const pipeline = findPipeline(call.world, pipelineName, call);
    const id = wanted.pipelineExecutionId ?? wanted.latestInPipelineExecution?.pipelineExecutionId;
    const runs =
      id === undefined
        ? runsOf(call.world, pipeline.arn)
        : runsIn(call.world, findExecution(call.world, pipeline, id).id);
    const all = (
      onlyLatest(wanted) ? latestOfEach(runs, ({ stage, action }) => `${stage}/${action.name}`) : runs
    ).toReversed();
    const page = pageOf(all, nextToken, maxResults, badToken);
    return { actionExecutionDetails: page.items.map(shownRun), nextToken: page.next };
  },
});

const onlyLatest = ({ latestInPipelineExecution: latest }: z.output<typeof filter>): boolean =>
  latest?.startTimeRange === 'Latest';

const latestOfEach = <Run>(runs: readonly Run[], name: (run: Run) => string): readonly Run[] => [
  ...new Map(runs.map((run) => [name(run), run])).values(),
];

const shownRun = (ran: ActionExecution) => ({
  pipelineExecutionId: ran.executionId,
  actionExecutionId: ran.id,
  pipelineVersion: ran.pipelineVersion,
  stageName: ran.stage,
  actionName: ran.action.name,
  startTime: new Date(ran.startedAt),
  lastUpdateTime: new Date(ran.updatedAt),
  ...(ran.by === undefined ? {} : { updatedBy: ran.by }),
  status: ran.status,
  input: {
    actionTypeId: actionTypeOf(ran.action),
    configuration: ran.action.configuration,
    resolvedConfiguration: ran.configuration,
    roleArn: ran.action.roleArn,
    inputArtifacts: ran.action.inputs.map((name) => ({ name })),
    namespace: ran.action.namespace,
  },
  output: {
    outputArtifacts: ran.action.outputs.map((name) => ({ name })),
    outputVariables: ran.variables,
    executionResult: {
      externalExecutionId: ran.externalId,
      externalExecutionSummary: ran.error?.message ?? ran.summary,
      ...(ran.error === undefined ? {} : { errorDetails: ran.error }),
    },
  },
});

/** What the rules of stage conditions answered, newest first. */
export const listRuleExecutions = operation({
  input: z.object({ pipelineName: z.string(), filter, maxResults: limit, nextToken: token }),
  access: ({ pipelineName }, call) => [pipelineAccess('ListRuleExecutions', pipelineName, call)],
  run: ({ pipelineName, filter: wanted, maxResults, nextToken }, call) => {
    const pipeline = findPipeline(call.world, pipelineName, call);
    const id = wanted.pipelineExecutionId ?? wanted.latestInPipelineExecution?.pipelineExecutionId;
    if (id !== undefined) findExecution(call.world, pipeline, id);
    const runs = call.world.store
      .in(ruleExecutions)
      .where((row) => row.pipelineArn === pipeline.arn && (id === undefined || row.executionId === id));
    const nameOf = ({ stage, type, rule }: RuleExecution) => `${stage}/${type}/${rule.name}`;
    const all = (onlyLatest(wanted) ? latestOfEach(runs, nameOf) : runs).toReversed();
    const page = pageOf(all, nextToken, maxResults, badToken);
    return { ruleExecutionDetails: page.items.map(shownRule), nextToken: page.next };
  },
});

const shownRule = (ran: RuleExecution) => ({
  pipelineExecutionId: ran.executionId,
  ruleExecutionId: ran.id,
  stageName: ran.stage,
  ruleName: ran.rule.name,
  startTime: new Date(ran.startedAt),
  lastUpdateTime: new Date(ran.updatedAt),
  status: ran.status,
  input: {
    ruleTypeId: ruleTypeOf(ran.rule),
    configuration: ran.rule.configuration,
    resolvedConfiguration: ran.configuration,
    roleArn: ran.rule.roleArn,
    inputArtifacts: ran.rule.inputs.map((name) => ({ name })),
  },
  output: {
    executionResult: {
      externalExecutionSummary: ran.error?.message ?? ran.summary,
      ...(ran.error === undefined ? {} : { errorDetails: ran.error }),
    },
  },
});
