import { executionVariables } from '../shared/names.ts';
import { type Passes, passEvidence, passHolds } from './barrier.ts';
import type { Hold } from './freeze.ts';
import type { Override } from './release.ts';
import type { StartOutcome } from './start-decided.ts';
import type { Ledger } from './start-ledger.ts';
import {
  adoptedLedger,
  leaseMilliseconds,
  retriedLedger,
  retriesAtMost,
  settledLedger,
  startedLedger,
  startingLedger,
  waitingLedger,
} from './start-ledger.ts';
import type { Course, Run } from './start-steps.ts';
import { ask } from './start-steps.ts';

/** Why somebody looks at a pipeline, and what its owner wants. */
export interface Look {
  readonly cause: 'event' | 'sweep';
  /** The merge whose event caused the look: a hint, never the truth. */
  readonly announced: { readonly commitId: string; readonly mergeId: string } | null;
  /** A fresh UUID, for the ledger item if this look makes it. */
  readonly epoch: string;
  /** Whether the owner narrows the pipeline to some paths. */
  readonly hasPaths: boolean;
  readonly freezes: readonly Hold[];
  /** Whether other environments have to finish a commit first. */
  readonly hasRequired: boolean;
}

/** What a look came to, and why; the report says it in these words. */
export interface StartDecision {
  readonly outcome: StartOutcome;
  readonly reason: string;
  /** The head of the branch, if it was read. */
  readonly commitId: string | null;
  /** What the ledger named before. */
  readonly previousCommitId: string | null;
  readonly generation: number | null;
  readonly executionId: string | null;
  /** Milliseconds since 1970: the end of a hold, a wait or a lease. */
  readonly until: number | null;
  /** Who let the commit through what would have held it; null for nobody. */
  readonly override: Override | null;
}

/** A start is followed by one more look; a branch that moves during each of them is left to the next event or sweep. */
const looksAtMost = 10;

/** Clocks of DynamoDB's callers and of CodePipeline may differ by this much. */
const skewMilliseconds = 60_000;

/** After a start these say that there is nothing more to do, so they are not reported. */
const nothingMore: readonly StartOutcome[] = ['already-started', 'superseded-by', 'busy', 'lost-the-race'];

/**
 * Makes a pipeline converge on the head of its branch: the start protocol, line by line as the design has it. The ledger is
 * read before the branch; a start happens under a lease and a fresh generation; a look that ends one looks once more.
 * A step that throws ends the course with the outcome `failed`, so that what was decided before is still reported.
 */
export function* converge(look: Look): Course<readonly StartDecision[]> {
  const decisions: StartDecision[] = [];
  try {
    for (let looks = 0; looks < looksAtMost; looks += 1) {
      const seen = yield* lookOnce(look);
      if (seen === 'look-again') continue;
      const { begun, ...decision } = seen;
      if (decisions.length === 0 || !nothingMore.includes(decision.outcome)) decisions.push(decision);
      if (begun === undefined) break;
      // If this is refused, somebody settled our generation; the further look takes it from there.
      yield* ask('write-ledger', { ledger: startedLedger(begun.starting, begun.executionId), from: begun.starting });
    }
  } catch (error) {
    decisions.push(decided('failed', error instanceof Error ? error.message : String(error)));
  }
  return decisions.length > 0 ? decisions : [lostTheRace(null)];
}

/** What one look came to; `begun` is the execution that the ledger must learn of still. */
type Seen = StartDecision & { readonly begun?: { readonly starting: Ledger; readonly executionId: string } };

function* lookOnce(look: Look): Course<Seen | 'look-again'> {
  const { ledger, now } = yield* ask('read-ledger', {});
  if (ledger === null || ledger.state === 'waiting') return yield* adopt(look, ledger, now);

  if (ledger.state === 'starting' && now < ledger.leaseUntil) {
    const reason = `generation ${ledger.generation} is being started; its starter looks at the branch once more`;
    return decided('busy', reason, { ledger, until: ledger.leaseUntil });
  }

  let doubt = false;
  let runs: readonly Run[] = [];
  if (ledger.state === 'starting') {
    const executionId = yield* executionOf(ledger);
    if (executionId !== null) {
      yield* ask('write-ledger', { ledger: startedLedger(ledger, executionId), from: ledger });
      return 'look-again';
    }
    doubt = true;
  } else if (look.cause === 'sweep') {
    runs = yield* ask('list-runs', { executionId: ledger.executionId, since: 0 });
    doubt = yield* listsNewer(runs, ledger);
  }

  const head = yield* ask('read-head', {});
  if ('absent' in head) return decided(head.absent, head.reason, { ledger });
  if (!doubt && head.commitId === ledger.commitId) return yield* rest(look, ledger, runs, head.now);

  const known = { ledger, head: head.commitId };
  const holds = yield* passHolds(look.freezes, head.commitId, head.now);
  if ('until' in holds) return decided('held', holds.reason, { ...known, until: holds.until });

  if (!doubt && look.hasPaths && ledger.commitId !== 'none') {
    const { concerned } = yield* ask('read-changes', { from: ledger.commitId, to: head.commitId });
    if (!concerned) return yield* settle(ledger, head.commitId);
  }
  const passes = yield* passEvidence(look.hasRequired, head.commitId, head.now, holds);
  if ('until' in passes) return decided('held', passes.reason, { ...known, until: passes.until });
  return yield* start(look, ledger, head, doubt, passes);
}

/** Before the first start: the run that AWS began when the pipeline was created counts as one of ours. */
function* adopt(look: Look, ledger: Ledger | null, now: number): Course<StartDecision | 'look-again'> {
  const waiting = ledger ?? waitingLedger(look.epoch, now);
  const run = yield* creationRun();
  if (run === 'not-yet' && now < waiting.leaseUntil) {
    const kept = ledger !== null || (yield* ask('write-ledger', { ledger: waiting, from: null })).written;
    if (!kept) return lostTheRace(null);
    const reason = 'the run that AWS starts when a pipeline is created is not visible yet, or has no commit yet';
    return decided('waiting', reason, { until: waiting.leaseUntil });
  }
  const adopted = adoptedLedger(waiting.epoch, run === 'not-yet' ? null : run);
  const { written } = yield* ask('write-ledger', { ledger: adopted, from: ledger });
  return written ? 'look-again' : lostTheRace(null);
}

function* creationRun(): Course<{ executionId: string; commitId: string } | 'not-yet' | null> {
  const runs = yield* ask('list-runs', { executionId: 'none', since: 0 });
  // Executions of ours without a ledger: it was lost. The head is started afresh rather than guessed about.
  if (runs.some(({ trigger }) => trigger === 'starter')) return null;
  const creation = runs.find(({ trigger }) => trigger === 'creation');
  if (creation === undefined) return 'not-yet';
  const { executionId } = creation;
  const commitId = creation.commitId ?? (yield* ask('read-run', { executionId })).commitId;
  if (commitId === null && creation.phase === 'running') return 'not-yet';
  return { executionId, commitId: commitId ?? 'none' };
}

/** The execution that a dead starter's call led to, or null. */
function* executionOf(ledger: Ledger): Course<string | null> {
  const since = ledger.leaseUntil - leaseMilliseconds - skewMilliseconds;
  for (const run of yield* ask('list-runs', { executionId: 'none', since })) {
    if (run.trigger !== 'starter' || run.startedAt < since) continue;
    const { generation } = yield* ask('read-run', { executionId: run.executionId });
    if (generation === ledger.generation) return run.executionId;
  }
  return null;
}

/** Whether a call of ours took effect after the one that the ledger names: then an older commit may run. */
function* listsNewer(runs: readonly Run[], ledger: Ledger): Course<boolean> {
  const known = runs.find(({ executionId }) => executionId === ledger.executionId);
  // AWS may list an execution late. Until then only what began after its lease is surely newer.
  const knownSince = known?.startedAt ?? ledger.leaseUntil;
  for (const run of runs) {
    if (run.trigger !== 'starter' || run === known || run.startedAt <= knownSince) continue;
    const { generation } = yield* ask('read-run', { executionId: run.executionId });
    if (generation !== null) return true;
  }
  return false;
}

/** The head is started. The sweep still sees to it that its source action delivers. */
function* rest(look: Look, ledger: Ledger, runs: readonly Run[], now: number): Course<StartDecision> {
  const known = { ledger, head: ledger.commitId };
  const [newest] = runs;
  // A run that somebody began after ours is the owner's affair.
  if (newest?.executionId === ledger.executionId && newest.phase === 'failed') {
    const { failed } = yield* ask('read-source', { executionId: ledger.executionId });
    if (failed) return yield* retry(look, ledger, now);
  }
  if (look.announced !== null && look.announced.commitId !== ledger.commitId) {
    return decided('superseded-by', `the branch has moved on to ${ledger.commitId}, which is started already`, known);
  }
  return decided('already-started', `the branch points at ${ledger.commitId}, which is started already`, known);
}

function* retry(look: Look, ledger: Ledger, now: number): Course<StartDecision> {
  const known = { ledger, head: ledger.commitId };
  if (ledger.retries >= retriesAtMost) {
    const reason = `the source action failed, and again after ${retriesAtMost} retries`;
    return decided('undelivered', reason, known);
  }
  if (now < ledger.retryAt) {
    const reason = `the source action failed; retry ${ledger.retries + 1} of ${retriesAtMost} comes later`;
    return decided('already-started', reason, { ...known, until: ledger.retryAt });
  }
  const passes = yield* passHolds(look.freezes, ledger.commitId, now);
  if ('until' in passes) return decided('held', passes.reason, { ...known, until: passes.until });
  const retried = retriedLedger(ledger, now);
  if (!(yield* ask('write-ledger', { ledger: retried, from: ledger })).written) return lostTheRace(ledger);
  yield* ask('retry-source', { executionId: ledger.executionId });
  const why = `the source action had failed; this is retry ${retried.retries} of ${retriesAtMost}`;
  return { ...decided('retried', withBecause(why, passes), known), override: passes.override };
}

function* settle(ledger: Ledger, head: string): Course<StartDecision> {
  const { written } = yield* ask('write-ledger', { ledger: settledLedger(ledger, head), from: ledger });
  if (!written) return lostTheRace(ledger);
  const reason = `no path that concerns this pipeline changed between ${ledger.commitId} and ${head}`;
  return decided('not-concerned', reason, { ledger, head });
}

function* start(
  look: Look,
  ledger: Ledger,
  head: { readonly commitId: string; readonly now: number },
  doubt: boolean,
  passes: Passes,
): Course<Seen> {
  const starting = startingLedger(ledger, head.commitId, head.now);
  const { written, now } = yield* ask('write-ledger', { ledger: starting, from: ledger });
  // A starter that was frozen past its lease must not call any more: another one may have settled by now.
  if (!written || now >= starting.leaseUntil) return lostTheRace(ledger);

  const mergeId = look.announced?.commitId === head.commitId ? look.announced.mergeId : executionVariables.unset;
  const { executionId } = yield* ask('start', { ledger: starting, mergeId });
  const outcome = look.cause === 'event' ? 'started' : 'unannounced';
  const why = withBecause(whyStarted(ledger, head.commitId, look, doubt), passes);
  const decision = decided(outcome, why, { ledger, head: head.commitId });
  const { override } = passes;
  return { ...decision, override, generation: starting.generation, executionId, begun: { starting, executionId } };
}

const withBecause = (why: string, { because }: Passes): string => (because === '' ? why : `${why}; ${because}`);

function whyStarted(ledger: Ledger, head: string, look: Look, doubt: boolean): string {
  const last =
    ledger.commitId === 'none'
      ? 'the pipeline had started nothing'
      : `the pipeline had last started ${ledger.commitId}`;
  const unsure = doubt ? ', but it is not sure that its last start is what runs' : '';
  const hint =
    look.announced !== null && look.announced.commitId !== head ? `; announced was ${look.announced.commitId}` : '';
  return `the branch points at ${head} and ${last}${unsure}${hint}`;
}

const lostTheRace = (ledger: Ledger | null): StartDecision =>
  decided('lost-the-race', 'another starter changed the ledger first', ledger === null ? {} : { ledger });

function decided(
  outcome: StartOutcome,
  reason: string,
  known: { readonly ledger?: Ledger; readonly head?: string; readonly until?: number | null } = {},
): StartDecision {
  const { ledger, head = null, until = null } = known;
  return {
    outcome,
    reason,
    commitId: head,
    previousCommitId: ledger === undefined || ledger.commitId === 'none' ? null : ledger.commitId,
    generation: ledger?.generation ?? null,
    executionId: ledger === undefined || ledger.executionId === 'none' ? null : ledger.executionId,
    until,
    override: null,
  };
}
