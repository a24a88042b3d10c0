import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decide } from '../../../languages/iam-policy/decide.ts';
import { parsePolicy } from '../../../languages/iam-policy/parse.ts';
import type { NamedPolicy, Policies } from '../../../languages/iam-policy/types.ts';
import { questions } from './generated.ts';
import { oracle, type RawPolicies, type RawStatement } from './oracle.ts';

/** `npm run fuzz` asks for many more. */
const numRuns = Number(process.env['FUZZ_RUNS'] ?? 5000);

const named = (statements: readonly RawStatement[], name = 'policy'): NamedPolicy => ({
  name,
  document: parsePolicy({ Version: '2012-10-17', Statement: statements }),
});

function parsed(raw: RawPolicies): Policies {
  const levels = (given: RawPolicies['serviceControl']): NamedPolicy[] =>
    Object.entries(given ?? {}).flatMap(([level, set]) => set.map((each) => ({ ...named(each), level })));
  return {
    identity: raw.identity.map((each) => named(each)),
    ...(raw.boundary ? { boundary: named(raw.boundary) } : {}),
    ...(raw.session ? { session: raw.session.map((each) => named(each)) } : {}),
    ...(raw.resource ? { resource: named(raw.resource) } : {}),
    ...(raw.resourceKind ? { resourceKind: raw.resourceKind } : {}),
    ...(raw.serviceControl ? { serviceControl: levels(raw.serviceControl) } : {}),
    ...(raw.resourceControl ? { resourceControl: levels(raw.resourceControl) } : {}),
  };
}

test('the evaluator and the plain one decide alike, whatever is asked', () => {
  const counts: Record<string, number> = { allowed: 0, 'explicit-deny': 0, 'implicit-deny': 0 };

  fc.assert(
    fc.property(questions, ({ request, policies }) => {
      const decision = decide(request, parsed(policies));
      const expected = oracle(request, policies);

      counts[expected] = (counts[expected] ?? 0) + 1;
      expect(decision.reason).toBe(expected);
      expect(decision.allowed).toBe(expected === 'allowed');
      expect(decision.explanation).not.toBe('');
    }),
    { numRuns },
  );

  // The generator has to ask questions of every kind.
  for (const count of Object.values(counts)) expect(count).toBeGreaterThan(numRuns / 20);
}, 3_600_000);
