import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { branchNameFlaw } from '../../shared/git-names.ts';
import cases from '../cases/branch-names.json' with { type: 'json' };

test.each(cases)('the branch name "$name": $flaw', ({ name, flaw }) => {
  expect(branchNameFlaw(name)).toBe(flaw ?? undefined);
});

// Git takes HEAD as a plain name here, and reads '@' as the branch that is checked out.
test.each(cases.filter(({ name }) => name !== 'HEAD' && name !== '@'))('git agrees on "$name"', ({ name, flaw }) => {
  expect(isTakenByGit(name)).toBe(flaw === null);
});

test('a name that CodeCommit would cut is refused', () => {
  expect(branchNameFlaw('a'.repeat(257))).toBe('is longer than 256 characters');
});

function isTakenByGit(name: string): boolean {
  try {
    execFileSync('git', ['check-ref-format', '--branch', name], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
