import { describe, expect, test } from 'vitest';
import { converge } from '../../events/start-decision.ts';
import { startedLedger, startingLedger } from '../../events/start-ledger.ts';
import { ask } from '../../events/start-steps.ts';
import { eventsSuffice, explore, headIsLastStarted, nothingHeldStarts, oneCallPerGeneration } from './exploration.ts';
import type { Bounds, Protocol } from './small-world.ts';

const ours =
  ({ unconcerned, released, evidence }: Bounds): Protocol =>
  (announced) =>
    converge({
      cause: announced === null ? 'sweep' : 'event',
      announced: announced === null ? null : { commitId: announced, mergeId: 'm' },
      epoch: 'e',
      hasPaths: unconcerned !== undefined,
      freezes: released === undefined ? [] : [{ from: '1970-01-01', until: '2100-01-01', reason: 'frozen' }],
      hasRequired: evidence !== undefined,
    });

/** Each is explored whole. Wider ones were run by hand; docs/decisions/0002 names them. */
const worlds: Readonly<Record<string, Bounds>> = {
  'a branch that moves on, with a crash and a call that arrives late': {
    heads: ['A', 'B', 'C'],
    invocations: 2,
    faults: { crash: 1, late: 1, expiry: 2 },
    start: 'adopted',
  },
  'three starters, of which one dies, while the branch goes back to an older commit': {
    heads: ['A', 'B', 'A'],
    invocations: 3,
    faults: { crash: 1, expiry: 1 },
    start: 'adopted',
  },
  'a starter that stalls past its lease while the branch goes back': {
    heads: ['A', 'B', 'A'],
    invocations: 2,
    faults: { crash: 1, expiry: 2, stall: 1 },
    start: 'adopted',
  },
  'a pipeline that was just created': {
    heads: ['A', 'B'],
    invocations: 2,
    faults: { crash: 1, late: 1, expiry: 2 },
    start: 'new',
  },
  'an execution that AWS hides for a while': {
    heads: ['A', 'B'],
    invocations: 3,
    faults: { crash: 1, expiry: 1, hidden: 1 },
    start: 'adopted',
  },
  'a commit that does not concern the pipeline': {
    heads: ['A', 'B', 'C'],
    invocations: 2,
    faults: { crash: 1, expiry: 1 },
    start: 'adopted',
    unconcerned: ['A>B'],
  },
  'a person who holds, lets go and holds again while the branch moves on': {
    heads: ['A', 'B', 'C'],
    invocations: 2,
    faults: { crash: 1, expiry: 1 },
    start: 'adopted',
    holdChanges: 3,
  },
  'a freeze through which two people let one of two commits': {
    heads: ['A', 'b'.repeat(40), 'c'.repeat(40)],
    invocations: 2,
    faults: { crash: 1, expiry: 1 },
    start: 'adopted',
    released: 'b'.repeat(40),
  },
  'a commit that another environment has to finish first': {
    heads: ['A', 'B', 'C'],
    invocations: 2,
    faults: { crash: 1, expiry: 1 },
    start: 'adopted',
    evidence: 'C',
  },
};

describe('in every order of things, one Start call per generation, and at last the head is what was last started', () => {
  for (const [name, bounds] of Object.entries(worlds)) {
    test(name, () => {
      const finding = explore(bounds, ours(bounds), [oneCallPerGeneration, headIsLastStarted(), nothingHeldStarts]);

      expect(finding).toMatchObject({ broken: null, way: [] });
      expect(finding.states).toBeGreaterThan(3_000);
    });
  }
});

test('without faults events alone suffice, doubled, late and reordered as they are', () => {
  const bounds: Bounds = { heads: ['A', 'B', 'A'], invocations: 3, faults: {}, start: 'adopted' };

  expect(explore(bounds, ours(bounds), [oneCallPerGeneration, eventsSuffice])).toMatchObject({ broken: null });
});

describe('the explorer finds what is wrong with', () => {
  const bounds: Bounds = { heads: ['A', 'B', 'C'], invocations: 2, faults: { expiry: 1 }, start: 'adopted' };

  test('the obvious form: no lease, and the head is checked once more before the call', () => {
    const finding = explore(bounds, obvious, [oneCallPerGeneration, headIsLastStarted()]);

    expect(finding.broken).toBe('the branch points at C, but B was started last');
  });

  test('a starter that does not ask whether a person holds', () => {
    const held: Bounds = { ...bounds, heads: ['A', 'B'], holdChanges: 1 };

    expect(explore(held, hasty, [nothingHeldStarts]).broken).toBe('B was started and held all the time');
  });

  test('a starter that does not take a generation before its call', () => {
    const finding = explore(bounds, hasty, [oneCallPerGeneration]);

    expect(finding.broken).toBe('generation 1 was called twice');
  });
});

const nothing = {
  reason: '',
  previousCommitId: null,
  generation: null,
  executionId: null,
  until: null,
  override: null,
} as const;

const obvious: Protocol = function* () {
  const head = yield* ask('read-head', {});
  const { ledger, now } = yield* ask('read-ledger', {});
  if (ledger === null || 'absent' in head || head.commitId === ledger.commitId) return [];
  const starting = { ...startingLedger(ledger, head.commitId, now), state: 'started' as const };
  const { written } = yield* ask('write-ledger', { ledger: starting, from: ledger });
  const again = yield* ask('read-head', {});
  if (!written || 'absent' in again || again.commitId !== head.commitId) return [];
  const { executionId } = yield* ask('start', { ledger: starting, mergeId: 'none' });
  yield* ask('write-ledger', { ledger: startedLedger(starting, executionId), from: starting });
  return [{ ...nothing, outcome: 'started', commitId: head.commitId }];
};

const hasty: Protocol = function* () {
  const { ledger, now } = yield* ask('read-ledger', {});
  const head = yield* ask('read-head', {});
  if (ledger === null || 'absent' in head || head.commitId === ledger.commitId) return [];
  const starting = startingLedger(ledger, head.commitId, now);
  const { executionId } = yield* ask('start', { ledger: starting, mergeId: 'none' });
  yield* ask('write-ledger', { ledger: startedLedger(starting, executionId), from: ledger });
  return [{ ...nothing, outcome: 'started', commitId: head.commitId }];
};
