import {
  type CodePipelineClient,
  ListPipelineExecutionsCommand,
  type PipelineExecutionSummary,
  RollbackStageCommand,
  type StageState,
} from '@aws-sdk/client-codepipeline';
import { Fault } from '../../shared/fault.ts';
import { chosenPipeline, type PipelineOptions } from '../chosen-pipeline.ts';
import { exitCodes } from '../exit-codes.ts';
import { terminalText } from '../render/terminal.ts';
import { stagesOf } from '../waiting.ts';

/** As given on the command line. */
export interface RollbackOptions extends PipelineOptions {
  /** @default - the last stage that was reached */
  readonly stage?: string;
  /** The execution to go back to. @default - the newest one that succeeded in the stage before what it holds now */
  readonly to?: string;
  readonly json?: boolean;
}

/**
 * Runs a stage again as an earlier execution left it, in a new execution that CodePipeline calls a rollback. Answers the exit code, `no` when
 * there is no earlier execution to go back to. Throws StageMissing for a stage that the pipeline has not.
 */
export async function rollback(
  named: string | undefined,
  pipelineNamed: string | undefined,
  options: RollbackOptions,
): Promise<number> {
  const wanted = pipelineNamed === undefined ? options : { ...options, pipeline: pipelineNamed };
  const { client, pipeline } = await chosenPipeline(named, wanted);
  const stage = stageMeant(pipeline, await stagesOf(client, pipeline), options.stage);
  const target = options.to ?? (stage === undefined ? undefined : await earlier(client, pipeline, stage));
  if (stage?.stageName === undefined || target === undefined) {
    const what =
      stage?.stageName === undefined ? 'no stage was reached' : `nothing earlier succeeded in ${stage.stageName}`;
    console.error(terminalText(`${pipeline}: ${what}, so there is nothing to go back to`));
    return exitCodes.no;
  }
  const asked = { pipelineName: pipeline, stageName: stage.stageName, targetPipelineExecutionId: target };
  const { pipelineExecutionId: executionId = '' } = await client.send(new RollbackStageCommand(asked));
  const done = { pipeline, stage: stage.stageName, target, executionId };
  console.log(
    options.json === true
      ? JSON.stringify(done)
      : terminalText(
          `rolling back: ${pipeline} ${done.stage} to what execution ${target} left, as execution ${executionId}`,
        ),
  );
  return exitCodes.done;
}

function stageMeant(
  pipeline: string,
  stages: readonly StageState[],
  named: string | undefined,
): StageState | undefined {
  if (named === undefined) return stages.slice(1).findLast(({ latestExecution }) => latestExecution !== undefined);
  const found = stages.find(({ stageName }) => stageName === named);
  if (found !== undefined) return found;
  const names = stages.map(({ stageName }) => stageName).join(', ');
  throw new Fault('StageMissing', `pipeline '${pipeline}' has no stage '${named}', only ${names}`);
}

/** The newest execution that succeeded in the stage, is no rollback itself, and is not what the stage holds. */
async function earlier(
  client: CodePipelineClient,
  pipelineName: string,
  { stageName, latestExecution }: StageState,
): Promise<string | undefined> {
  const filter = { succeededInStage: { stageName } };
  const { pipelineExecutionSummaries = [] } = await client.send(
    new ListPipelineExecutionsCommand({ pipelineName, filter, maxResults: 100 }),
  );
  const held = heldBy(pipelineExecutionSummaries, latestExecution?.pipelineExecutionId);
  const ordinary = pipelineExecutionSummaries.filter(({ executionType }) => executionType !== 'ROLLBACK');
  const at = ordinary.findIndex(({ pipelineExecutionId }) => pipelineExecutionId === held);
  return ordinary[at + 1]?.pipelineExecutionId;
}

/** Whose artifacts the stage holds: its execution's, or of a rollback those of its target. */
function heldBy(all: readonly PipelineExecutionSummary[], latest: string | undefined): string | undefined {
  const execution = all.find(({ pipelineExecutionId }) => pipelineExecutionId === latest);
  return execution?.rollbackMetadata?.rollbackTargetPipelineExecutionId ?? latest;
}
