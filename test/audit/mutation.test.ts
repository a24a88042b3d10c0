import { expect, test } from 'vitest';
import type { Finding } from '../../audit/checks/check.ts';
import { findingsIn } from '../../audit/checks/index.ts';
import { defaultClaims } from '../../audit/proof/claims.ts';
import { prove } from '../../audit/proof/prove.ts';
import { Templates } from '../../audit/proof/templates.ts';
import { assemblyOfStacks, cloudOfStacks, type OwnStack, ownStacks } from './clouds.ts';
import { type Mutant, mutantsOf } from './mutants.ts';

/** The stacks of the DevOps account and of one environment; the others are made by the same code. */
const judged = ['mergecast-devops', 'mergecast-prod'];

const keyOf = ({ check, stack, logicalId, problem, value }: Finding): string =>
  [check, stack, logicalId, problem, value].join('\n');

interface Caught {
  readonly byCheck: boolean;
  readonly byProof: boolean;
}

test('whichever protecting statement of our templates is removed or widened, a check or a proof says so', {
  timeout: 240_000,
}, () => {
  const stacks = ownStacks();
  const known = new Set(findingsIn(cloudOfStacks(judged.flatMap((each) => stacks.get(each) ?? []))).map(keyOf));
  const all = assemblyOfStacks(stacks.values());
  const ofOthers = /\b(dev|staging)\b/;
  const claims = defaultClaims(all).filter((claim) =>
    'bus' in claim ? !ofOthers.test(claim.bus) : !('environment' in claim) || claim.environment === 'prod',
  );
  const judge = (name: string, own: OwnStack, { logicalId, resource }: Mutant): Caught => {
    const { [logicalId]: _, ...others } = own.resources;
    const resources = resource === undefined ? others : { ...others, [logicalId]: resource };
    const mutated = new Map(stacks).set(name, { ...own, resources });
    const assembly = assemblyOfStacks(judged.flatMap((each) => mutated.get(each) ?? []));
    const templates = new Templates(assembly);
    return {
      byCheck: findingsIn(templates.cloud).some((finding) => !known.has(keyOf(finding))),
      byProof: prove(claims, templates).some(({ verdict }) => verdict !== 'proven'),
    };
  };

  const own = new Templates(assemblyOfStacks(judged.flatMap((each) => stacks.get(each) ?? [])));
  expect(prove(claims, own).filter(({ verdict }) => verdict !== 'proven')).toEqual([]);

  const tried = judged.flatMap((name) => {
    const own = stacks.get(name);
    if (own === undefined) throw new Error(`there is no stack ${name}`);
    return mutantsOf(own.resources)
      .filter(({ logicalId }) => name !== 'mergecast-devops' || !/dev|staging/.test(logicalId.replace('devops', '')))
      .map((mutant) => ({
        name: `${name}/${mutant.logicalId}: ${mutant.what}`,
        equivalent: mutant.equivalent,
        ...judge(name, own, mutant),
      }));
  });

  const survivors = tried.filter(({ byCheck, byProof }) => !byCheck && !byProof);
  const wrong = survivors.filter(({ equivalent }) => equivalent === undefined);
  const equal = survivors.filter(({ equivalent }) => equivalent !== undefined);
  const [checked, proven] = [tried.filter(({ byCheck }) => byCheck), tried.filter(({ byProof }) => byProof)];
  console.log(
    `mutants: ${tried.length - survivors.length} of ${tried.length - equal.length} caught (${checked.length} by checks, ${proven.length} by prove); ${equal.length} more decide as before`,
  );
  expect(wrong.map(({ name }) => name)).toEqual([]);
  expect(proven.length).toBeGreaterThan(30);
  expect(tried.length - equal.length).toBeGreaterThan(180);
});
