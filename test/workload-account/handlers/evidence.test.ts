import { afterEach, beforeEach, expect, test } from 'vitest';
import state from '../../../events/examples/pipeline-execution-started.json' with { type: 'json' };
import decided from '../../../events/examples/start-decided.json' with { type: 'json' };
import { A, B, C, closed, merged, opened, own, startedIn, starterOf } from './dev-environment.ts';
import type { PretendAccount } from './pretend-account.ts';

const staging = { environment: 'staging', account: '333333333333', pipeline: 'orders-staging' };
const day = 86_400_000;

let account: PretendAccount;

beforeEach(async () => {
  account = await opened();
  await look();
  account.branches.set('orders/dev', B);
});

afterEach(() => closed(account));

/** The starter looks at a pipeline that requires staging; answers the last report. */
async function look(commitId = A) {
  await starterOf(account, [{ ...own, requires: [staging] }])(merged(commitId));
  return account.reports.at(-1);
}

/** Staging finished a commit that many days ago. */
function finished(commitId: string, daysAgo: number): void {
  const at = account.now - daysAgo * day;
  const detail = { ...state.detail, pipeline: staging.pipeline, state: 'SUCCEEDED' };
  const executionId = detail['execution-id'];
  for (const event of [
    { ...decided, detail: { ...decided.detail, commitId, executionId } },
    { ...state, account: staging.account, detail },
  ])
    account.trail.push({ at, message: JSON.stringify(event) });
}

test.each([0.5, 3, 29])('a commit that staging finished %d days ago starts', async (daysAgo) => {
  finished(B, daysAgo);

  await look(B);

  expect(startedIn(account).map(({ commitId }) => commitId)).toEqual([B]);
  expect(account.reports.at(-1)).toMatchObject({ reason: expect.stringContaining('staging finished it') as string });
});

test('another commit starts when its tree is the same', async () => {
  finished(C, 1.5);
  for (const commitId of [B, C]) account.trees.set(commitId, 'tree');

  expect(await look(B)).toMatchObject({
    reason: expect.stringContaining(`staging finished its tree as ${C}`) as string,
  });
});

test.each([
  ['nothing is on the trail', () => undefined],
  ['it is too long ago', () => finished(B, 31)],
  ['another commit with another tree was finished', () => [account.trees.set(B, 'b').set(C, 'c'), finished(C, 1)]],
  ['a commit that is gone was finished', () => [account.trees.set(B, 'b'), finished(C, 1)]],
])('a commit waits when %s', async (_, happened) => {
  happened();

  expect(await look(B)).toMatchObject({
    outcome: 'held',
    commitId: B,
    until: null,
    reason: expect.stringMatching(/^staging has not finished this commit \(orders-staging: no finished/) as string,
  });
  expect(startedIn(account)).toEqual([]);
});

test('a trail without an end is left after some pages, and the merge waits', async () => {
  account.emptyPages = Number.POSITIVE_INFINITY;

  expect(await look(B)).toMatchObject({ outcome: 'held', reason: expect.stringContaining('longer than') as string });
  expect(account.aws.calls.filter(({ operation }) => operation === 'FilterLogEvents')).toHaveLength(60);
});
