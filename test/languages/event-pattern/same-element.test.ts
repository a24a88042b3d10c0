import fc from 'fast-check';
import { expect, test } from 'vitest';
import { leavesOfValue } from '../../../languages/event-pattern/leaves-of-value.ts';
import { match } from '../../../languages/event-pattern/match.ts';
import { parsePattern } from '../../../languages/event-pattern/parse.ts';
import { followChoices, tryAll } from '../../../languages/event-pattern/same-element.ts';
import { Fault } from '../../../shared/fault.ts';
import { events, patterns } from './generated.ts';

test('the way for large events and the way for small ones find the same', () => {
  let clauses = 0;

  fc.assert(
    fc.property(patterns, fc.array(events, { minLength: 5, maxLength: 5, size: 'max' }), (given, received) => {
      const pattern = tryToParse(given);
      if (pattern === undefined) return;
      for (const event of received) {
        const leaves = leavesOfValue({ a: [event, ...received], b: [received, event] }, pattern.paths);
        for (const clause of pattern.clauses.slice(0, 20)) {
          expect(followChoices(clause, leaves)?.path).toBe(tryAll(clause, leaves)?.path);
          clauses++;
        }
      }
    }),
    { numRuns: Math.ceil(Number(process.env['FUZZ_RUNS'] ?? 8000) / 40) },
  );

  expect(clauses).toBeGreaterThan(250);
}, 3_600_000);

function tryToParse(pattern: object) {
  try {
    return parsePattern(pattern);
  } catch (error) {
    expect(error).toBeInstanceOf(Fault);
    return undefined;
  }
}

test('in a large event one element has to answer all that is asked of it', () => {
  const pattern = parsePattern({
    a: { x: [1], lines: { y: [7], z: [{ exists: false }] } },
    b: { x: [{ exists: true }] },
  });
  const element = (x: number, y: number, z?: number) => ({
    x,
    lines: [
      { y: 0, z: 0 },
      { y, ...(z === undefined ? {} : { z }) },
    ],
  });
  const others = Array.from({ length: 500 }, (_, at) => element(at % 2, 7 - 7 * (at % 2), at));

  expect(match(pattern, { a: [...others, element(1, 7)], b: others }).matched).toBe(true);
  expect(match(pattern, { a: [...others, element(1, 7, 0)], b: others })).toMatchObject({ field: 'a.lines.z' });
  expect(match(pattern, { a: [...others, element(0, 7)], b: others })).toMatchObject({ field: 'a.x' });
});
