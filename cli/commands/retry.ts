import {
  type CodePipelineClient,
  ListPipelineExecutionsCommand,
  RetryStageExecutionCommand,
} from '@aws-sdk/client-codepipeline';
import { chosenPipelines, type PipelineOptions } from '../chosen-pipeline.ts';
import { exitCodes } from '../exit-codes.ts';
import { terminalText } from '../render/terminal.ts';
import { stagesOf } from '../waiting.ts';

/** As given on the command line. */
export interface RetryOptions extends PipelineOptions {
  /** True runs all actions of the failed stage again, not only those that failed. */
  readonly all?: boolean;
  readonly json?: boolean;
}

/** A failed stage of a newest execution. */
interface Failed {
  readonly pipeline: string;
  readonly stage: string;
  readonly executionId: string;
}

/** Runs the failed stage of each newest execution again, in the same execution; answers the exit code, `no` when none has failed. */
export async function retry(named: string | undefined, options: RetryOptions): Promise<number> {
  const { environment, client, pipelines } = await chosenPipelines(named, options);
  const retried: Failed[] = [];
  for (const pipeline of pipelines) {
    const failed = await failedStage(client, pipeline);
    if (failed === undefined) continue;
    await client.send(
      new RetryStageExecutionCommand({
        pipelineName: pipeline,
        stageName: failed.stage,
        pipelineExecutionId: failed.executionId,
        retryMode: options.all === true ? 'ALL_ACTIONS' : 'FAILED_ACTIONS',
      }),
    );
    if (options.json !== true)
      console.log(terminalText(`retried: ${pipeline} ${failed.stage} of ${failed.executionId}`));
    retried.push(failed);
  }
  if (options.json === true) console.log(JSON.stringify(retried));
  if (retried.length === 0) console.error(`no newest execution of ${terminalText(environment)} has failed`);
  return retried.length === 0 ? exitCodes.no : exitCodes.done;
}

async function failedStage(client: CodePipelineClient, pipeline: string): Promise<Failed | undefined> {
  const listed = await client.send(new ListPipelineExecutionsCommand({ pipelineName: pipeline, maxResults: 1 }));
  const executionId = listed.pipelineExecutionSummaries?.[0]?.pipelineExecutionId;
  const failed = (await stagesOf(client, pipeline)).find(
    ({ latestExecution: run }) => run?.status === 'Failed' && run.pipelineExecutionId === executionId,
  );
  return failed?.stageName === undefined || executionId === undefined
    ? undefined
    : { pipeline, stage: failed.stageName, executionId };
}
