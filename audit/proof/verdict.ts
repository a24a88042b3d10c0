import type { RequestPrincipal } from '../../languages/iam-policy/types.ts';

/** An API call or an event that shows that a claim does not hold. */
export interface Counterexample {
  /** Who: an ARN, a service, or anyone of an account with an ARN for them. */
  readonly who: string;
  /** What they do, a sentence. */
  readonly does: string;
  readonly principal?: RequestPrincipal;
  /** `events:PutEvents`. */
  readonly action?: string;
  /** ARN. */
  readonly resource?: string;
  /** Condition keys of the call. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
  /** As a bus would hand it on. */
  readonly event?: Readonly<Record<string, unknown>>;
  /** The statements that let them. */
  readonly by: readonly string[];
  /** What follows from it, step by step. */
  readonly then: readonly string[];
}

/** What was decided about a claim. */
export type Verdict =
  | { readonly verdict: 'proven'; readonly by: readonly string[] }
  | { readonly verdict: 'refuted'; readonly counterexample: Counterexample }
  /** The policies or patterns that it rests on are outside of the decided language. */
  | { readonly verdict: 'refused'; readonly reason: string };

/** A refutation that is no call: something of the templates is not as it should be. */
export const lacking = (who: string, does: string): Verdict => ({
  verdict: 'refuted',
  counterexample: { who, does, by: [], then: [] },
});
