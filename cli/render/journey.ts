import type { EnvironmentJourney, Journey } from '../journeys.ts';
import { reasonText } from './reason.ts';
import { bold, dim, green, red, seconds, terminalText } from './terminal.ts';

/** A journey as text: who merged what, and each environment's way with ids and times, counted from the merge. */
export function journeyText(journey: Journey): string {
  const { repository, branch, commitId, eventId, mergedAt, announcedAt, announcement } = journey;
  const since = (at: number | undefined) => dim(at === undefined ? '' : `+${seconds(at - mergedAt)}`);
  const lines = [
    bold(terminalText(`${repository} ${branch} ${commitId}`)),
    `  merge     event ${eventId}  ${dim(new Date(mergedAt).toISOString())}`,
    `  announce  ${announcement === undefined ? red('not announced') : `merge id ${announcement.mergeId}, ${announcement.kind}`}  ${since(announcedAt)}`,
  ];
  for (const each of journey.environments.values()) lines.push(...environmentLines(each, since));
  return lines.join('\n');
}

function environmentLines(journey: EnvironmentJourney, since: (at: number | undefined) => string): readonly string[] {
  const { environment, forwardedAt, decision, decidedAt, executionId, pipeline, stages, state, endedAt } = journey;
  const stageTexts = stages.map((stage) => {
    const took =
      stage.endedAt === undefined
        ? stage.state.toLowerCase()
        : `${stage.state.toLowerCase()} in ${seconds(stage.endedAt - stage.startedAt)}`;
    return `            ${stage.name.padEnd(10)} ${took}`;
  });
  const end = state === 'SUCCEEDED' ? green('succeeded') : red((state ?? 'not started').toLowerCase());
  return [
    `  forward   to ${environment}  ${since(forwardedAt)}`,
    `  start     ${decision === undefined ? red('no decision was reported') : reasonText(`${decision.outcome}: ${decision.reason}`, 12, environment)}  ${since(decidedAt)}`,
    ...(executionId === undefined
      ? []
      : [
          `  run       ${pipeline ?? ''} execution ${executionId}`,
          ...stageTexts,
          `            ${end}  ${since(endedAt)}`,
        ]),
  ];
}
