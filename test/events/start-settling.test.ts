import { describe, expect, test } from 'vitest';
import type { Ledger } from '../../events/start-ledger.ts';
import type { Run } from '../../events/start-steps.ts';
import type { Script } from './script.ts';
import { A, B, event, ledger, minutes, none, now, play, run, sweep } from './script.ts';

describe('a dead starter', () => {
  const starting: Ledger = {
    ...ledger,
    state: 'starting',
    generation: 7,
    commitId: B,
    leaseUntil: now - 1,
    executionId: 'none',
  };
  const began = { ...run, startedAt: now - 4 * minutes, phase: 'running' as const };

  test('whose call arrived is settled, and the branch is looked at once more', () => {
    const { decisions, asked } = play(event, [
      ['read-ledger', { ledger: starting, now }],
      [
        'list-runs',
        [
          { ...began, executionId: 'run-8' },
          { ...began, executionId: 'run-7' },
          { ...began, executionId: 'by-hand', trigger: 'other' },
        ],
      ],
      ['read-run', { generation: null, commitId: B }],
      ['read-run', { generation: 7, commitId: B }],
      ['write-ledger', { written: true, now }],
      ['read-ledger', { ledger: { ...starting, state: 'started', executionId: 'run-7' }, now }],
      ['read-head', { commitId: B, now }],
    ]);

    expect(asked[1]).toMatchObject({ since: starting.leaseUntil - 6 * minutes });
    expect(asked[4]).toMatchObject({ from: starting, ledger: { state: 'started', executionId: 'run-7' } });
    expect(decisions).toMatchObject([{ outcome: 'already-started', generation: 7, executionId: 'run-7' }]);
  });

  test('whose call cannot be seen is followed by a fresh generation of the head, though the ledger names it', () => {
    const { decisions, asked } = play({ ...sweep, hasPaths: true }, [
      ['read-ledger', { ledger: starting, now }],
      ['list-runs', [{ ...run, startedAt: now - 65 * minutes }]],
      ['read-head', { commitId: B, now }],
      ['read-hold', none],
      ['write-ledger', { written: true, now }],
      ['start', { executionId: 'run-8' }],
      ['write-ledger', { written: true, now }],
      ['read-ledger', { ledger: { ...starting, generation: 8, state: 'started', executionId: 'run-8' }, now }],
      ['list-runs', [{ ...began, executionId: 'run-8' }]],
      ['read-head', { commitId: B, now }],
    ]);

    expect(asked[4]).toMatchObject({ from: starting, ledger: { generation: 8, commitId: B } });
    expect(decisions).toMatchObject([
      { outcome: 'unannounced', reason: expect.stringContaining('not sure') as string },
    ]);
  });
});

describe('a new pipeline', () => {
  const creation: Run = { ...run, executionId: 'run-0', trigger: 'creation', phase: 'succeeded', commitId: A };
  const waiting: Ledger = {
    ...ledger,
    epoch: 'old',
    state: 'waiting',
    commitId: 'none',
    generation: 0,
    leaseUntil: now + 1,
  };

  test('waits for the run that AWS starts at creation', () => {
    const { decisions, asked } = play(event, [
      ['read-ledger', { ledger: null, now }],
      ['list-runs', []],
      ['write-ledger', { written: true, now }],
    ]);

    expect(asked[2]).toMatchObject({ from: null, ledger: { epoch: 'fresh', state: 'waiting', generation: 0 } });
    expect(decisions).toMatchObject([{ outcome: 'waiting', until: now + 10 * minutes, previousCommitId: null }]);
  });

  test('waits on, and keeps its epoch', () => {
    const runs = [{ ...creation, phase: 'running' as const, commitId: null }];
    const { decisions } = play(sweep, [
      ['read-ledger', { ledger: waiting, now }],
      ['list-runs', runs],
      ['read-run', { generation: null, commitId: null }],
    ]);

    expect(decisions).toMatchObject([{ outcome: 'waiting', until: now + 1 }]);
  });

  test.each([
    ['that succeeded', [creation], null, { commitId: A, executionId: 'run-0' }],
    [
      'whose commit only the execution tells',
      [{ ...creation, commitId: null }],
      A,
      { commitId: A, executionId: 'run-0' },
    ],
    [
      'that failed before it had a commit',
      [{ ...creation, phase: 'failed', commitId: null }],
      'none',
      { commitId: 'none', executionId: 'run-0' },
    ],
    ['that is not alone: the ledger was lost', [run, creation], null, { commitId: 'none', executionId: 'none' }],
  ] as const)('adopts the run %s', (_, runs, read, adopted) => {
    const more: Script =
      read === null ? [] : [['read-run', { generation: null, commitId: read === 'none' ? null : read }]];
    const { asked } = play(event, [
      ['read-ledger', { ledger: waiting, now }],
      ['list-runs', runs],
      ...more,
      ['write-ledger', { written: false, now }],
    ]);

    expect(asked.at(-1)).toMatchObject({
      from: waiting,
      ledger: { ...adopted, epoch: 'old', state: 'settled', generation: 0, leaseUntil: 0 },
    });
  });

  test('goes on without that run after ten minutes', () => {
    const { asked, decisions } = play(event, [
      ['read-ledger', { ledger: { ...waiting, leaseUntil: now }, now }],
      ['list-runs', []],
      ['write-ledger', { written: true, now }],
      ['read-ledger', { ledger: { ...waiting, state: 'settled', leaseUntil: 0, executionId: 'none' }, now }],
      ['read-head', { commitId: B, now }],
      ['read-hold', none],
      ['write-ledger', { written: false, now }],
    ]);

    expect(asked[2]).toMatchObject({ ledger: { commitId: 'none', state: 'settled' } });
    expect(decisions).toMatchObject([{ outcome: 'lost-the-race' }]);
  });
});
