import { expect, test } from 'vitest';
import { readLines } from '../../audit/trail/record.ts';
import { whatIf } from '../../audit/what-if/compare.ts';
import merged from '../../events/examples/branch-merged.json' with { type: 'json' };
import decided from '../../events/examples/start-decided.json' with { type: 'json' };
import { cloudOfStacks, ownStacks, type WrittenResources } from './clouds.ts';

const staging = { account: '333333333333', pipeline: 'orders-staging' };
const prod = { account: '444444444444', pipeline: 'orders-prod' };

const records = (...events: readonly object[]) =>
  readLines(events.map((event) => ({ message: JSON.stringify(event), timestamp: 1 }))).records;

/** The proposed templates: ours, with one rule's branches changed. */
function proposed(rule: string, branches: readonly unknown[] | undefined) {
  const stacks = ownStacks();
  for (const { resources } of stacks.values()) change(resources, rule, branches);
  return cloudOfStacks(stacks.values());
}

function change(resources: WrittenResources, name: string, branches: readonly unknown[] | undefined): void {
  for (const { Type, Properties } of Object.values(resources)) {
    if (Type !== 'AWS::Events::Rule' || Properties['Name'] !== name) continue;
    const { detail } = Properties['EventPattern'] as { detail: Record<string, unknown> };
    if (branches === undefined) Properties['State'] = 'DISABLED';
    else detail['branch'] = branches;
  }
}

test('with the templates as they are, each merge starts what it started', () => {
  const found = whatIf(records(merged, decided), cloudOfStacks(ownStacks().values()));

  expect(found).toEqual({ merges: 1, otherwise: [] });
});

test('a merge that nobody decided about would newly reach the pipeline that follows its branch', () => {
  const found = whatIf(records(merged), cloudOfStacks(ownStacks().values()));

  expect(found.otherwise).toMatchObject([{ mergeId: merged.detail.mergeId, newly: [staging], noLonger: [] }]);
});

test.each<readonly [string, readonly unknown[] | undefined]>([
  ['asks for another branch', ['release']],
  ['is disabled', undefined],
])('a forwarding rule that %s would lose the merge', (_, branches) => {
  const found = whatIf(records(merged, decided), proposed('forward-staging', branches));

  expect(found.otherwise).toMatchObject([{ commitId: merged.detail.commitId, newly: [], noLonger: [staging] }]);
});

test('a forwarding rule that takes more branches reaches nothing more, as the pipeline follows its own', () => {
  const found = whatIf(records(merged, decided), proposed('forward-prod', [{ prefix: '' }]));

  expect(found.otherwise).toEqual([]);
});

test('a decision of the sweep counts, and one of another account does not', () => {
  const sweep = { ...decided, detail: { ...decided.detail, cause: 'sweep', announced: null } };
  const forged = { ...decided, id: '00000000-0000-4000-8000-000000000000', account: prod.account };

  expect(whatIf(records(merged, sweep), cloudOfStacks(ownStacks().values())).otherwise).toEqual([]);
  expect(whatIf(records(merged, forged), cloudOfStacks(ownStacks().values())).otherwise).toMatchObject([
    { newly: [staging], noLonger: [{ account: prod.account, pipeline: 'orders-staging' }] },
  ]);
});
