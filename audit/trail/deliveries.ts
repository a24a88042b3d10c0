import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { readLines, type TrailRecord } from './record.ts';
import { type Period, type Progress, searchTrail } from './search.ts';

/** A commit that a pipeline has run to its end. */
export interface Delivery {
  readonly repository: string;
  readonly branch: string;
  readonly commitId: string;
  readonly executionId: string;
  /** Milliseconds since 1970: when its execution succeeded, as the trail got it. */
  readonly deliveredAt: number;
}

/** What a pipeline has delivered, oldest first; the last one is what runs now. */
export interface DeliveryHistory {
  readonly environment: string;
  /** The account that reported, as AWS vouches. */
  readonly account: string;
  readonly pipeline: string;
  readonly deliveries: readonly Delivery[];
}

const starts = '{ $.detail.outcome = "started" || $.detail.outcome = "unannounced" || $.detail.outcome = "retried" }';
const successes = '{ $.detail.state = "SUCCEEDED" && $.detail.stage NOT EXISTS }';

/** What every pipeline has delivered in a period, by environment and pipeline. */
export async function findDeliveries(
  logs: CloudWatchLogsClient,
  period: Period,
  progress?: Progress,
): Promise<readonly DeliveryHistory[]> {
  const lines = [
    ...(await searchTrail(logs, period, starts, progress)),
    ...(await searchTrail(logs, period, successes, progress)),
  ];
  return deliveriesOf(readLines(lines).records);
}

/** Joins decisions with the ends of their executions; an execution of a role other than the starter's is no delivery of a merge. */
export function deliveriesOf(records: readonly TrailRecord[]): readonly DeliveryHistory[] {
  const ends = new Map<string, number>();
  for (const record of records)
    if (record.fact === 'changed' && record.change.stage === null && record.change.state === 'SUCCEEDED')
      ends.set(`${record.account} ${record.change.executionId}`, record.recordedAt);
  const histories = new Map<string, DeliveryHistory & { deliveries: Delivery[] }>();
  for (const record of records) {
    if (record.fact !== 'decided') continue;
    const { decision, account } = record;
    const { environment, pipeline, repository, branch, commitId, executionId } = decision;
    const deliveredAt = ends.get(`${account} ${executionId}`);
    if (commitId === null || executionId === null || deliveredAt === undefined) continue;
    const key = `${account} ${pipeline}`;
    const history = histories.get(key) ?? { environment, account, pipeline, deliveries: [] };
    if (!history.deliveries.some((each) => each.executionId === executionId))
      history.deliveries.push({ repository, branch, commitId, executionId, deliveredAt });
    histories.set(key, history);
  }
  for (const { deliveries } of histories.values()) deliveries.sort((a, b) => a.deliveredAt - b.deliveredAt);
  return [...histories.values()].sort((a, b) => a.environment.localeCompare(b.environment));
}
