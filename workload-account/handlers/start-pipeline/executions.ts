import type { ListPipelineExecutionsCommandOutput, PipelineExecutionSummary } from '@aws-sdk/client-codepipeline';
import {
  GetPipelineExecutionCommand,
  ListActionExecutionsCommand,
  ListPipelineExecutionsCommand,
  RetryStageExecutionCommand,
  StartPipelineExecutionCommand,
} from '@aws-sdk/client-codepipeline';
import { startToken } from '../../../events/start-ledger.ts';
import type { Run } from '../../../events/start-steps.ts';
import { executionVariables, sourceActionName, sourceStageName } from '../../../shared/names.ts';
import { describeCommit } from './describe-commit.ts';
import type { Performs, Place } from './place.ts';

/** Pages of 100 executions that are read at most; AWS keeps 12 months of them. */
const pagesAtMost = 50;

/** Starts the pipeline at exactly this commit. Sent once: an answer that is lost is settled by a later look. */
export async function start(
  place: Place,
  { ledger, mergeId }: Parameters<Performs['start']>[0],
): ReturnType<Performs['start']> {
  const { clients, own } = place;
  const { author, title } = await describeCommit(place, ledger.commitId);
  const { pipelineExecutionId } = await clients.codepipelineOnce.send(
    new StartPipelineExecutionCommand({
      name: own.pipeline,
      clientRequestToken: startToken(own.pipeline, ledger),
      sourceRevisions: [{ actionName: sourceActionName, revisionType: 'COMMIT_ID', revisionValue: ledger.commitId }],
      variables: [
        { name: executionVariables.generation, value: String(ledger.generation) },
        { name: executionVariables.mergeId, value: mergeId },
        { name: executionVariables.author, value: author },
        { name: executionVariables.title, value: title },
      ],
    }),
  );
  if (pipelineExecutionId === undefined) throw new Error('StartPipelineExecution answered without an execution id');
  return { executionId: pipelineExecutionId };
}

/** The executions AWS lists, newest first, as far down as asked. */
export async function listRuns(
  { clients, settings, own }: Place,
  { executionId, since }: Parameters<Performs['list-runs']>[0],
): ReturnType<Performs['list-runs']> {
  const runs: Run[] = [];
  let page: string | undefined;
  for (let pages = 0; pages < pagesAtMost; pages += 1) {
    const answer: ListPipelineExecutionsCommandOutput = await clients.codepipeline.send(
      new ListPipelineExecutionsCommand({
        pipelineName: own.pipeline,
        maxResults: 100,
        ...(page === undefined ? {} : { nextToken: page }),
      }),
    );
    const listed = (answer.pipelineExecutionSummaries ?? []).map((summary) => runOf(summary, settings.starterRoleName));
    runs.push(...listed);
    page = answer.nextToken;
    const isFarEnough =
      listed.some((run) => run.executionId === executionId) ||
      (listed.length > 0 && listed.every((run) => run.startedAt < since));
    if (page === undefined || isFarEnough) break;
  }
  return runs.sort((a, b) => b.startedAt - a.startedAt);
}

function runOf(summary: PipelineExecutionSummary, starterRoleName: string): Run {
  const revision = summary.sourceRevisions?.find(({ actionName }) => actionName === sourceActionName);
  return {
    executionId: summary.pipelineExecutionId ?? '',
    startedAt: summary.startTime?.getTime() ?? 0,
    trigger: triggerOf(summary, starterRoleName),
    phase: phases[summary.status ?? ''] ?? 'ended',
    commitId: commitOrNull(revision?.revisionId),
  };
}

function triggerOf({ trigger }: PipelineExecutionSummary, starterRoleName: string): Run['trigger'] {
  if (trigger?.triggerType === 'CreatePipeline') return 'creation';
  if (trigger?.triggerType !== 'StartPipelineExecution') return 'other';
  // arn:aws:sts::<account>:assumed-role/<role>/<session>
  const resource = trigger.triggerDetail?.split(':')[5] ?? '';
  return resource.startsWith(`assumed-role/${starterRoleName}/`) ? 'starter' : 'other';
}

const phases: Readonly<Record<string, Run['phase']>> = {
  InProgress: 'running',
  Stopping: 'running',
  Succeeded: 'succeeded',
  Failed: 'failed',
};

/** What the list does not show: the variables, which name our generation, and the commit. */
export async function readRun(
  { clients, own }: Place,
  { executionId }: Parameters<Performs['read-run']>[0],
): ReturnType<Performs['read-run']> {
  const { pipelineExecution } = await clients.codepipeline.send(
    new GetPipelineExecutionCommand({ pipelineName: own.pipeline, pipelineExecutionId: executionId }),
  );
  const generation = pipelineExecution?.variables?.find(
    ({ name }) => name === executionVariables.generation,
  )?.resolvedValue;
  const commits = (pipelineExecution?.artifactRevisions ?? []).map(({ revisionId }) => commitOrNull(revisionId));
  return {
    generation: generation !== undefined && /^\d{1,15}$/.test(generation) ? Number(generation) : null,
    commitId: commits.find((commitId) => commitId !== null) ?? null,
  };
}

const commitOrNull = (revision: string | undefined): string | null =>
  revision !== undefined && /^[0-9a-f]{40}$/.test(revision) ? revision : null;

/** Whether the newest try of the source action failed. */
export async function readSource(
  { clients, own }: Place,
  { executionId }: Parameters<Performs['read-source']>[0],
): ReturnType<Performs['read-source']> {
  const { actionExecutionDetails = [] } = await clients.codepipeline.send(
    new ListActionExecutionsCommand({ pipelineName: own.pipeline, filter: { pipelineExecutionId: executionId } }),
  );
  const [newest] = actionExecutionDetails
    .filter(({ stageName, actionName }) => stageName === sourceStageName && actionName === sourceActionName)
    .sort((a, b) => (b.startTime?.getTime() ?? 0) - (a.startTime?.getTime() ?? 0));
  return { failed: newest?.status === 'Failed' };
}

/** Runs the source stage of an execution again, at the same commit. */
export async function retrySource(
  { clients, own }: Place,
  { executionId }: Parameters<Performs['retry-source']>[0],
): ReturnType<Performs['retry-source']> {
  await clients.codepipelineOnce.send(
    new RetryStageExecutionCommand({
      pipelineName: own.pipeline,
      stageName: sourceStageName,
      pipelineExecutionId: executionId,
      retryMode: 'FAILED_ACTIONS',
    }),
  );
  return { retried: true };
}
