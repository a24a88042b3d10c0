import { expect } from 'vitest';
import type { Look } from '../../events/start-decision.ts';
import { converge } from '../../events/start-decision.ts';
import type { Ledger } from '../../events/start-ledger.ts';
import type { Call, Questions, Run } from '../../events/start-steps.ts';

export const A = 'a'.repeat(40);
export const B = 'b'.repeat(40);
export const C = 'c'.repeat(40);
export const now = Date.parse('2026-11-20T10:00:00Z');
export const minutes = 60_000;

export const ledger: Ledger = {
  epoch: 'e',
  commitId: A,
  generation: 6,
  state: 'started',
  leaseUntil: now - 60 * minutes,
  executionId: 'run-6',
  retries: 0,
  retryAt: 0,
};

export const run: Run = {
  executionId: 'run-6',
  startedAt: now - 65 * minutes,
  trigger: 'starter',
  phase: 'succeeded',
  commitId: A,
};

export const sweep: Look = {
  cause: 'sweep',
  announced: null,
  epoch: 'fresh',
  hasPaths: false,
  freezes: [],
  hasRequired: false,
};
export const event: Look = { ...sweep, cause: 'event', announced: { commitId: B, mergeId: 'merge-B' } };

/** Nobody wrote a hold or a release. */
export const none = { versions: [] };

/** Questions in the order they must be asked, each with its answer, or the error it fails with. */
export type Script = readonly { [Name in Call]: readonly [Name, Questions[Name]['answer'] | Error] }[Call][];

/** Plays a look by its script; throws when the look asks for more. */
export function play(look: Look, script: Script) {
  const course = converge(look);
  const asked: object[] = [];
  let next = course.next();
  for (const [call, answer] of script) {
    expect(next.done ? next.value : next.value.call).toBe(call);
    asked.push(next.value);
    next = answer instanceof Error ? course.throw(answer) : course.next(answer);
  }
  if (!next.done) throw new Error(`the script ends before ${next.value.call}`);
  return { decisions: next.value, asked };
}

/** The one decision that a script leads to. */
export function outcome(look: Look, script: Script) {
  const { decisions } = play(look, script);
  expect(decisions).toHaveLength(1);
  return decisions[0];
}
