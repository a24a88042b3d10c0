import type { StageState } from '@aws-sdk/client-codepipeline';
import { waitingActions } from '../waiting.ts';
import type { ExecutionFact, HeadFacts } from './facts.ts';

/** Why the head of a branch runs in an environment, or does not. */
export interface Why {
  /** True when the newest head went through the whole pipeline and nothing newer did. */
  readonly runs: boolean;
  /** What is the case, the nearest cause first; with what to do next where somebody has to. */
  readonly sentences: readonly string[];
}

/** Says the cause in sentences. Texts of others, such as reasons, stand in them as they were written. */
export function why(facts: HeadFacts): Why {
  const { environment, repository, branch, head, executions } = facts;
  if (head === null)
    return isNot([`repository ${repository} has no branch ${branch}, so there is nothing to run: push one`]);
  const own = executions.find(({ commitId }) => commitId === head);
  const said = own === undefined ? unstarted(facts, head) : started(facts, own);
  const alarms = facts.alarms.map((alarm) => `alarm ${alarm} is on`);
  const pointing = `branch ${branch} of ${repository} points at ${head}`;
  const { runs, sentences } = said;
  return {
    runs,
    sentences: [
      `${pointing}, which ${sentences[0] ?? `${environment} runs`}`,
      ...sentences.slice(1),
      ...(runs ? [] : alarms),
    ],
  };
}

const isNot = (sentences: readonly string[]): Why => ({ runs: false, sentences });

function started(facts: HeadFacts, own: ExecutionFact): Why {
  const { environment, pipeline, executions } = facts;
  const { executionId, status, startedAt } = own;
  const newer = executions.slice(0, executions.indexOf(own)).find((each) => each.status === 'Succeeded');
  if (status === 'Succeeded')
    return newer === undefined
      ? { runs: true, sentences: [`${environment} runs since execution ${executionId} of ${startedAt}`] }
      : isNot([
          `ran in execution ${executionId}`,
          `execution ${newer.executionId} of ${newer.startedAt} came after it`,
        ]);
  const causes: Readonly<Record<string, () => readonly string[]>> = {
    InProgress: () => ['is on its way', ...onItsWay(facts, own)],
    Stopping: () => [`is being stopped (execution ${executionId})`],
    Stopped: () => [
      `somebody stopped (execution ${executionId})`,
      `the next merge starts the pipeline; to run the branch as it is: aws codepipeline start-pipeline-execution --name ${pipeline}`,
    ],
    Cancelled: () => [`was cancelled when the pipeline changed (execution ${executionId})`],
    Superseded: () => [`a newer execution took over before it went on (execution ${executionId})`],
    Failed: () => ['failed on its way', ...failures(facts, own)],
  };
  return isNot(causes[status]?.() ?? [`is ${status} (execution ${executionId})`]);
}

const isOf = ({ latestExecution }: StageState, { executionId }: ExecutionFact): boolean =>
  latestExecution?.pipelineExecutionId === executionId;

/** What to do about the actions of a stage that wait. */
const approvals = (stage: StageState, { environment, pipeline }: HeadFacts): readonly string[] =>
  waitingActions(stage).map(
    ({ action }) =>
      `${stage.stageName}/${action} waits for somebody: npx mergecast approve ${environment} --pipeline ${pipeline}`,
  );

function onItsWay(facts: HeadFacts, own: ExecutionFact): readonly string[] {
  const { environment, pipeline, stages } = facts;
  const here = stages.find((stage) => isOf(stage, own) && stage.latestExecution?.status === 'InProgress');
  if (here !== undefined)
    return waitingActions(here).length === 0
      ? [`stage ${here.stageName} runs: npx mergecast logs -f ${environment} --pipeline ${pipeline}`]
      : approvals(here, facts);
  const before = stages.find(({ inboundExecution, inboundExecutions = [] }) =>
    [...inboundExecutions, ...(inboundExecution === undefined ? [] : [inboundExecution])].some(
      ({ pipelineExecutionId }) => pipelineExecutionId === own.executionId,
    ),
  );
  if (before === undefined) return [`execution ${own.executionId} is between two stages`];
  const {
    enabled = true,
    disabledReason = 'no reason is told',
    lastChangedBy = 'somebody',
  } = before.inboundTransitionState ?? {};
  return enabled
    ? [
        `stage ${before.stageName} is taken by an earlier execution, and it goes on when that one leaves`,
        ...approvals(before, facts).map((sentence) => `there ${sentence}`),
      ]
    : [
        `the way into stage ${before.stageName} is closed by ${lastChangedBy}: ${disabledReason}`,
        `who closed it opens it: aws codepipeline enable-stage-transition --pipeline-name ${pipeline} --stage-name ${before.stageName} --transition-type Inbound`,
      ];
}

function failures({ environment, pipeline, stages }: HeadFacts, own: ExecutionFact): readonly string[] {
  const failed = stages.filter((stage) => isOf(stage, own) && stage.latestExecution?.status === 'Failed');
  const reasons = failed.flatMap(({ stageName, actionStates = [] }) =>
    actionStates.flatMap(({ actionName, latestExecution: run }) =>
      run?.status === 'Failed'
        ? [`${stageName}/${actionName} failed: ${run.errorDetails?.message ?? run.summary ?? 'no reason is told'}`]
        : [],
    ),
  );
  const rule =
    failed.length > 0 && reasons.length === 0 ? [`a condition of stage ${failed[0]?.stageName} was not met`] : [];
  return [
    ...reasons,
    ...rule,
    ...(failed.length === 0
      ? [`another execution has been in its stages since: npx mergecast trace ${own.executionId}`]
      : [`mend it with a commit, or try again: npx mergecast retry ${environment} --pipeline ${pipeline}`]),
  ];
}

function unstarted({ environment, announcedAt, decision }: HeadFacts, head: string): Why {
  const release = `let it through with a second person: npx mergecast release ${environment} --commit ${head} --reason …`;
  if (decision === null)
    return isNot(
      announcedAt === null
        ? [
            'nobody has announced yet',
            `the starter of ${environment} looks at the branch every five minutes; when that passes and nothing happens, its alarms tell why`,
          ]
        : [
            `was announced at ${announcedAt}, and ${environment} has decided nothing about it`,
            `it may lie in a dead-letter queue on the way; the starter of ${environment} looks at the branch every five minutes and finds it then`,
          ],
    );
  const { outcome, reason, until, decidedAt } = decision;
  if (outcome === 'held')
    return isNot([
      `is held: ${reason}`,
      ...(until === null ? [] : [`it opens at ${until}, and the newest head goes`]),
      release,
    ]);
  return isNot([`${environment} has not started: ${reason}`, `decided at ${decidedAt} (${outcome})`]);
}
