import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CodePipelineClient,
  GetPipelineExecutionCommand,
  ListActionExecutionsCommand,
  ListPipelineExecutionsCommand,
} from '@aws-sdk/client-codepipeline';
import { BuildLog, type LogLine } from '../build-log.ts';
import { chosenPipelines, type PipelineOptions } from '../chosen-pipeline.ts';
import { type ClientSettings, connect } from '../connection.ts';
import { exitCodes } from '../exit-codes.ts';
import { terminalText } from '../render/terminal.ts';

/** As given on the command line. */
export interface LogsOptions extends PipelineOptions {
  /** True goes on until the newest execution has ended, over all its builds. */
  readonly follow?: boolean;
  /** A line of JSON for each line of the log. */
  readonly json?: boolean;
}

const pollMilliseconds = 500;
const ended = ['Succeeded', 'Failed', 'Stopped', 'Superseded', 'Cancelled'];
/** What the follower asks AWS with, and where lines go. */
interface Reading {
  readonly client: CodePipelineClient;
  readonly settings: ClientSettings;
  readonly print: (line: LogLine) => void;
}

/**
 * Prints the log of each pipeline's newest build, or with `follow` of all builds of its newest execution until that has ended. Answers the exit code:
 * `no` when there is none or it has failed.
 */
export async function logs(named: string | undefined, options: LogsOptions): Promise<number> {
  const { environment, client, pipelines } = await chosenPipelines(named, options);
  const print = (line: LogLine) =>
    console.log(options.json === true ? JSON.stringify(line) : terminalText(line.message, 4000));
  const reading: Reading = { client, settings: connect(environment, options), print };
  const read = options.follow === true ? followNewest : readNewest;
  const outcomes: boolean[] = [];
  for (const pipeline of pipelines) {
    const outcome = await read(reading, pipeline);
    if (outcome !== undefined) outcomes.push(outcome);
  }
  if (outcomes.length === 0) console.error(`no build of ${terminalText(environment)} has run yet`);
  return outcomes.length > 0 && outcomes.every(Boolean) ? exitCodes.done : exitCodes.no;
}

/** Whether the newest build went well so far; undefined without any. */
async function readNewest({ client, settings, print }: Reading, pipeline: string): Promise<boolean | undefined> {
  const id = (await buildsOf(client, pipeline)).at(-1);
  if (id === undefined) return undefined;
  const status = await new BuildLog(id, settings).read(print);
  return status === undefined || status === 'SUCCEEDED';
}

/** Whether the newest execution succeeded in the end; undefined without any. */
async function followNewest({ client, settings, print }: Reading, pipelineName: string): Promise<boolean | undefined> {
  const listed = await client.send(new ListPipelineExecutionsCommand({ pipelineName, maxResults: 1 }));
  const pipelineExecutionId = listed.pipelineExecutionSummaries?.[0]?.pipelineExecutionId;
  if (pipelineExecutionId === undefined) return undefined;
  const open = new Map<string, BuildLog | undefined>();
  for (;;) {
    const { pipelineExecution } = await client.send(
      new GetPipelineExecutionCommand({ pipelineName, pipelineExecutionId }),
    );
    for (const id of await buildsOf(client, pipelineName, pipelineExecutionId)) {
      const log = open.has(id) ? open.get(id) : new BuildLog(id, settings);
      const status = await log?.read(print);
      open.set(id, status === undefined ? log : undefined);
    }
    const { status = '' } = pipelineExecution ?? {};
    if (ended.includes(status)) {
      console.error(terminalText(`${pipelineName} ${status.toLowerCase()}: execution ${pipelineExecutionId}`));
      return status === 'Succeeded';
    }
    await sleep(pollMilliseconds);
  }
}

/** The ids of the CodeBuild builds of a pipeline or one of its executions, oldest first. */
async function buildsOf(
  client: CodePipelineClient,
  pipelineName: string,
  pipelineExecutionId?: string,
): Promise<readonly string[]> {
  const filter = pipelineExecutionId === undefined ? undefined : { pipelineExecutionId };
  const { actionExecutionDetails = [] } = await client.send(new ListActionExecutionsCommand({ pipelineName, filter }));
  return actionExecutionDetails
    .filter(({ input }) => input?.actionTypeId?.provider === 'CodeBuild')
    .flatMap(({ output }) => output?.executionResult?.externalExecutionId ?? [])
    .reverse();
}
