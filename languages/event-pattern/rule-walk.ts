import type { Clause, Leaves } from './types.ts';

/** One event on its way through the index. */
export interface Walk<Id> {
  /** The number of the event. */
  readonly event: number;
  readonly leaves: Leaves;
  /** The rules found so far. */
  readonly found: Set<Id>;
  /** Whether a clause still has to be held against the event. */
  readonly check: ((clause: Clause, leaves: Leaves) => boolean) | undefined;
}

/** Where a value of the index leads: one node, or several. */
export interface Target<Id> {
  visit(walk: Walk<Id>): void;
}

/** Several nodes that one value leads to. */
export class Fork<Id> implements Target<Id> {
  private readonly targets: Target<Id>[];

  constructor(targets: Target<Id>[]) {
    this.targets = targets;
  }

  add(target: Target<Id>): void {
    this.targets.push(target);
  }

  visit(walk: Walk<Id>): void {
    for (const target of this.targets) target.visit(walk);
  }
}
