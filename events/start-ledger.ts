import { createHash } from 'node:crypto';

/** How long a starter may hold a pipeline. Longer than its time-out of 60 s, so that a holder is dead when it ends. */
export const leaseMilliseconds = 5 * 60_000;

/** How long the run that AWS starts at a pipeline's creation may stay invisible. */
export const adoptionMilliseconds = 10 * 60_000;

/** How often the sweep starts a failed source action again before it calls for a person. */
export const retriesAtMost = 3;

/** The pause after the first retry; each further one doubles it. */
const firstPauseMilliseconds = 5 * 60_000;

/** What a pipeline last started: one item per pipeline, in the environment's own table. */
export interface Ledger {
  /** Made when the item is made, and part of every token: a lost table cannot repeat a token. */
  readonly epoch: string;
  /** 40 hexadecimal digits, or 'none' before the first start. */
  readonly commitId: string;
  /** Counts starts from 0; each number is used for one Start call at most. */
  readonly generation: number;
  /** `waiting` for the creation run; `settled` without a start of ours; `starting` under a lease; `started`. */
  readonly state: 'waiting' | 'settled' | 'starting' | 'started';
  /** Milliseconds since 1970: the end of the lease, or of the wait. Kept after the start, as its latest moment; 0 for none. */
  readonly leaseUntil: number;
  /** The execution that started `commitId`, or 'none'. */
  readonly executionId: string;
  /** Retries of that execution's source action so far. */
  readonly retries: number;
  /** Milliseconds since 1970: no further retry before. */
  readonly retryAt: number;
}

/** The first item of a pipeline: it waits for the run that AWS starts at creation. */
export function waitingLedger(epoch: string, now: number): Ledger {
  return {
    epoch,
    commitId: 'none',
    generation: 0,
    state: 'waiting',
    leaseUntil: now + adoptionMilliseconds,
    executionId: 'none',
    retries: 0,
    retryAt: 0,
  };
}

/** The creation run counts as generation 0. Without one, or without its commit, anything on the branch is news. */
export function adoptedLedger(epoch: string, run: { executionId: string; commitId: string } | null): Ledger {
  return {
    ...waitingLedger(epoch, 0),
    state: 'settled',
    leaseUntil: 0,
    commitId: run?.commitId ?? 'none',
    executionId: run?.executionId ?? 'none',
  };
}

/** The head needs no start: no changed path concerns the pipeline. */
export function settledLedger(ledger: Ledger, head: string): Ledger {
  return { ...ledger, commitId: head, state: 'settled' };
}

/** A fresh generation under a lease: the promise to make one Start call for it. */
export function startingLedger(ledger: Ledger, head: string, now: number): Ledger {
  return {
    ...ledger,
    commitId: head,
    generation: ledger.generation + 1,
    state: 'starting',
    leaseUntil: now + leaseMilliseconds,
    executionId: 'none',
    retries: 0,
    retryAt: 0,
  };
}

/** The Start call of this generation led to this execution. */
export function startedLedger(ledger: Ledger, executionId: string): Ledger {
  return { ...ledger, state: 'started', executionId };
}

/** One more retry of the source action, counted before it is made. */
export function retriedLedger(ledger: Ledger, now: number): Ledger {
  return { ...ledger, retries: ledger.retries + 1, retryAt: now + firstPauseMilliseconds * 2 ** ledger.retries };
}

/** 64 hexadecimal digits, as StartPipelineExecution takes them (facts 3.1). No promise rests on AWS remembering it. */
export function startToken(pipeline: string, { epoch, generation, commitId }: Ledger): string {
  return createHash('sha256').update([pipeline, epoch, generation, commitId].join('\n')).digest('hex');
}
