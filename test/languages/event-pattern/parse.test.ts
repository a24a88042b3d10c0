import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePattern } from '../../../languages/event-pattern/parse.ts';
import { Fault } from '../../../shared/fault.ts';
import cases from '../../cases/event-pattern-refusals.json' with { type: 'json' };

const refusalOf = (pattern: unknown): Fault => {
  try {
    parsePattern(pattern);
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error(`not refused: ${JSON.stringify(pattern)}`);
};

describe('a pattern is refused with the text of AWS', () => {
  test.each(cases as readonly { pattern: string; reason: string; at?: string }[])('$reason: $pattern', (given) => {
    const { code, subject, hint } = refusalOf(given.pattern);

    expect(code).toBe('InvalidEventPattern');
    expect(subject).toBe(`Event pattern is not valid. Reason: ${given.reason}`);
    if (given.at !== undefined) expect(hint).toBe(`look at ${given.at}`);
  });
});

test('what is no JSON value is refused, not thrown upon', () => {
  const cyclic: Record<string, unknown> = {};
  cyclic['a'] = cyclic;

  for (const pattern of [undefined, null, 5, [], () => 1, cyclic, { a: [1n] }]) refusalOf(pattern);
});

test('a pattern may use all of the quota', () => {
  const pattern = {
    $or: Array.from({ length: 10 }, (_, at) => ({ a: [at] })),
    b: { $or: Array.from({ length: 100 }, (_, at) => ({ a: [at] })) },
  };

  expect(parsePattern(pattern).clauses).toHaveLength(1000);
  expect(parsePattern(`{"a":["${'x'.repeat(2038)}"]}`).clauses).toHaveLength(1);
});

test('documented wildcards are simple enough', () => {
  for (const wildcard of [
    'arn:aws:events:us-east-1:*:event-bus/*',
    '/Users/*/dir/dir/dir/dir/dir/doc.txt',
    '/Users/*/doc.txt',
    '*/lib/*',
    '*a*a*a*a*',
  ]) {
    parsePattern({ name: [{ wildcard }] });
  }
});

test('whatever comes, it is parsed or refused in little time', () => {
  const words = fc.constantFrom(
    'a',
    '$or',
    'prefix',
    'suffix',
    'anything-but',
    'numeric',
    'wildcard',
    'cidr',
    'exists',
    'equals-ignore-case',
  );
  const leaf = fc.oneof(
    fc.string(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom('>', '<', '*a*', '::/0'),
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.dictionary(words, tie('tree'), { maxKeys: 3 }),
    ),
  }));

  fc.assert(
    fc.property(
      fc.oneof(
        tree,
        fc.string(),
        tree.map((value) => JSON.stringify(value).slice(0, -1)),
      ),
      (pattern) => {
        const started = performance.now();
        try {
          parsePattern(pattern);
        } catch (error) {
          expect(error).toBeInstanceOf(Fault);
        }
        expect(performance.now() - started).toBeLessThan(1500);
      },
    ),
    { numRuns: 2000 },
  );
});
