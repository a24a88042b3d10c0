import { PutApprovalResultCommand } from '@aws-sdk/client-codepipeline';
import { choose } from '../choose.ts';
import { chosenPipelines, type PipelineOptions } from '../chosen-pipeline.ts';
import { exitCodes } from '../exit-codes.ts';
import { terminalText } from '../render/terminal.ts';
import { waitingIn } from '../waiting.ts';

/** As given on the command line. */
export interface AnswerOptions extends PipelineOptions {
  /** Why; it stays with the execution. */
  readonly summary: string;
  readonly json?: boolean;
}

/**
 * Approves or rejects what waits in an environment; answers the exit code, `no` when nothing waits. Which pipeline is asked for when approvals wait in
 * several. Throws PipelineAmbiguous, EnvironmentMissing.
 */
export async function answer(
  status: 'Approved' | 'Rejected',
  named: string | undefined,
  options: AnswerOptions,
): Promise<number> {
  const { environment, client, pipelines } = await chosenPipelines(named, options);
  const waiting = (await Promise.all(pipelines.map((pipeline) => waitingIn(client, pipeline)))).flat();
  if (waiting.length === 0) console.error(`nothing waits for an approval in ${terminalText(environment)}`);
  const names = [...new Set(waiting.map(({ pipeline }) => pipeline))];
  const subject = 'approvals wait in several pipelines';
  const chosen =
    names.length === 0
      ? undefined
      : await choose(names, { question: 'which pipeline', code: 'PipelineAmbiguous', subject });
  const answered = waiting.filter(({ pipeline }) => pipeline === chosen);
  for (const { pipeline, stage, action, token } of answered) {
    const result = { status, summary: options.summary };
    await client.send(
      new PutApprovalResultCommand({ pipelineName: pipeline, stageName: stage, actionName: action, result, token }),
    );
    if (options.json !== true) console.log(terminalText(`${status.toLowerCase()}: ${pipeline} ${stage}/${action}`));
  }
  if (options.json === true)
    console.log(JSON.stringify(answered.map(({ pipeline, stage, action }) => ({ pipeline, stage, action, status }))));
  return answered.length === 0 ? exitCodes.no : exitCodes.done;
}
