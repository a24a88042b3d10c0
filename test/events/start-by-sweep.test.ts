import { describe, expect, test } from 'vitest';
import type { Ledger } from '../../events/start-ledger.ts';
import type { Run } from '../../events/start-steps.ts';
import type { Script } from './script.ts';
import { A, B, ledger, minutes, none, now, outcome, play, run, sweep } from './script.ts';

describe('the sweep', () => {
  test('finds nothing to do in three calls', () => {
    const steps: Script = [
      ['read-ledger', { ledger, now }],
      ['list-runs', [run]],
      ['read-head', { commitId: A, now }],
    ];

    expect(outcome(sweep, steps)).toMatchObject({ outcome: 'already-started' });
  });

  test('starts what no event announced', () => {
    const { decisions } = play(sweep, [
      ['read-ledger', { ledger, now }],
      ['list-runs', [run]],
      ['read-head', { commitId: B, now }],
      ['read-hold', none],
      ['write-ledger', { written: true, now }],
      ['start', { executionId: 'run-7' }],
      ['write-ledger', { written: true, now }],
      ['read-ledger', { ledger: { ...ledger, commitId: B, executionId: 'run-7' }, now }],
      ['list-runs', [{ ...run, executionId: 'run-7', startedAt: now }]],
      ['read-head', { commitId: B, now }],
    ]);

    expect(decisions).toMatchObject([{ outcome: 'unannounced', commitId: B, executionId: 'run-7' }]);
  });

  test('doubts a ledger that names an older execution of ours, and starts the head afresh', () => {
    const { decisions } = play(sweep, [
      ['read-ledger', { ledger, now }],
      ['list-runs', [{ ...run, executionId: 'late', startedAt: now - 1 }, run]],
      ['read-run', { generation: 5, commitId: B }],
      ['read-head', { commitId: A, now }],
      ['read-hold', none],
      ['write-ledger', { written: false, now }],
    ]);

    expect(decisions).toMatchObject([{ outcome: 'lost-the-race' }]);
  });

  test.each([
    [
      'somebody else began',
      [{ ...run, executionId: 'by-hand', trigger: 'other' as const, startedAt: now - 1 }, run],
      false,
    ],
    ['our role began without a generation', [{ ...run, executionId: 'odd', startedAt: now - 1 }, run], true],
  ])('leaves alone what %s', (_, runs, isRead) => {
    const more: Script = isRead ? [['read-run', { generation: null, commitId: null }]] : [];
    const steps: Script = [
      ['read-ledger', { ledger, now }],
      ['list-runs', runs],
      ...more,
      ['read-head', { commitId: A, now }],
    ];

    expect(outcome(sweep, steps)).toMatchObject({ outcome: 'already-started' });
  });

  describe('after a source action failed', () => {
    const failed: Run = { ...run, phase: 'failed' };
    const found = (change: Partial<Ledger>): Script => [
      ['read-ledger', { ledger: { ...ledger, ...change }, now }],
      ['list-runs', [failed]],
      ['read-head', { commitId: A, now }],
      ['read-source', { failed: true }],
    ];

    test('starts it again, and counts before it calls', () => {
      const { decisions, asked } = play(sweep, [
        ...found({ retries: 1, retryAt: now }),
        ['read-hold', none],
        ['write-ledger', { written: true, now }],
        ['retry-source', { retried: true }],
      ]);

      expect(asked[5]).toMatchObject({
        ledger: { retries: 2, retryAt: now + 10 * minutes, generation: 6, state: 'started' },
      });
      expect(asked[6]).toMatchObject({ executionId: 'run-6' });
      expect(decisions).toMatchObject([
        { outcome: 'retried', reason: 'the source action had failed; this is retry 2 of 3' },
      ]);
    });

    test('waits between two retries', () => {
      expect(outcome(sweep, found({ retries: 1, retryAt: now + 1 }))).toMatchObject({
        outcome: 'already-started',
        until: now + 1,
      });
    });

    test('does not retry during a freeze', () => {
      const freezes = [{ from: '2026-11-20T09:00:00Z', until: '2026-11-20T12:00:00Z', reason: 'quiet' }];

      expect(outcome({ ...sweep, freezes }, [...found({}), ['read-hold', none], ['read-release', none]])).toMatchObject(
        { outcome: 'held', reason: 'quiet' },
      );
    });

    test('gives up after three retries', () => {
      expect(outcome(sweep, found({ retries: 3 }))).toMatchObject({
        outcome: 'undelivered',
        commitId: A,
        executionId: 'run-6',
      });
    });

    test('leaves a later stage to its owner', () => {
      const steps: Script = [...found({}).slice(0, 3), ['read-source', { failed: false }]];

      expect(outcome(sweep, steps)).toMatchObject({ outcome: 'already-started' });
    });

    test('leaves it alone when its owner has begun another run since', () => {
      const byHand: Run = { ...run, executionId: 'by-hand', trigger: 'other', startedAt: now - 1 };
      const steps: Script = [
        ['read-ledger', { ledger, now }],
        ['list-runs', [byHand, failed]],
        ['read-head', { commitId: A, now }],
      ];

      expect(outcome(sweep, steps)).toMatchObject({ outcome: 'already-started' });
    });
  });
});
