import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { BranchMerged } from '../../../events/branch-merged.ts';
import { parseBranchMerged } from '../../../events/branch-merged.ts';
import type { StartDecided } from '../../../events/start-decided.ts';
import { converge } from '../../../events/start-decision.ts';
import { isSweep } from '../../../events/sweep.ts';
import { Fault } from '../../../shared/fault.ts';
import type { Clients } from './clients.ts';
import { performing, walk } from './perform.ts';
import { reportOf, sendReports } from './report.ts';
import type { PipelineSettings, Settings } from './settings.ts';

/** Pipelines looked at side by side: AWS throttles a starter that lists everything at once. */
const sideBySide = 8;

/**
 * Start: makes the environment's pipelines converge on the head of their branch, for an announcement those of its repository
 * and for the sweep all. What a pipeline's look fails with is reported and thrown when every pipeline has been looked at, so
 * that Lambda looks again; a second look starts nothing twice.
 */
export const createHandler = (clients: Clients, settings: Settings) => async (event: unknown) => {
  const announced = isSweep(event) ? null : announcementIn(event, settings);
  const concerned = settings.pipelines.filter(
    ({ repository }) =>
      announced === null || (announced.repository === repository && announced.branch === settings.branch),
  );
  const reports: StartDecided[] = [];
  for (let first = 0; first < concerned.length; first += sideBySide) {
    const looks = concerned.slice(first, first + sideBySide).map((own) => lookAt(own, announced, clients, settings));
    reports.push(...(await Promise.all(looks)).flat());
  }
  for (const report of reports) log(report, clients);
  countUndelivered(reports, clients);
  await sendReports(reports, clients, settings.devopsBusArn);
  throwFailed(reports);
  return reports;
};

function announcementIn(event: unknown, { devopsAccount }: Settings): BranchMerged {
  const { account, detail } = parseBranchMerged(event);
  if (account !== devopsAccount) throw new Fault('EventMalformed', `account '${account}' is not the DevOps account`);
  return detail;
}

async function lookAt(
  own: PipelineSettings,
  announced: BranchMerged | null,
  clients: Clients,
  settings: Settings,
): Promise<readonly StartDecided[]> {
  const { paths, freezes = [], requires = [] } = own;
  const course = converge({
    cause: announced === null ? 'sweep' : 'event',
    announced,
    epoch: clients.newEpoch(),
    hasPaths: paths !== undefined && !paths.every((glob) => glob === '**'),
    freezes,
    hasRequired: requires.length > 0,
  });
  const decisions = await walk(course, performing({ clients, settings, own }));
  return decisions.map((decision) => reportOf(decision, own, settings, announced, clients.now()));
}

function log(report: StartDecided, { logger }: Clients): void {
  const { pipeline, outcome, reason, commitId, generation, executionId, announced } = report;
  const line = { pipeline, outcome, reason, commitId, generation, executionId, mergeId: announced?.mergeId };
  if (outcome === 'failed' || outcome === 'undelivered') logger.error('decided', line);
  else logger.info('decided', line);
}

/** The alarm rests on this: a head that cannot be read, so that nobody knows what should run, or whose source action failed too often. */
function countUndelivered(reports: readonly StartDecided[], { metrics }: Clients): void {
  const undelivered = reports.filter(({ outcome }) => outcome === 'undelivered' || outcome === 'unreadable');
  if (undelivered.length === 0) return;
  metrics.addMetric('Undelivered', MetricUnit.Count, undelivered.length);
  metrics.publishStoredMetrics();
}

function throwFailed(reports: readonly StartDecided[]): void {
  const failed = reports.filter(({ outcome }) => outcome === 'failed');
  if (failed.length === 0) return;
  throw new Error(failed.map(({ pipeline, reason }) => `${pipeline}: ${reason}`).join('; '));
}
