import { describe, expect, test } from 'vitest';
import type { Ledger } from '../../events/start-ledger.ts';
import { startToken } from '../../events/start-ledger.ts';
import type { Script } from './script.ts';
import { A, B, C, event, ledger, minutes, none, now, outcome, play } from './script.ts';

describe('an event', () => {
  test('starts the head, in the fewest calls: ledger, branch, hold, lease, start', () => {
    const { decisions, asked } = play(event, [
      ['read-ledger', { ledger, now }],
      ['read-head', { commitId: B, now }],
      ['read-hold', none],
      ['write-ledger', { written: true, now }],
      ['start', { executionId: 'run-7' }],
      ['write-ledger', { written: true, now }],
      ['read-ledger', { ledger: { ...ledger, generation: 7, commitId: B, executionId: 'run-7' }, now }],
      ['read-head', { commitId: B, now }],
    ]);

    expect(decisions).toEqual([
      {
        outcome: 'started',
        reason: `the branch points at ${B} and the pipeline had last started ${A}`,
        commitId: B,
        previousCommitId: A,
        generation: 7,
        executionId: 'run-7',
        until: null,
        override: null,
      },
    ]);
    expect(asked[3]).toMatchObject({
      from: ledger,
      ledger: { commitId: B, generation: 7, state: 'starting', leaseUntil: now + 5 * minutes, executionId: 'none' },
    });
    expect(asked[4]).toMatchObject({ mergeId: 'merge-B' });
    expect(asked[5]).toMatchObject({ from: { state: 'starting' }, ledger: { state: 'started', executionId: 'run-7' } });
  });

  test('that is late starts the head nevertheless, and does not lend it its merge id', () => {
    const { decisions, asked } = play(event, [
      ['read-ledger', { ledger, now }],
      ['read-head', { commitId: C, now }],
      ['read-hold', none],
      ['write-ledger', { written: true, now }],
      ['start', { executionId: 'run-7' }],
      ['write-ledger', { written: true, now }],
      ['read-ledger', { ledger: { ...ledger, commitId: C }, now }],
      ['read-head', { commitId: C, now }],
    ]);

    expect(asked[4]).toMatchObject({ mergeId: 'none' });
    expect(decisions).toMatchObject([
      { outcome: 'started', reason: expect.stringContaining(`; announced was ${B}`) as string },
    ]);
  });

  test('whose branch moves during the start leads to a second start', () => {
    const second = { ...ledger, generation: 7, commitId: B, executionId: 'run-7' };
    const { decisions } = play(event, [
      ['read-ledger', { ledger, now }],
      ['read-head', { commitId: B, now }],
      ['read-hold', none],
      ['write-ledger', { written: true, now }],
      ['start', { executionId: 'run-7' }],
      ['write-ledger', { written: true, now }],
      ['read-ledger', { ledger: second, now }],
      ['read-head', { commitId: C, now }],
      ['read-hold', none],
      ['write-ledger', { written: true, now }],
      ['start', { executionId: 'run-8' }],
      ['write-ledger', { written: true, now }],
      ['read-ledger', { ledger: { ...second, generation: 8, commitId: C }, now }],
      ['read-head', { commitId: C, now }],
    ]);

    expect(decisions).toMatchObject([
      { outcome: 'started', generation: 7, executionId: 'run-7' },
      { outcome: 'started', generation: 8, executionId: 'run-8' },
    ]);
  });

  test('finds the head already started', () => {
    const known = { ...ledger, commitId: B };

    expect(
      outcome(event, [
        ['read-ledger', { ledger: known, now }],
        ['read-head', { commitId: B, now }],
      ]),
    ).toMatchObject({
      outcome: 'already-started',
      commitId: B,
      generation: 6,
      executionId: 'run-6',
    });
  });

  test('is superseded by a head that is started already', () => {
    expect(
      outcome(event, [
        ['read-ledger', { ledger, now }],
        ['read-head', { commitId: A, now }],
      ]),
    ).toMatchObject({
      outcome: 'superseded-by',
      commitId: A,
    });
  });

  test('finds a starter at work', () => {
    const starting: Ledger = { ...ledger, state: 'starting', leaseUntil: now + 1 };

    expect(outcome(event, [['read-ledger', { ledger: starting, now }]])).toMatchObject({
      outcome: 'busy',
      until: now + 1,
    });
  });

  test('loses the race for the lease', () => {
    const steps: Script = [
      ['read-ledger', { ledger, now }],
      ['read-head', { commitId: B, now }],
      ['read-hold', none],
      ['write-ledger', { written: false, now }],
    ];

    expect(outcome(event, steps)).toMatchObject({ outcome: 'lost-the-race' });
  });

  test('that was frozen past its own lease does not call any more', () => {
    const steps: Script = [
      ['read-ledger', { ledger, now }],
      ['read-head', { commitId: B, now }],
      ['read-hold', none],
      ['write-ledger', { written: true, now: now + 5 * minutes }],
    ];

    expect(outcome(event, steps)).toMatchObject({ outcome: 'lost-the-race' });
  });

  test('is held by a freeze until the last adjoining one ends, and the ledger stays as it is', () => {
    const freezes = [
      { from: '2026-11-20T09:00:00Z', until: '2026-11-20T12:00:00Z', reason: 'black friday' },
      { from: '2026-11-20T11:00:00Z', until: '2026-11-21T00:00:00Z', reason: 'after party' },
      { from: '2026-11-22T00:00:00Z', until: '2026-11-23T00:00:00Z', reason: 'another day' },
    ];
    const steps: Script = [
      ['read-ledger', { ledger, now }],
      ['read-head', { commitId: B, now }],
      ['read-hold', none],
      ['read-release', none],
    ];

    expect(outcome({ ...event, freezes }, steps)).toMatchObject({
      outcome: 'held',
      reason: 'black friday',
      until: Date.parse('2026-11-21T00:00:00Z'),
    });
  });

  test('does not concern a pipeline none of whose paths changed', () => {
    const { decisions, asked } = play({ ...event, hasPaths: true }, [
      ['read-ledger', { ledger, now }],
      ['read-head', { commitId: B, now }],
      ['read-hold', none],
      ['read-changes', { concerned: false }],
      ['write-ledger', { written: true, now }],
    ]);

    expect(decisions).toMatchObject([{ outcome: 'not-concerned', commitId: B, previousCommitId: A }]);
    expect(asked[3]).toMatchObject({ from: A, to: B });
    expect(asked[4]).toMatchObject({ ledger: { commitId: B, state: 'settled', generation: 6, executionId: 'run-6' } });
  });

  test.each(['no-branch', 'unreadable'] as const)('finds the branch absent: %s', (absent) => {
    const steps: Script = [
      ['read-ledger', { ledger, now }],
      ['read-head', { absent, reason: 'in words' }],
    ];

    expect(outcome(event, steps)).toMatchObject({ outcome: absent, reason: 'in words', commitId: null });
  });

  test('whose step fails is reported as failed, after what was decided before', () => {
    const { decisions } = play(event, [
      ['read-ledger', { ledger, now }],
      ['read-head', { commitId: B, now }],
      ['read-hold', none],
      ['write-ledger', { written: true, now }],
      ['start', { executionId: 'run-7' }],
      ['write-ledger', new Error('write-ledger: ThrottlingException: slow down')],
    ]);

    expect(decisions).toMatchObject([
      { outcome: 'started', executionId: 'run-7' },
      { outcome: 'failed', reason: 'write-ledger: ThrottlingException: slow down' },
    ]);
  });
});

test('a token is one for each pipeline, epoch, generation and commit, in the alphabet that AWS takes', () => {
  const tokens = [
    startToken('orders-dev', ledger),
    startToken('orders-prod', ledger),
    startToken('orders-dev', { ...ledger, epoch: 'f' }),
    startToken('orders-dev', { ...ledger, generation: 7 }),
    startToken('orders-dev', { ...ledger, commitId: B }),
  ];

  expect(new Set(tokens).size).toBe(tokens.length);
  expect(startToken('orders-dev', { ...ledger, state: 'starting' })).toBe(tokens[0]);
  for (const token of tokens) expect(token).toMatch(/^[a-zA-Z0-9-]{1,128}$/);
});
