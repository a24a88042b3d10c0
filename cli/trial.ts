import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CodePipelineClient,
  DisableStageTransitionCommand,
  GetPipelineCommand,
  GetPipelineExecutionCommand,
  ListPipelineExecutionsCommand,
  PutApprovalResultCommand,
  type StageDeclaration,
  StartPipelineExecutionCommand,
} from '@aws-sdk/client-codepipeline';
import { parseStartDecided, type StartOutcome, startDecidedDetailType } from '../events/start-decided.ts';
import type { Cloud } from '../local/play.ts';
import { Fault } from '../shared/fault.ts';
import { sourceActionName } from '../shared/names.ts';
import { ask } from './choose.ts';
import { failureReason } from './pipelines.ts';
import { stagesOf, waitingIn } from './waiting.ts';

/** What is tried. */
export interface TrialSettings {
  readonly environment: string;
  readonly account: string;
  readonly branch: string;
  readonly pipeline: string;
  /** The last stage to run; undefined for all. */
  readonly until: string | undefined;
  /** True approves whatever waits. */
  readonly yes: boolean;
}

/** A pipeline made ready for a trial. */
export interface Trial extends TrialSettings {
  readonly client: CodePipelineClient;
  readonly repository: string;
  /** The approvals on the way, as `stage/action`. */
  readonly approvals: readonly string[];
}

/** How a trial ended; `reason` is empty for one that succeeded. */
export interface TrialEnd {
  readonly outcome: 'succeeded' | 'failed' | 'interrupted';
  readonly reason: string;
}

const pollMilliseconds = 150;
/** These keep a commit for later or away, and a trial is meant to run now. */
const heldBack: readonly StartOutcome[] = ['held', 'not-concerned'];

/** Reads the pipeline, and shuts the door behind the stage that is to be the last. Throws StageMissing. */
export async function trialOf(client: CodePipelineClient, settings: TrialSettings): Promise<Trial> {
  const { pipeline, until } = settings;
  const { pipeline: declared } = await client.send(new GetPipelineCommand({ name: pipeline }));
  const stages = declared?.stages ?? [];
  const last = until === undefined ? stages.length - 1 : stages.findIndex(({ name }) => name === until);
  if (last < 0) {
    const names = stages.map(({ name }) => name).join(', ');
    throw new Fault('StageMissing', `pipeline '${pipeline}' has no stage '${until}', only ${names}`);
  }
  if (last < stages.length - 1)
    await client.send(
      new DisableStageTransitionCommand({
        pipelineName: pipeline,
        stageName: until,
        transitionType: 'Outbound',
        reason: 'mergecast run ends here',
      }),
    );
  const approvals = stages.slice(0, last + 1).flatMap(approvalsOf);
  const repository = stages[0]?.actions?.[0]?.configuration?.['RepositoryName'] ?? '';
  return { ...settings, client, repository, approvals };
}

const approvalsOf = ({ name, actions = [] }: StageDeclaration): readonly string[] =>
  actions.filter(({ actionTypeId }) => actionTypeId?.category === 'Approval').map((each) => `${name}/${each.name}`);

/**
 * Waits until the commit has run through the pipeline, or to the last stage wanted, and answers approvals on the way. What holds the commit back
 * is told, and then it is started by hand.
 */
export async function watchTrial(
  cloud: Cloud,
  trial: Trial,
  commitId: string,
  interrupted: AbortSignal,
): Promise<TrialEnd> {
  const refusal = refusalsOf(cloud, trial, commitId);
  let executionId: string | undefined;
  try {
    while (!interrupted.aborted) {
      executionId ??= await executionOf(trial, commitId);
      const reason = refusal.take();
      if (executionId === undefined && reason !== undefined) executionId = await startByHand(trial, commitId, reason);
      const end = executionId === undefined ? undefined : await endOf(trial, executionId);
      if (end !== undefined) return end;
      await answerApprovals(trial, interrupted);
      await sleep(pollMilliseconds);
    }
    return { outcome: 'interrupted', reason: 'Ctrl-C' };
  } finally {
    refusal.leave();
  }
}

/** Listens for decisions that hold the commit back. */
function refusalsOf(cloud: Cloud, { pipeline }: Trial, commitId: string) {
  let reason: string | undefined;
  const leave = cloud.journal.follow(({ kind, detail }) => {
    if (kind !== 'event') return;
    const { event } = detail as { event: Readonly<Record<string, unknown>> };
    if (event['detail-type'] !== startDecidedDetailType) return;
    try {
      const { detail: decided } = parseStartDecided(event);
      if (decided.pipeline === pipeline && decided.commitId === commitId && heldBack.includes(decided.outcome))
        reason = `${decided.outcome}: ${decided.reason}`;
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
    }
  });
  const take = () => {
    const taken = reason;
    reason = undefined;
    return taken;
  };
  return { take, leave };
}

async function startByHand({ client, pipeline }: Trial, commitId: string, reason: string): Promise<string | undefined> {
  console.log(`${reason}; a trial does not wait for that, so it is started by hand`);
  const pinned = { actionName: sourceActionName, revisionType: 'COMMIT_ID', revisionValue: commitId } as const;
  const started = await client.send(new StartPipelineExecutionCommand({ name: pipeline, sourceRevisions: [pinned] }));
  return started.pipelineExecutionId;
}

async function executionOf({ client, pipeline }: Trial, commitId: string): Promise<string | undefined> {
  const listed = await client.send(new ListPipelineExecutionsCommand({ pipelineName: pipeline }));
  const found = listed.pipelineExecutionSummaries?.find(({ sourceRevisions = [] }) =>
    sourceRevisions.some(({ revisionId }) => revisionId === commitId),
  );
  return found?.pipelineExecutionId;
}

async function endOf(trial: Trial, pipelineExecutionId: string): Promise<TrialEnd | undefined> {
  const { client, pipeline, until } = trial;
  const { pipelineExecution } = await client.send(
    new GetPipelineExecutionCommand({ pipelineName: pipeline, pipelineExecutionId }),
  );
  const status = pipelineExecution?.status ?? '';
  if (status === 'Succeeded') return { outcome: 'succeeded', reason: '' };
  if (['Failed', 'Stopped', 'Superseded', 'Cancelled'].includes(status))
    return { outcome: 'failed', reason: await failureReason(client, pipeline, pipelineExecutionId) };
  if (until === undefined) return undefined;
  const { latestExecution } = (await stagesOf(client, pipeline)).find(({ stageName }) => stageName === until) ?? {};
  const reached = latestExecution?.pipelineExecutionId === pipelineExecutionId;
  return reached && latestExecution.status === 'Succeeded' ? { outcome: 'succeeded', reason: '' } : undefined;
}

async function answerApprovals({ client, pipeline, yes }: Trial, interrupted: AbortSignal): Promise<void> {
  for (const { stage, action, token } of await waitingIn(client, pipeline)) {
    const said = yes ? 'y' : await ask(`approve ${stage}/${action}? [y/N] `, undefined, interrupted);
    if (interrupted.aborted) return;
    const status = /^y(?:es)?$/i.test(said) ? 'Approved' : 'Rejected';
    const result = { status, summary: `${status.toLowerCase()} in mergecast run` } as const;
    await client.send(
      new PutApprovalResultCommand({ pipelineName: pipeline, stageName: stage, actionName: action, result, token }),
    );
    console.log(`${status.toLowerCase()}: ${pipeline} ${stage}/${action}`);
  }
}
