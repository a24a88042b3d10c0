import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import {
  type CodePipelineClient,
  ListPipelineExecutionsCommand,
  type PipelineExecutionSummary,
} from '@aws-sdk/client-codepipeline';
import { type HeldMerges, heldMerges } from '../../audit/trail/held.ts';
import { Fault } from '../../shared/fault.ts';
import { chosenPipelines, type PipelineOptions } from '../chosen-pipeline.ts';
import { connect, connectionTrouble, knownEnvironments } from '../connection.ts';
import { heldText } from '../render/held.ts';
import { bold, dim, green, red, terminalText } from '../render/terminal.ts';
import { stagesOf, waitingActions } from '../waiting.ts';

/** As given on the command line. */
export interface StatusOptions extends PipelineOptions {
  readonly json?: boolean;
}

/** How a pipeline fares. */
interface PipelineStatus {
  readonly environment: string;
  readonly pipeline: string;
  /** Of the newest execution; NotStarted without one. */
  readonly status: string;
  readonly executionId: string | null;
  readonly commitId: string | null;
  /** ISO 8601. */
  readonly startedAt: string | null;
  readonly stages: readonly { readonly name: string; readonly status: string; readonly executionId: string | null }[];
  /** Approvals that wait, as `stage/action`. */
  readonly waits: readonly string[];
  /** Merges that a freeze, a hold or missing evidence keeps; `unknown` when the trail cannot be read. */
  readonly held: HeldMerges | 'unknown' | null;
}

/** Prints how the pipelines of one or all environments fare; answers the exit code, 1 when a newest execution has failed. */
export async function status(environment: string | undefined, options: StatusOptions): Promise<number> {
  const environments = environment === undefined ? knownEnvironments(options) : [environment];
  const found = (await Promise.all(environments.map((name) => statusOf(name, options)))).flat();
  if (options.json === true) console.log(JSON.stringify(found, undefined, 2));
  else for (const each of found) console.log(statusText(each));
  return found.some((each) => each.status === 'Failed') ? 1 : 0;
}

async function statusOf(environment: string, options: PipelineOptions): Promise<readonly PipelineStatus[]> {
  const { client, pipelines } = await chosenPipelines(environment, options);
  const [found, held] = await Promise.all([
    Promise.all(pipelines.map((pipeline) => pipelineStatus(client, environment, pipeline))),
    heldIn(pipelines, options),
  ]);
  return found.map((each) => ({
    ...each,
    held: held === 'unknown' ? held : (held.find(({ pipeline }) => pipeline === each.pipeline) ?? null),
  }));
}

/** What is held stands on the trail, in the DevOps account; who may not read it is told the rest. */
async function heldIn(
  pipelines: readonly string[],
  { aws = false }: PipelineOptions,
): Promise<readonly HeldMerges[] | 'unknown'> {
  try {
    return await heldMerges(new CloudWatchLogsClient(connect('devops', { aws })), pipelines, Date.now());
  } catch (error) {
    if (error instanceof Fault || connectionTrouble(error) !== undefined) return 'unknown';
    throw error;
  }
}

async function pipelineStatus(
  client: CodePipelineClient,
  environment: string,
  pipeline: string,
): Promise<Omit<PipelineStatus, 'held'>> {
  const [newest, stages] = await Promise.all([newestExecution(client, pipeline), stagesOf(client, pipeline)]);
  return {
    environment,
    pipeline,
    status: newest?.status ?? 'NotStarted',
    executionId: newest?.pipelineExecutionId ?? null,
    commitId: newest?.sourceRevisions?.[0]?.revisionId ?? null,
    startedAt: newest?.startTime?.toISOString() ?? null,
    stages: stages.map(({ stageName = '', latestExecution }) => ({
      name: stageName,
      status: latestExecution?.status ?? 'NotReached',
      executionId: latestExecution?.pipelineExecutionId ?? null,
    })),
    waits: stages.flatMap((stage) => waitingActions(stage).map(({ action }) => `${stage.stageName}/${action}`)),
  };
}

async function newestExecution(
  client: CodePipelineClient,
  pipelineName: string,
): Promise<PipelineExecutionSummary | undefined> {
  const page = await client.send(new ListPipelineExecutionsCommand({ pipelineName, maxResults: 1 }));
  return page.pipelineExecutionSummaries?.[0];
}

function statusText({
  environment,
  pipeline,
  status: state,
  commitId,
  startedAt,
  stages,
  waits,
  held,
}: PipelineStatus): string {
  const colour = state === 'Succeeded' ? green : state === 'Failed' ? red : (text: string) => text;
  const commit = commitId === null ? '' : `  ${commitId.slice(0, 8)}`;
  const parts = stages.map(({ name, status: stage }) => `${name} ${stage.toLowerCase()}`).join(', ');
  return [
    `${bold(terminalText(environment).padEnd(10))} ${terminalText(pipeline)}  ${colour(terminalText(state))}${commit}  ${dim(startedAt ?? '')}`,
    dim(`           ${terminalText(parts, 400)}`),
    ...(held === null || held === 'unknown' ? [] : [`           ${heldText(held, terminalText(environment))}`]),
    ...(held === 'unknown' ? [dim('           what is held is not known: the trail needs profile devops')] : []),
    ...waits.map(
      (place) => `           ${terminalText(place)} waits: npx mergecast approve ${terminalText(environment)}`,
    ),
  ].join('\n');
}
