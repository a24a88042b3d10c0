import { expect, test } from 'vitest';
import type { Finding } from '../../audit/checks/check.ts';
import { findingsIn } from '../../audit/checks/index.ts';
import { cloudOfStacks, type OwnStack, ownStacks } from './clouds.ts';
import { type Mutant, mutantsOf } from './mutants.ts';

/** The stacks of the DevOps account and of one environment; the others are made by the same code. */
const judged = ['mergecast-devops', 'mergecast-prod'];

const keyOf = ({ check, stack, logicalId, problem, value }: Finding): string =>
  [check, stack, logicalId, problem, value].join('\n');

test('whichever protecting statement of our templates is removed or widened, a check says so', {
  timeout: 240_000,
}, () => {
  const stacks = ownStacks();
  const known = new Set(findingsIn(cloudOfStacks(judged.flatMap((each) => stacks.get(each) ?? []))).map(keyOf));
  const survives = (name: string, own: OwnStack, { logicalId, resource }: Mutant): boolean => {
    const { [logicalId]: _, ...others } = own.resources;
    const resources = resource === undefined ? others : { ...others, [logicalId]: resource };
    const mutated = new Map(stacks).set(name, { ...own, resources });
    return findingsIn(cloudOfStacks(judged.flatMap((each) => mutated.get(each) ?? []))).every((finding) =>
      known.has(keyOf(finding)),
    );
  };

  const tried = judged.flatMap((name) => {
    const own = stacks.get(name);
    if (own === undefined) throw new Error(`there is no stack ${name}`);
    return mutantsOf(own.resources)
      .filter(({ logicalId }) => name !== 'mergecast-devops' || !/dev|staging/.test(logicalId.replace('devops', '')))
      .map((mutant) => ({
        name: `${name}/${mutant.logicalId}: ${mutant.what}`,
        equivalent: mutant.equivalent,
        survived: survives(name, own, mutant),
      }));
  });

  const wrong = tried.filter(({ survived, equivalent }) => survived && equivalent === undefined);
  const equal = tried.filter(({ equivalent, survived }) => survived && equivalent !== undefined);
  console.log(
    `mutants: ${tried.length - wrong.length - equal.length} of ${tried.length - equal.length} caught; ${equal.length} more decide as before`,
  );
  expect(wrong.map(({ name }) => name)).toEqual([]);
  expect(tried.length - equal.length).toBeGreaterThan(100);
});
