import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AwsRefusal } from '../../devops-account/handlers/pretend-aws.ts';
import { B, closed, merged, opened, startedIn, starterOf } from './dev-environment.ts';
import type { PretendAccount } from './pretend-account.ts';

let account: PretendAccount;

beforeEach(async () => {
  account = await opened();
});

afterEach(() => closed(account));

describe('an execution', () => {
  test('starts with who wrote the commit and what its message begins with, as plain text of one line', async () => {
    const start = starterOf(account);
    const name = 'Ada \u202e\u001b[31mLovelace';
    account.branches.set('orders/dev', B);
    account.words.set(B, { author: { name }, message: `\nPrices #{variables.generation} ${'x'.repeat(300)}\n\nMore` });

    await start(merged(B));

    expect(startedIn(account)[0]).toMatchObject({ author: 'Ada [31mLovelace' });
    expect(startedIn(account)[0]?.title).toMatch(/^Prices # \{variables\.generation\} x+…$/);
    expect(startedIn(account)[0]?.title).toHaveLength(200);
  });

  test('starts even when the commit cannot be described', async () => {
    const start = starterOf(account);
    account.branches.set('orders/dev', B);
    account.faults.set('GetCommit', new AwsRefusal('EncryptionKeyAccessDeniedException'));

    await start(merged(B));

    expect(startedIn(account)).toMatchObject([{ commitId: B, author: 'none', title: 'none' }]);
  });
});
