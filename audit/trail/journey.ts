import type { BranchMerged } from '../../events/branch-merged.ts';
import type { StartDecided } from '../../events/start-decided.ts';
import { type ExecutionJourney, executionsOf } from './execution.ts';
import type { TrailRecord } from './record.ts';

/** An announcement of the commit. */
export interface Announced {
  readonly merge: BranchMerged;
  /** ISO 8601, when the announcement was published. */
  readonly announcedAt: string;
  /** Milliseconds since 1970. */
  readonly recordedAt: number;
}

/** A decision about the commit. */
export interface Decided {
  readonly decision: StartDecided;
  /** Milliseconds since 1970. */
  readonly recordedAt: number;
}

/** What became of a commit in one pipeline of one environment. */
export interface EnvironmentJourney {
  readonly environment: string;
  /** The account that reported, as AWS vouches. */
  readonly account: string;
  readonly pipeline: string;
  /** Oldest first. */
  readonly decisions: readonly Decided[];
  /** Oldest first. */
  readonly executions: readonly ExecutionJourney[];
}

/** A commit's way from its branch through every account that had to do with it. */
export interface Journey {
  readonly repository: string;
  readonly branch: string;
  readonly commitId: string;
  /** More than one when the branch came back to the commit. */
  readonly announcements: readonly Announced[];
  readonly environments: readonly EnvironmentJourney[];
  /** What is missing, in words. */
  readonly gaps: readonly string[];
}

type Decision = Extract<TrailRecord, { fact: 'decided' }>;

/** Which commit a decision is about: the one it settled on, or else the announced one that it did not take. */
export const commitOf = ({ outcome, commitId, announced }: StartDecided): string | null =>
  outcome === 'superseded-by' ? (announced?.commitId ?? commitId) : (commitId ?? announced?.commitId ?? null);

/** Joins records into journeys, in the order their commits were first seen. A record that belongs to none is left out. */
export function journeysOf(records: readonly TrailRecord[]): readonly Journey[] {
  const executions = executionsOf(records);
  const groups = new Map<string, TrailRecord[]>();
  for (const record of records) {
    const key = keyOf(record);
    if (key !== undefined) groups.set(key, [...(groups.get(key) ?? []), record]);
  }
  return [...groups.values()].map((group) => journeyOf(group, executions));
}

function keyOf(record: TrailRecord): string | undefined {
  if (record.fact === 'changed') return undefined;
  const { repository, branch } = record.fact === 'announced' ? record.merge : record.decision;
  const commitId = record.fact === 'announced' ? record.merge.commitId : commitOf(record.decision);
  return commitId === null ? undefined : JSON.stringify([repository, branch, commitId]);
}

function journeyOf(group: readonly TrailRecord[], executions: ReadonlyMap<string, ExecutionJourney>): Journey {
  const [repository = '', branch = '', commitId = ''] = JSON.parse(keyOf(group[0] as TrailRecord) ?? '[]') as string[];
  const announcements = group.flatMap((record): Announced[] =>
    record.fact === 'announced'
      ? [{ merge: record.merge, announcedAt: record.occurredAt, recordedAt: record.recordedAt }]
      : [],
  );
  const decisions = group.filter((record) => record.fact === 'decided');
  const pipelines = [...new Set(decisions.map(({ account, decision }) => `${account} ${decision.pipeline}`))];
  const environments = pipelines.map((pipeline) =>
    environmentOf(
      decisions.filter(({ account, decision }) => `${account} ${decision.pipeline}` === pipeline),
      executions,
    ),
  );
  return { repository, branch, commitId, announcements, environments, gaps: gapsOf(announcements, environments) };
}

function environmentOf(
  decisions: readonly Decision[],
  executions: ReadonlyMap<string, ExecutionJourney>,
): EnvironmentJourney {
  const { account, decision } = decisions[0] as Decision;
  const ids = [...new Set(decisions.flatMap((each) => each.decision.executionId ?? []))];
  return {
    environment: decision.environment,
    account,
    pipeline: decision.pipeline,
    decisions: decisions.map((each) => ({ decision: each.decision, recordedAt: each.recordedAt })),
    executions: ids.flatMap((id) => executions.get(id) ?? []).filter((found) => found.account === account),
  };
}

function gapsOf(announcements: readonly Announced[], environments: readonly EnvironmentJourney[]): readonly string[] {
  return [
    ...(announcements.length === 0
      ? ['no announcement is on the trail: the event was lost, or the sweep was quicker']
      : environments.length === 0
        ? ['announced, and no environment has decided: look at the dead letters of the forwarding rules']
        : []),
    ...environments.flatMap(({ pipeline, decisions, executions }) => {
      const id = decisions.findLast(({ decision }) => decision.executionId !== null)?.decision.executionId;
      if (id === null || id === undefined) return [];
      const execution = executions.find((each) => each.executionId === id);
      if (execution === undefined) return [`${pipeline}: no state change of execution ${id} is on the trail`];
      return execution.endedAt === undefined ? [`${pipeline}: execution ${id} has not ended`] : [];
    }),
  ];
}
