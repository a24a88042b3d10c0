import type { Cloud } from '../cloud/cloud.ts';
import type { TrailRecord } from '../trail/record.ts';
import { type PastMerge, type PipelineName, Reach } from './reached.ts';

/** What proposed templates would have done otherwise with one merge of the past. */
export interface Otherwise {
  readonly mergeId: string;
  readonly repository: string;
  readonly branch: string;
  readonly commitId: string;
  /** ISO 8601: when it was announced. */
  readonly occurredAt: string;
  /** Pipelines that decided nothing about it, and would. */
  readonly newly: readonly PipelineName[];
  /** Pipelines that decided about it, and no longer would. */
  readonly noLonger: readonly PipelineName[];
}

/** The merges of the past and those with which proposed templates would do something else. */
export interface WhatIf {
  readonly merges: number;
  readonly otherwise: readonly Otherwise[];
}

/**
 * Holds the merges of the trail against proposed templates. A pipeline counts as reached when its starter decided about the merge, whatever it decided; a
 * merge whose announcement is not among the records is none.
 */
export function whatIf(records: readonly TrailRecord[], proposed: Cloud): WhatIf {
  const reach = new Reach(proposed);
  const merges = new Map<string, PastMerge>();
  for (const record of records) if (record.fact === 'announced') merges.set(record.merge.mergeId, record);
  const decided = new Map<string, Map<string, PipelineName>>();
  for (const { key, name } of records.flatMap(decisionsIn)) {
    const known = decided.get(key) ?? new Map<string, PipelineName>();
    decided.set(key, known.set(keyOf(name), name));
  }
  const otherwise = [...merges.values()].flatMap((past) => {
    const { mergeId, repository, branch, commitId } = past.merge;
    const did = new Map([
      ...(decided.get(mergeId) ?? []),
      ...(decided.get([repository, branch, commitId].join('\n')) ?? []),
    ]);
    const would = new Map(reach.of(past).map((name) => [keyOf(name), name]));
    const newly = [...would].flatMap(([key, name]) => (did.has(key) ? [] : [name]));
    const noLonger = [...did].flatMap(([key, name]) => (would.has(key) ? [] : [name]));
    return newly.length + noLonger.length === 0
      ? []
      : [{ mergeId, repository, branch, commitId, occurredAt: past.occurredAt, newly, noLonger }];
  });
  return { merges: merges.size, otherwise };
}

const keyOf = ({ account, pipeline }: PipelineName): string => `${account} ${pipeline}`;

/** A decision is about the merge that caused it, and about the head that it found, which the sweep may have found alone. */
function decisionsIn(record: TrailRecord): readonly { readonly key: string; readonly name: PipelineName }[] {
  if (record.fact !== 'decided') return [];
  const { pipeline, repository, branch, commitId, announced } = record.decision;
  const name = { account: record.account, pipeline };
  return [
    ...(announced === null ? [] : [{ key: announced.mergeId, name }]),
    ...(commitId === null ? [] : [{ key: [repository, branch, commitId].join('\n'), name }]),
  ];
}
