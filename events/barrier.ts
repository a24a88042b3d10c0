import { freezeAt, type Hold } from './freeze.ts';
import { holdInForce } from './manual-hold.ts';
import { type Override, overrideFor } from './release.ts';
import { ask, type Course } from './start-steps.ts';

/** Why a commit must wait. */
export interface Waits {
  readonly reason: string;
  /** Milliseconds since 1970; null when nobody knows. */
  readonly until: number | null;
}

/** A commit may go; `override` tells who let it through what would have held it. */
export interface Passes {
  readonly override: Override | null;
  /** What speaks for it or was passed over, for the report; empty for nothing. */
  readonly because: string;
}

/** What came out of a barrier. */
export type Verdict = Waits | Passes;

/** Free to go, with nothing in the way. */
const free: Passes = { override: null, because: '' };

/**
 * Whether a person's hold, a freeze or closed hours keep a commit. A hold ends by its release, which takes one person; through a freeze
 * two people let one commit.
 */
export function* passHolds(freezes: readonly Hold[], commitId: string, now: number): Course<Verdict> {
  const hold = holdInForce((yield* ask('read-hold', {})).versions, now);
  if (hold !== null) return hold;
  const freeze = freezeAt(freezes, now);
  return freeze === null ? free : yield* letThrough(freeze, commitId, now);
}

/** Whether the environments that have to finish a commit first have finished it. */
export function* passEvidence(isRequired: boolean, commitId: string, now: number, before: Passes): Course<Verdict> {
  if (!isRequired || before.override !== null) return before;
  const evidence = yield* ask('read-evidence', { commitId });
  if (evidence.missing === null) return { ...before, because: evidence.found };
  return yield* letThrough({ reason: evidence.missing, until: null }, commitId, now);
}

function* letThrough(waits: Waits, commitId: string, now: number): Course<Verdict> {
  const override = overrideFor((yield* ask('read-release', {})).versions, commitId, now);
  if (override === null) return waits;
  if ('missing' in override) return { ...waits, reason: `${waits.reason}; ${override.missing}` };
  const { requestedBy, confirmedBy, reason } = override;
  return { override, because: `${requestedBy} and ${confirmedBy} let it through (${waits.reason}): ${reason}` };
}
