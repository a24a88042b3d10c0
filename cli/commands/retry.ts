import { ListPipelineExecutionsCommand, RetryStageExecutionCommand } from '@aws-sdk/client-codepipeline';
import { chosenPipelines, type PipelineOptions } from '../chosen-pipeline.ts';
import { terminalText } from '../render/terminal.ts';
import { stagesOf } from '../waiting.ts';

/** As given on the command line. */
export interface RetryOptions extends PipelineOptions {
  /** True runs all actions of the failed stage again, not only those that failed. */
  readonly all?: boolean;
}

/** Runs the failed stage of each newest execution again, in the same execution; answers the exit code, 1 when none has failed. */
export async function retry(environment: string, options: RetryOptions): Promise<number> {
  const { client, pipelines } = await chosenPipelines(environment, options);
  let retried = 0;
  for (const pipeline of pipelines) {
    const listed = await client.send(new ListPipelineExecutionsCommand({ pipelineName: pipeline, maxResults: 1 }));
    const [newest] = listed.pipelineExecutionSummaries ?? [];
    const failed = (await stagesOf(client, pipeline)).find(
      ({ latestExecution: run }) => run?.status === 'Failed' && run.pipelineExecutionId === newest?.pipelineExecutionId,
    );
    if (failed === undefined) continue;
    await client.send(
      new RetryStageExecutionCommand({
        pipelineName: pipeline,
        stageName: failed.stageName,
        pipelineExecutionId: newest?.pipelineExecutionId,
        retryMode: options.all === true ? 'ALL_ACTIONS' : 'FAILED_ACTIONS',
      }),
    );
    console.log(terminalText(`retried: ${pipeline} ${failed.stageName ?? ''} of ${newest?.pipelineExecutionId ?? ''}`));
    retried += 1;
  }
  if (retried === 0) console.error(`no newest execution of ${terminalText(environment)} has failed`);
  return retried === 0 ? 1 : 0;
}
