import type { Ledger } from './start-ledger.ts';
import type { WrittenVersion } from './written-version.ts';

/** An execution as AWS lists it: without its variables. */
export interface Run {
  readonly executionId: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Who started it: our starter's role, the pipeline's creation, or anything else. */
  readonly trigger: 'starter' | 'creation' | 'other';
  readonly phase: 'running' | 'succeeded' | 'failed' | 'ended';
  /** The commit of its source action, when AWS knows it already. */
  readonly commitId: string | null;
}

/** Where the branch points, or why that cannot be told. */
export type Head =
  | { readonly commitId: string; readonly now: number }
  | { readonly absent: 'no-branch' | 'unreadable'; readonly reason: string };

/**
 * Everything the start decision asks of the world, with the answer each question gets. One question is one API call, so
 * that a crash can fall between any two.
 */
export interface Questions {
  /** DynamoDB GetItem, consistent. `now` is read after the answer, in milliseconds since 1970. */
  'read-ledger': { ask: object; answer: { readonly ledger: Ledger | null; readonly now: number } };
  /** ListPipelineExecutions, newest first, down to `executionId` if it is listed, and to `since` (milliseconds since 1970). */
  'list-runs': { ask: { readonly executionId: string; readonly since: number }; answer: readonly Run[] };
  /** GetPipelineExecution: the variable `generation` (null for none) and the source's commit. */
  'read-run': {
    ask: { readonly executionId: string };
    answer: { readonly generation: number | null; readonly commitId: string | null };
  };
  /** ListActionExecutions: whether the newest try of the execution's source action failed. */
  'read-source': { ask: { readonly executionId: string }; answer: { readonly failed: boolean } };
  /** CodeCommit GetBranch through the read role. */
  'read-head': { ask: object; answer: Head };
  /** CodeCommit GetDifferences: whether a path that changed concerns the pipeline. */
  'read-changes': { ask: { readonly from: string; readonly to: string }; answer: { readonly concerned: boolean } };
  /** Parameter Store GetParameterHistory of the pipeline's hold, oldest version first; none when there is no hold. */
  'read-hold': { ask: object; answer: { readonly versions: readonly WrittenVersion[] } };
  /** The same of the pipeline's release. */
  'read-release': { ask: object; answer: { readonly versions: readonly WrittenVersion[] } };
  /** The DevOps trail: which execution of each required environment finished the commit or its tree, or what is missing. */
  'read-evidence': {
    ask: { readonly commitId: string };
    answer: { readonly missing: string } | { readonly missing: null; readonly found: string };
  };
  /** DynamoDB PutItem, on condition that the item is still `from`; null: that there is none. */
  'write-ledger': {
    ask: { readonly ledger: Ledger; readonly from: Ledger | null };
    answer: { readonly written: boolean; readonly now: number };
  };
  /** StartPipelineExecution, sent once. */
  start: { ask: { readonly ledger: Ledger; readonly mergeId: string }; answer: { readonly executionId: string } };
  /** RetryStageExecution of the source stage. */
  'retry-source': { ask: { readonly executionId: string }; answer: { readonly retried: true } };
}

/** The name of a question. */
export type Call = keyof Questions;

/** A question to the world. */
export type Step = { [Name in Call]: { readonly call: Name } & Questions[Name]['ask'] }[Call];

/** What the world may answer. */
export type Answer = Questions[Call]['answer'];

/** A pure course of questions: it does nothing itself, and the same answers always lead to the same result. */
export type Course<Result> = Generator<Step, Result, Answer>;

/** Puts one question; its answer has the type that {@link Questions} names. */
export function* ask<Name extends Call>(
  call: Name,
  details: Questions[Name]['ask'],
): Course<Questions[Name]['answer']> {
  const answer: Answer = yield { call, ...details } as Step;
  return answer;
}
