import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { A, B, C, closed, merged, minutes, opened, startedIn, starterOf, sweep } from './dev-environment.ts';
import type { PretendAccount } from './pretend-account.ts';

/** The calls of a warm starter, in order. */
const calls = [
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
];

let account: PretendAccount;

beforeEach(async () => {
  account = await opened();
  await starterOf(account)(merged(A));
});

afterEach(() => closed(account));

describe.each(['before', 'after'] as const)('a starter that dies %s', (when) => {
  const deaths = calls.map((operation, call) => ({ operation, call, name: `${call + 1}, ${operation}` }));

  test.each(deaths)('call $name, leaves one execution of the head in the end', async ({ operation, call }) => {
    await dying(call, when);
    expect(account.aws.calls[call]?.operation).toBe(operation);

    await starterOf(account)(merged(B)).catch(() => null);
    account.now += 6 * minutes;
    await starterOf(account)(sweep);
    await starterOf(account)(sweep);

    expect(startedIn(account).map(({ commitId }) => commitId)).toEqual([B]);
    expect(account.reports.at(-1)).toMatchObject({ outcome: 'already-started', commitId: B });
  });

  test.each(deaths)('call $name, does not keep a newer head from being the last', async ({ call }) => {
    await dying(call, when);
    account.branches.set('orders/dev', C);

    await starterOf(account)(merged(C)).catch(() => null);
    account.now += 6 * minutes;
    await starterOf(account)(sweep);

    const generations = startedIn(account).map(({ generation }) => generation);
    expect(startedIn(account).at(-1)?.commitId).toBe(C);
    expect(new Set(generations).size).toBe(generations.length);
  });
});

test('a call that arrives after its lease does not keep an older commit running', async () => {
  await dying(4, 'before');
  account.branches.set('orders/dev', C);
  account.now += 6 * minutes;
  await starterOf(account)(merged(C));
  account.now += 1_000;
  account.start(B, 1);

  account.now += 1_000;
  await starterOf(account)(sweep);

  expect(startedIn(account).map(({ commitId, generation }) => [commitId, generation])).toEqual([
    [C, '2'],
    [B, '1'],
    [C, '3'],
  ]);
});

/** A merge of B, whose starter dies at a call. */
async function dying(call: number, when: 'before' | 'after'): Promise<void> {
  const start = starterOf(account);
  // The function is warm: it has its credentials.
  await start(merged(A));
  account.aws.calls.length = 0;
  account.reports.length = 0;
  account.branches.set('orders/dev', B);
  account.death = { call, when };
  await start(merged(B)).catch(() => null);
  account.death = null;
}
