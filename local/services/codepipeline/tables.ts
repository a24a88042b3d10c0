import { AwsError } from '../../world/failure.ts';
import type { Access, Place } from '../../world/service.ts';
import { table } from '../../world/store.ts';
import type { World } from '../../world/world.ts';

/** An action as its pipeline declares it. */
export interface Action {
  readonly name: string;
  readonly category: string;
  readonly owner: string;
  readonly provider: string;
  readonly version: string;
  readonly configuration: Readonly<Record<string, string>>;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly roleArn?: string;
  readonly runOrder: number;
  readonly namespace?: string;
  /** Only approvals may have one. */
  readonly timeoutMinutes?: number;
  /** Only of the Commands action, as those below: lines of shell. */
  readonly commands?: readonly string[];
  /** Names of variables whose values it leaves. */
  readonly outputVariables?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Those of the environment whose value names a secret. */
  readonly secretVariables?: readonly string[];
  /** Globs of what its output artifact holds; without any, all files. */
  readonly files?: readonly string[];
}

/** A rule of a stage condition: one question that must be answered with yes. */
export interface Rule {
  readonly name: string;
  /** `VariableCheck`, as a key of the table in rules/. */
  readonly provider: string;
  readonly configuration: Readonly<Record<string, string>>;
  readonly inputs: readonly string[];
  readonly roleArn?: string;
  readonly timeoutMinutes?: number;
  /** Only of the Commands rule. */
  readonly commands?: readonly string[];
}

/** Rules that must all hold, and what becomes of the stage when one does not. */
export interface Condition {
  readonly result: 'FAIL' | 'ROLLBACK' | 'SKIP';
  readonly rules: readonly Rule[];
}

/** What follows from a stage's failure without anybody's doing. */
export interface OnFailure {
  readonly result?: 'RETRY' | 'ROLLBACK';
  readonly retryMode: 'ALL_ACTIONS' | 'FAILED_ACTIONS';
  readonly condition?: Condition;
}

/** Where in a stage a condition stands. */
export type ConditionType = 'BEFORE_ENTRY' | 'ON_FAILURE' | 'ON_SUCCESS';

/** A stage as its pipeline declares it. */
export interface Stage {
  readonly name: string;
  readonly actions: readonly Action[];
  readonly beforeEntry?: Condition;
  readonly onSuccess?: Condition;
  readonly onFailure?: OnFailure;
}

/** A pipeline's newest version. */
export interface Pipeline extends Place {
  readonly arn: string;
  readonly name: string;
  readonly version: number;
  readonly roleArn: string;
  readonly executionMode: 'SUPERSEDED' | 'QUEUED' | 'PARALLEL';
  readonly variables: readonly { readonly name: string; readonly default?: string; readonly description?: string }[];
  readonly stages: readonly Stage[];
  readonly bucket: string;
  readonly keyArn?: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Milliseconds of world time. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

export type Status = 'InProgress' | 'Stopping' | 'Stopped' | 'Succeeded' | 'Superseded' | 'Failed' | 'Cancelled';

/** How a stage's condition stands in an execution. */
export interface ConditionRun {
  readonly status: 'InProgress' | 'Failed' | 'Succeeded' | 'Abandoned' | 'Overridden';
  readonly summary?: string;
  /** Rule execution ids. */
  readonly rules: readonly string[];
  readonly updatedAt: number;
}

/** One question of a rule, and its answer. */
export interface RuleExecution {
  readonly id: string;
  readonly executionId: string;
  readonly pipelineArn: string;
  readonly stage: string;
  readonly type: ConditionType;
  readonly rule: Rule;
  readonly status: 'InProgress' | 'Abandoned' | 'Succeeded' | 'Failed';
  readonly configuration: Readonly<Record<string, string>>;
  readonly summary?: string;
  readonly error?: { readonly code: string; readonly message: string };
  readonly startedAt: number;
  readonly updatedAt: number;
}

/** What a source action is to take instead of the newest. */
export interface Pin {
  readonly type: 'COMMIT_ID' | 'S3_OBJECT_KEY' | 'S3_OBJECT_VERSION_ID';
  readonly value: string;
}

/** A run of a pipeline, in the structure the pipeline had at its start. */
export interface Execution {
  readonly id: string;
  readonly pipeline: Pipeline;
  readonly status: Status;
  readonly trigger: { readonly type: string; readonly detail: string };
  readonly variables: Readonly<Record<string, string>>;
  /** By source action, from `sourceRevisions`. */
  readonly pinned: Readonly<Record<string, Pin>>;
  /** By source action that had to wait: the commit of its branch when the execution was triggered. */
  readonly heads?: Readonly<Record<string, string>>;
  readonly revisions: readonly {
    readonly action: string;
    readonly artifact: string;
    readonly revisionId: string;
    readonly summary: string;
  }[];
  /** Where each artifact lies, by name. */
  readonly artifacts: Readonly<Record<string, { readonly bucket: string; readonly key: string }>>;
  /** Output variables by namespace. */
  readonly namespaces: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly stages: Readonly<Record<string, Status | 'Skipped'>>;
  /** By `<stage>/<condition type>`. */
  readonly conditions: Readonly<Record<string, ConditionRun>>;
  /** Stages that were retried without anybody's doing: once each. */
  readonly retriedStages: readonly string[];
  readonly attempt: number;
  /** For a rollback: the execution whose stage it runs again. */
  readonly rollbackOf?: string;
  readonly stop?: { readonly abandon: boolean; readonly reason: string };
  readonly statusSummary?: string;
  readonly startedAt: number;
  readonly updatedAt: number;
  /** The journal entry that it followed from. */
  readonly cause: string;
}

/** One run of one action. */
export interface ActionExecution {
  readonly id: string;
  readonly executionId: string;
  readonly pipelineArn: string;
  readonly pipelineVersion: number;
  readonly stage: string;
  readonly action: Action;
  readonly status: 'InProgress' | 'Abandoned' | 'Succeeded' | 'Failed';
  /** The configuration with variables resolved. */
  readonly configuration: Readonly<Record<string, string>>;
  readonly summary?: string;
  readonly externalId?: string;
  readonly error?: { readonly code: string; readonly message: string };
  readonly variables: Readonly<Record<string, string>>;
  /** A source action's commit. */
  readonly revisionId?: string;
  /** Who answered an approval. */
  readonly by?: string;
  /** An approval's token while it waits. */
  readonly token?: string;
  readonly startedAt: number;
  readonly updatedAt: number;
}

/** Who is in a stage, who waits in front of it, and whether the door is shut. */
export interface StageDoor {
  readonly occupant?: string;
  readonly waiting: readonly string[];
  readonly disabled?: { readonly reason: string; readonly by: string; readonly at: number };
}

/** By ARN. */
export const pipelines = table<Pipeline>('codepipeline/pipelines');
/** All versions, by `<ARN>/<version>`. */
export const versions = table<Pipeline>('codepipeline/pipeline-versions');
/** By execution id. */
export const executions = table<Execution>('codepipeline/executions');
/** By action execution id. */
export const actionExecutions = table<ActionExecution>('codepipeline/action-executions');
/** By rule execution id. */
export const ruleExecutions = table<RuleExecution>('codepipeline/rule-executions');
/** By `<pipeline ARN>/<stage>`. */
export const doors = table<StageDoor>('codepipeline/stage-doors');
/** Execution ids by `<pipeline ARN>/<client request token>`. */
export const requestTokens = table<string>('codepipeline/request-tokens');

/** A pipeline's ARN. */
export const pipelineArn = (name: string, { account, region }: Place): string =>
  `arn:aws:codepipeline:${region}:${account}:${name}`;

/** The pipeline of that name. Throws PipelineNotFoundException. */
export function findPipeline(world: World, name: string, at: Place): Pipeline {
  const pipeline = world.store.in(pipelines).get(pipelineArn(name, at));
  if (pipeline === undefined)
    throw new AwsError(
      'PipelineNotFoundException',
      `Account '${at.account}' does not have a pipeline with name '${name}'`,
    );
  return pipeline;
}

/** The stage of that name. Throws StageNotFoundException. */
export function findStage({ name: pipeline, stages }: Pipeline, name: string): Stage {
  const found = stages.find((stage) => stage.name === name);
  if (found === undefined)
    throw new AwsError(
      'StageNotFoundException',
      `Stage '${name.slice(0, 100)}' was not found in pipeline '${pipeline}'`,
    );
  return found;
}

/** The execution of that id, when it is one of that pipeline. Throws PipelineExecutionNotFoundException. */
export function findExecution(world: World, pipeline: Pipeline, id: string): Execution {
  const execution = world.store.in(executions).get(id);
  if (execution?.pipeline.arn !== pipeline.arn)
    throw new AwsError(
      'PipelineExecutionNotFoundException',
      `Execution '${id.slice(0, 60)}' was not found for pipeline '${pipeline.name}'`,
    );
  return execution;
}

/** The question for an action on a pipeline, or on a stage or action of it. */
export const pipelineAccess = (action: string, name: string, at: Place, below = ''): Access => ({
  action: `codepipeline:${action}`,
  resource: `${pipelineArn(name, at)}${below}`,
});
