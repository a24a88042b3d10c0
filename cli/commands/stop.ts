import { paginateListPipelineExecutions, StopPipelineExecutionCommand } from '@aws-sdk/client-codepipeline';
import { chosenPipelines, type PipelineOptions } from '../chosen-pipeline.ts';
import { exitCodes } from '../exit-codes.ts';
import { terminalText } from '../render/terminal.ts';

/** As given on the command line. */
export interface StopOptions extends PipelineOptions {
  /** True leaves running actions alone and ends at once; otherwise they finish first. */
  readonly abandon?: boolean;
  /** Shown with the execution. */
  readonly reason: string;
  readonly json?: boolean;
}

/** Stops all executions of an environment that run; answers the exit code, `no` when none does. */
export async function stop(named: string | undefined, options: StopOptions): Promise<number> {
  const { environment, client, pipelines } = await chosenPipelines(named, options);
  const stopped: { readonly pipeline: string; readonly executionId: string }[] = [];
  for (const pipelineName of pipelines) {
    for await (const { pipelineExecutionSummaries = [] } of paginateListPipelineExecutions(
      { client },
      { pipelineName },
    )) {
      for (const { pipelineExecutionId = '', status } of pipelineExecutionSummaries) {
        if (status !== 'InProgress') continue;
        const { abandon = false, reason } = options;
        await client.send(new StopPipelineExecutionCommand({ pipelineName, pipelineExecutionId, abandon, reason }));
        if (options.json !== true)
          console.log(terminalText(`stopping: ${pipelineName} execution ${pipelineExecutionId}`));
        stopped.push({ pipeline: pipelineName, executionId: pipelineExecutionId });
      }
    }
  }
  if (options.json === true) console.log(JSON.stringify(stopped));
  if (stopped.length === 0) console.error(`nothing runs in ${terminalText(environment)}`);
  return stopped.length === 0 ? exitCodes.no : exitCodes.done;
}
