import type { ExecutionJourney } from '../../audit/trail/execution.ts';
import type { Announced, Decided, EnvironmentJourney, Journey } from '../../audit/trail/journey.ts';
import { reasonText } from './reason.ts';
import { bold, dim, green, red, seconds, terminalText } from './terminal.ts';

/** A commit's journey as text. Delays are counted from the announcement, as the trail recorded it. */
export function traceText(journey: Journey): string {
  const { repository, branch, commitId, announcements, environments, gaps } = journey;
  const first = announcements[0]?.recordedAt;
  return [
    bold(terminalText(`${repository} ${branch} ${commitId}`)),
    ...announcements.flatMap(announcedLines),
    ...environments.flatMap((each) => environmentLines(each, first)),
    ...gaps.map((gap) => red(`  missing   ${terminalText(gap, 400)}`)),
  ].join('\n');
}

function announcedLines({ merge, announcedAt }: Announced): readonly string[] {
  const { kind, mergedBy, sourceEvent, mergeId, previousCommitId } = merge;
  const before = previousCommitId === null ? 'a new branch' : `before it ${previousCommitId}`;
  return [
    terminalText(`  merge     ${kind} by ${mergedBy ?? 'somebody CodeCommit does not name'}, ${before}`, 400),
    `            event ${sourceEvent.id}  ${dim(sourceEvent.time)}`,
    `  announce  merge id ${mergeId}  ${dim(announcedAt)}`,
  ];
}

function environmentLines(
  { environment, account, pipeline, decisions, executions }: EnvironmentJourney,
  first: number | undefined,
): readonly string[] {
  return [
    bold(terminalText(`  ${environment}, account ${account}, pipeline ${pipeline}`)),
    ...decisions.map((each) => decisionLine(each, first)),
    ...executions.flatMap((each) => executionLines(environment, each, first)),
  ];
}

function decisionLine({ decision, recordedAt }: Decided, first: number | undefined): string {
  const { outcome, reason, generation, cause } = decision;
  const which = generation === null ? '' : `, generation ${generation}`;
  return `  start     ${terminalText(`${outcome} (by the ${cause}${which}): ${reason}`, 600)}  ${delay(first, recordedAt)}`;
}

function executionLines(
  environment: string,
  execution: ExecutionJourney,
  first: number | undefined,
): readonly string[] {
  const attempts = execution.attempts > 1 ? `, ${execution.attempts} attempts` : '';
  return [
    `  run       execution ${terminalText(execution.executionId)}${attempts}  ${delay(first, execution.startedAt)}`,
    ...execution.stages.flatMap((stage) => [
      `            ${terminalText(stage.name).padEnd(12)} ${stateText(stage.state)}${took(stage)}`,
      ...stage.actions
        .filter(({ state, summary }) => state === 'FAILED' || summary !== null)
        .map(({ name, summary }) =>
          dim(`              ${reasonText(`${name}: ${summary ?? 'no reason was given'}`, 16, environment)}`),
        ),
    ]),
    `            ${stateText(execution.state)}  ${delay(first, execution.endedAt)}`,
  ];
}

const took = ({ startedAt, endedAt }: { startedAt?: number; endedAt?: number }): string =>
  startedAt === undefined || endedAt === undefined ? '' : ` in ${seconds(endedAt - startedAt)}`;

const delay = (from: number | undefined, to: number | undefined): string =>
  from === undefined || to === undefined ? '' : dim(`+${seconds(to - from)}`);

function stateText(state: string): string {
  const text = terminalText(state.toLowerCase());
  if (state === 'SUCCEEDED') return green(text);
  return ['FAILED', 'STOPPED', 'CANCELED', 'ABANDONED'].includes(state) ? red(text) : text;
}
