import { PutApprovalResultCommand } from '@aws-sdk/client-codepipeline';
import { Fault } from '../../shared/fault.ts';
import { chosenPipelines, type PipelineOptions } from '../chosen-pipeline.ts';
import { terminalText } from '../render/terminal.ts';
import { waitingIn } from '../waiting.ts';

/** As given on the command line. */
export interface AnswerOptions extends PipelineOptions {
  /** Why; it stays with the execution. */
  readonly summary: string;
}

/** Approves or rejects what waits in an environment; answers the exit code, 1 when nothing waits. Throws PipelineAmbiguous when several do. */
export async function answer(
  status: 'Approved' | 'Rejected',
  environment: string,
  options: AnswerOptions,
): Promise<number> {
  const { client, pipelines } = await chosenPipelines(environment, options);
  const waiting = (await Promise.all(pipelines.map((pipeline) => waitingIn(client, pipeline)))).flat();
  const [only, ...others] = waiting;
  if (only === undefined) {
    console.error(`nothing waits for an approval in ${terminalText(environment)}`);
    return 1;
  }
  if (others.some(({ pipeline }) => pipeline !== only.pipeline)) {
    const names = [...new Set(waiting.map(({ pipeline }) => pipeline))].join(', ');
    throw new Fault('PipelineAmbiguous', `approvals wait in ${names}`);
  }
  for (const { pipeline, stage, action, token } of waiting) {
    const result = { status, summary: options.summary };
    await client.send(
      new PutApprovalResultCommand({ pipelineName: pipeline, stageName: stage, actionName: action, result, token }),
    );
    console.log(terminalText(`${status.toLowerCase()}: ${pipeline} ${stage}/${action}`));
  }
  return 0;
}
