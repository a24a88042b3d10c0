import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import example from '../../../events/examples/branch-merged.json' with { type: 'json' };
import startDecided from '../../../events/examples/start-decided.json' with { type: 'json' };
import { parseStartDecided } from '../../../events/start-decided.ts';
import type { PipelineSettings } from '../../../workload-account/handlers/start-pipeline/settings.ts';
import { readSettings } from '../../../workload-account/handlers/start-pipeline/settings.ts';
import { AwsRefusal } from '../../devops-account/handlers/pretend-aws.ts';
import {
  A,
  B,
  C,
  closed,
  merged,
  metricsLogged,
  minutes,
  opened,
  own,
  startedIn,
  starterOf,
  sweep,
} from './dev-environment.ts';
import type { PretendAccount } from './pretend-account.ts';

let account: PretendAccount;

beforeEach(async () => {
  account = await opened();
});

afterEach(() => closed(account));

describe('an announced merge', () => {
  test('starts the pipeline, pinned to the head, and is reported', async () => {
    const start = starter();
    account.branches.set('orders/dev', B);

    await start(merged(B));

    expect(started()).toMatchObject([{ commitId: B, generation: '1', mergeId: example.detail.mergeId }]);
    expect(started()[0]?.token).toMatch(/^[0-9a-f]{64}$/);
    expect(account.reports).toMatchObject([
      { outcome: 'started', environment: 'dev', commitId: B, previousCommitId: A, generation: 1, cause: 'event' },
    ]);
    for (const detail of account.reports) expect(() => parseStartDecided({ ...startDecided, detail })).not.toThrow();
  });

  test('starts in ten calls when the function is warm, and assumes the read role once', async () => {
    const start = starter();
    await start(merged(A));
    account.aws.calls.length = 0;
    account.branches.set('orders/dev', B);

    await start(merged(B));

    expect(account.aws.calls.map(({ operation }) => operation)).toEqual([
      'GetItem',
      'GetBranch',
      'GetParameterHistory',
      'PutItem',
      'GetCommit',
      'StartPipelineExecution',
      'PutItem',
      'GetItem',
      'GetBranch',
      'PutEvents',
    ]);
  });

  test('that is delivered twice, late and out of order starts nothing more', async () => {
    const start = starter();
    account.branches.set('orders/dev', C);

    for (const commitId of [C, C, B]) await start(merged(commitId));

    expect(started().map(({ commitId }) => commitId)).toEqual([C]);
    expect(outcomes()).toEqual(['started', 'already-started', 'superseded-by']);
  });

  test('delivered to many starters at once starts once', async () => {
    const start = starter();
    await start(merged(A));
    account.branches.set('orders/dev', B);

    await Promise.all([1, 2, 3, 4, 5].map(() => starter()(merged(B))));

    expect(started().map(({ commitId }) => commitId)).toEqual([B]);
    expect(outcomes().filter((outcome) => outcome === 'started')).toHaveLength(1);
  });

  test('of another repository or branch concerns nobody here', async () => {
    await starter()(merged(B, { repository: 'invoices' }));
    await starter()(merged(B, { branch: 'prod' }));

    expect(account.aws.calls).toEqual([]);
  });

  test('that does not come from the DevOps account is refused', async () => {
    const forged = { ...merged(B), account: '999999999999' };

    await expect(starter()(forged)).rejects.toThrow("EventMalformed: account '999999999999' is not the DevOps account");
  });

  test('that is malformed is refused', async () => {
    await expect(starter()({ source: 'mergecast.devops' })).rejects.toThrow('EventMalformed: id is missing');
    await expect(starter()(null)).rejects.toThrow("EventMalformed: the event 'null' is not an object");
  });
});

describe('a pipeline with paths', () => {
  test.each([
    [['src/**'], [['README.md'], ['src/a/b.ts']], 'started'],
    [['src/**'], [['README.md'], ['docs/src.md']], 'not-concerned'],
    [['**', '!docs/**'], [['docs/a.md']], 'not-concerned'],
    [['**', '!docs/**'], [['docs/a.md', '.ci/run']], 'started'],
  ])('%j sees the change of %j: %s', async (paths, pages, outcome) => {
    account.changes.splice(0, 1, ...pages);
    account.branches.set('orders/dev', B);

    await starter([{ ...own, paths }])(merged(B));

    expect(outcomes()).toEqual([outcome]);
    expect(started()).toHaveLength(outcome === 'started' ? 1 : 0);
  });

  test('starts when the commit it would compare with is gone', async () => {
    account.branches.set('orders/dev', B);
    account.faults.set('GetDifferences', new AwsRefusal('CommitDoesNotExistException'));

    await starter([{ ...own, paths: ['src/**'] }])(merged(B));

    expect(outcomes()).toEqual(['started']);
  });
});

test.each([
  ['a freeze', { from: '2026-11-20T00:00:00Z', until: '2026-11-20T10:30:00Z', reason: 'black friday' }],
  ['a closed hour', { open: ['Fri 11:30-17:00'], zone: 'Europe/Berlin', reason: 'black friday' }],
])('%s holds the merge, and the sweep starts it when it has ended', async (_what, hold) => {
  const start = starter([{ ...own, freezes: [hold] }]);
  account.branches.set('orders/dev', B);

  await start(merged(B));
  account.now += 31 * minutes;
  await start(sweep);

  expect(account.reports).toMatchObject([
    { outcome: 'held', reason: 'black friday', until: '2026-11-20T10:30:00.000Z' },
    { outcome: 'unannounced', cause: 'sweep', commitId: B, announced: null },
  ]);
});

describe('what cannot be read is reported in words', () => {
  test.each([
    ['GetBranch', 'BranchDoesNotExistException', 'no-branch', 'repository orders has no branch dev'],
    ['GetBranch', 'RepositoryDoesNotExistException', 'unreadable', 'repository orders cannot be read as arn:'],
    ['GetBranch', 'EncryptionKeyAccessDeniedException', 'unreadable', 'EncryptionKeyAccessDeniedException: in words'],
    ['AssumeRole', 'AccessDenied', 'unreadable', 'AccessDenied: in words'],
  ])('%s answers %s: %s', async (operation, code, outcome, words) => {
    account.faults.set(operation, new AwsRefusal(code));

    await starter()(merged(B));

    expect(account.reports).toMatchObject([
      { outcome, reason: expect.stringContaining(words) as string, commitId: null },
    ]);
  });

  test('and the other pipelines go on', async () => {
    account.create('invoices-dev', A);
    account.branches.set('orders/dev', B);
    account.branches.set('invoices/dev', new AwsRefusal('RepositoryDoesNotExistException'));

    await starter([{ ...own, pipeline: 'invoices-dev', repository: 'invoices' }, own])(sweep);

    expect(account.reports).toMatchObject([
      { pipeline: 'invoices-dev', outcome: 'unreadable' },
      { pipeline: 'orders-dev', outcome: 'unannounced' },
    ]);
  });

  test.each([
    ['a merge announced', merged(B)],
    ['the sweep found', sweep],
  ])('and what %s raises the alarm', async (_what, event) => {
    account.faults.set('AssumeRole', new AwsRefusal('AccessDenied'));

    await starter()(event);

    expect(metricsLogged()).toMatchObject([{ Undelivered: 1, service: 'start-pipeline', environment: 'dev' }]);
  });
});

describe('a failed source action', () => {
  test('is started again three times, and then the alarm is raised', async () => {
    const start = starter();
    account.branches.set('orders/dev', B);
    await start(merged(B));
    Object.assign(started()[0] ?? {}, { status: 'Failed', source: 'Failed' });

    for (let sweeps = 0; sweeps < 8; sweeps += 1) {
      account.now += 5 * minutes;
      await start(sweep);
    }

    expect(outcomes().slice(1)).toEqual([
      'retried',
      'retried',
      'already-started',
      'retried',
      'undelivered',
      'undelivered',
      'undelivered',
      'undelivered',
    ]);
    expect(operations().filter((operation) => operation === 'RetryStageExecution')).toHaveLength(3);
    expect(metricsLogged()).toHaveLength(4);
  });

  test('is forgotten when the branch moves on', async () => {
    const start = starter();
    account.branches.set('orders/dev', B);
    await start(merged(B));
    Object.assign(started()[0] ?? {}, { status: 'Failed', source: 'Failed' });
    account.branches.set('orders/dev', C);

    await start(sweep);

    expect(outcomes()).toEqual(['started', 'unannounced']);
  });
});

describe('a report that is refused', () => {
  test('in part is sent again', async () => {
    account.refusedEntries = 1;

    await starter()(sweep);

    expect(operations().filter((operation) => operation === 'PutEvents')).toHaveLength(2);
    expect(outcomes()).toEqual(['already-started']);
  });

  test('for good makes the invocation fail, and a second one starts nothing twice', async () => {
    account.branches.set('orders/dev', B);
    account.faults.set('PutEvents', new AwsRefusal('AccessDeniedException'));
    await expect(starter()(merged(B))).rejects.toThrow('in words');
    account.faults.clear();

    await starter()(merged(B));

    expect(started()).toHaveLength(1);
    expect(account.reports).toMatchObject([{ outcome: 'already-started', generation: 1 }]);
  });
});

describe('AWS refuses the start', () => {
  test.each([400, 500])('then the call is not sent again, though the SDK would like to: status %s', async (status) => {
    vi.stubEnv('AWS_MAX_ATTEMPTS', '3');
    account.branches.set('orders/dev', B);
    account.faults.set('StartPipelineExecution', new AwsRefusal('ThrottlingException', status));

    await expect(starter()(merged(B))).rejects.toThrow('orders-dev: start: ThrottlingException: in words');

    expect(operations().filter((operation) => operation === 'StartPipelineExecution')).toHaveLength(1);
  });

  test('then it is called once, reported as failed, and made up for when the lease has passed', async () => {
    const start = starter();
    account.branches.set('orders/dev', B);
    account.faults.set('StartPipelineExecution', new AwsRefusal('ConcurrentPipelineExecutionsLimitExceededException'));

    await expect(start(merged(B))).rejects.toThrow(
      'orders-dev: start: ConcurrentPipelineExecutionsLimitExceededException',
    );
    await start(merged(B));
    account.faults.clear();
    account.now += 6 * minutes;
    await start(sweep);

    expect(operations().filter((operation) => operation === 'StartPipelineExecution')).toHaveLength(2);
    expect(outcomes()).toEqual(['failed', 'busy', 'unannounced']);
    expect(started()).toMatchObject([{ commitId: B, generation: '2', mergeId: 'none' }]);
  });
});

test('settings that are wrong are all named', () => {
  expect(() => readSettings({ PIPELINES: '{' })).toThrow(/ENVIRONMENT[\s\S]*BRANCH|BRANCH[\s\S]*ENVIRONMENT/);
  expect(() => readSettings({ PIPELINES: '{' })).toThrow('is not JSON');
  const freezes = [{ from: 'soon', until: '2026-11-20T10:30:00Z', reason: 'x' }];
  expect(() => starter([{ ...own, freezes }])).toThrow(/is no time in ISO 8601[\s\S]*freezes\[0\]\.from/);
});

const starter = (pipelines?: readonly PipelineSettings[]) => starterOf(account, pipelines);
const started = () => startedIn(account);
const outcomes = () => account.reports.map(({ outcome }) => outcome);
const operations = () => account.aws.calls.map(({ operation }) => operation);
