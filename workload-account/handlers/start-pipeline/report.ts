import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { BranchMerged } from '../../../events/branch-merged.ts';
import type { StartDecided } from '../../../events/start-decided.ts';
import { startDecidedDetailType, startDecidedSource } from '../../../events/start-decided.ts';
import type { StartDecision } from '../../../events/start-decision.ts';
import type { Clients } from './clients.ts';
import type { PipelineSettings, Settings } from './settings.ts';

/** PutEvents takes ten entries (facts 2.3). */
const entriesAtMost = 10;

const triesAtMost = 3;

/** A decision in the words of the trail. */
export function reportOf(
  decision: StartDecision,
  own: PipelineSettings,
  settings: Settings,
  announced: BranchMerged | null,
  now: number,
): StartDecided {
  return {
    version: '1',
    environment: settings.environment,
    pipeline: own.pipeline,
    repository: own.repository,
    branch: settings.branch,
    cause: announced === null ? 'sweep' : 'event',
    outcome: decision.outcome,
    reason: decision.reason.length > 1000 ? `${decision.reason.slice(0, 999)}…` : decision.reason,
    commitId: decision.commitId,
    previousCommitId: decision.previousCommitId,
    generation: decision.generation,
    executionId: decision.executionId,
    until: decision.until === null ? null : new Date(decision.until).toISOString(),
    override: decision.override,
    announced:
      announced === null
        ? null
        : { mergeId: announced.mergeId, commitId: announced.commitId, traceparent: announced.traceparent },
    decidedAt: new Date(now).toISOString(),
  };
}

/**
 * Sends reports to the DevOps bus. Refused entries are sent again, and what stays refused is logged and thrown: then Lambda
 * runs the look again, which starts nothing twice and reports what it finds.
 */
export async function sendReports(reports: readonly StartDecided[], clients: Clients, busArn: string): Promise<void> {
  const failures: unknown[] = [];
  for (let first = 0; first < reports.length; first += entriesAtMost) {
    // One batch that does not come through must not keep the others back.
    await sendBatch(reports.slice(first, first + entriesAtMost), clients, busArn).catch((error: unknown) =>
      failures.push(error),
    );
  }
  if (failures.length > 0) throw failures[0];
}

async function sendBatch(reports: readonly StartDecided[], clients: Clients, busArn: string): Promise<void> {
  let unsent = reports;
  let why = '';
  for (let tries = 0; tries < triesAtMost && unsent.length > 0; tries += 1) {
    const sent = new PutEventsCommand({ Entries: unsent.map((report) => entryOf(report, busArn)) });
    const { Entries = [] } = await clients.events.send(sent).catch((error: unknown) => {
      clients.logger.error('reports could not be sent', { busArn, why: String(error), reports: unsent });
      throw error;
    });
    const refused = Entries.find(({ EventId }) => EventId === undefined);
    why = `${refused?.ErrorCode ?? 'no answer'} ${refused?.ErrorMessage ?? ''}`.trim();
    unsent = unsent.filter((_, index) => Entries[index]?.EventId === undefined);
  }
  if (unsent.length === 0) return;
  clients.logger.error('reports were refused', { busArn, why, reports: unsent });
  throw new Error(`the bus ${busArn} refused ${unsent.length} reports: ${why}`);
}

const entryOf = (report: StartDecided, busArn: string) => ({
  EventBusName: busArn,
  Source: startDecidedSource,
  DetailType: startDecidedDetailType,
  Detail: JSON.stringify(report),
});
