import { setTimeout as sleep } from 'node:timers/promises';
import type { Cloud, Profile } from '../local/play.ts';
import type { EnvironmentJourney, Journey, Journeys } from './journeys.ts';
import { approveWaiting, failureReason, pipelineClient } from './pipelines.ts';
import { journeyText } from './render/journey.ts';
import { reasonText } from './render/reason.ts';

const pollMilliseconds = 150;
/** How long no state may change before the wait is given up; a build may be silent for long. */
const patienceMilliseconds = 15 * 60_000;

/** A commit that must arrive in an environment. */
export interface Expected {
  readonly environment: string;
  readonly commitId: string;
}

/**
 * Waits until every expected commit has run through its environment's pipeline, approving what waits for approval, and prints the
 * journeys. Answers the reasons for what failed, fit for a terminal; an empty list means that all went well.
 */
export async function waitForAll(
  cloud: Cloud,
  journeys: Journeys,
  expected: readonly Expected[],
  print: (line: string) => void,
): Promise<readonly string[]> {
  const approved = new Set<string>();
  let changedAt = Date.now();
  const leave = cloud.journal.follow(({ kind }) => {
    if (kind === 'state' || kind === 'log') changedAt = Date.now();
  });
  while (expected.some((each) => find(journeys, each)?.[1].endedAt === undefined)) {
    for (const { environment } of expected) await approve(cloud, environment, journeys, approved, print);
    if (Date.now() - changedAt > patienceMilliseconds) break;
    await sleep(pollMilliseconds);
  }
  leave();
  const arrived = new Set(
    expected.flatMap(
      (each) => find(journeys, each)?.[0] ?? journeys.all.filter(({ commitId }) => commitId === each.commitId),
    ),
  );
  for (const journey of arrived) print(`\n${journeyText(journey)}`);
  const reasons = await Promise.all(expected.map((each) => reasonFor(cloud, journeys, each)));
  return reasons.flatMap((reason) => reason ?? []);
}

function find(
  journeys: Journeys,
  { environment, commitId }: Expected,
): readonly [Journey, EnvironmentJourney] | undefined {
  for (const journey of journeys.all) {
    const found = journey.environments.get(environment);
    if (journey.commitId === commitId && found !== undefined) return [journey, found];
  }
  return undefined;
}

async function approve(
  cloud: Cloud,
  name: string,
  journeys: Journeys,
  approved: Set<string>,
  print: (line: string) => void,
): Promise<void> {
  const profile = profileOf(cloud, name);
  for (const journey of journeys.all) {
    const { pipeline, executionId, endedAt, stages = [] } = journey.environments.get(name) ?? {};
    const waiting = stages.some(({ endedAt: stageEnd }) => stageEnd === undefined);
    if (
      pipeline === undefined ||
      executionId === undefined ||
      endedAt !== undefined ||
      !waiting ||
      approved.has(executionId)
    )
      continue;
    for (const action of await approveWaiting(pipelineClient(cloud.endpoint, profile), pipeline)) {
      approved.add(executionId);
      print(`approved ${pipeline} ${action} through PutApprovalResult as profile ${name}`);
    }
  }
}

async function reasonFor(cloud: Cloud, journeys: Journeys, expected: Expected): Promise<string | undefined> {
  const { environment, commitId } = expected;
  const [, journey] = find(journeys, expected) ?? [];
  if (journey?.state === 'SUCCEEDED') return undefined;
  if (journey?.executionId === undefined || journey.pipeline === undefined)
    return `${environment}: commit ${commitId} started nothing`;
  const why = await failureReason(
    pipelineClient(cloud.endpoint, profileOf(cloud, environment)),
    journey.pipeline,
    journey.executionId,
  );
  return reasonText(
    `${environment}: ${journey.pipeline} ${(journey.state ?? 'did not end').toLowerCase()}: ${why}`,
    2,
    environment,
  );
}

function profileOf(cloud: Cloud, name: string): Profile {
  const found = cloud.profiles.find((profile) => profile.name === name);
  if (found === undefined) throw new Error(`no profile ${name}`);
  return found;
}
