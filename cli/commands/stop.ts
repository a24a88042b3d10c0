import { paginateListPipelineExecutions, StopPipelineExecutionCommand } from '@aws-sdk/client-codepipeline';
import { chosenPipelines, type PipelineOptions } from '../chosen-pipeline.ts';
import { terminalText } from '../render/terminal.ts';

/** As given on the command line. */
export interface StopOptions extends PipelineOptions {
  /** True leaves running actions alone and ends at once; otherwise they finish first. */
  readonly abandon?: boolean;
  /** Shown with the execution. */
  readonly reason: string;
}

/** Stops all executions of an environment that run; answers the exit code, 1 when none does. */
export async function stop(environment: string, options: StopOptions): Promise<number> {
  const { client, pipelines } = await chosenPipelines(environment, options);
  let stopped = 0;
  for (const pipelineName of pipelines) {
    for await (const { pipelineExecutionSummaries = [] } of paginateListPipelineExecutions(
      { client },
      { pipelineName },
    )) {
      for (const { pipelineExecutionId, status } of pipelineExecutionSummaries) {
        if (status !== 'InProgress') continue;
        const { abandon = false, reason } = options;
        await client.send(new StopPipelineExecutionCommand({ pipelineName, pipelineExecutionId, abandon, reason }));
        console.log(terminalText(`stopping: ${pipelineName} execution ${pipelineExecutionId ?? ''}`));
        stopped += 1;
      }
    }
  }
  if (stopped === 0) console.error(`nothing runs in ${terminalText(environment)}`);
  return stopped === 0 ? 1 : 0;
}
