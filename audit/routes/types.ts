/** How often and how long EventBridge tries to deliver. */
export interface Retry {
  readonly attempts: number;
  readonly ageSeconds: number;
}

/** One station on the way of an event, with what guards it. */
export interface Hop {
  readonly kind: 'rule' | 'bus' | 'function' | 'pipeline';
  /** Empty when no template of the assembly holds it. */
  readonly stack: string;
  readonly logicalId: string;
  /** 12 digits. */
  readonly account: string;
  readonly name: string;
  readonly arn: string;
  /** The ARN of the role it acts as. */
  readonly role?: string;
  /** The statement that lets the event in from the hop before. */
  readonly admittedBy?: string;
  /** The ARN of the queue that gets what could not be delivered. */
  readonly deadLetters?: string;
  readonly retry?: Retry;
  /** Names of the alarms on it or on its dead-letter queue. */
  readonly alarms: readonly string[];
  /** Names of the archives that keep what passes. */
  readonly archives: readonly string[];
  /** Missing halves: why events do not get in here, each a sentence. */
  readonly missing: readonly string[];
}

/** A way from a branch of a repository to a pipeline. */
export interface Route {
  /** Exact names, or a pattern's words for many. */
  readonly repository: string;
  readonly branch: string;
  /** The pipeline's name; absent when the way ends before. */
  readonly pipeline?: string;
  /** In the order of travel, beginning with the rule that sees the merge. */
  readonly hops: readonly Hop[];
  /** Why no event gets to the end; empty for a route that works. */
  readonly broken: readonly string[];
}
