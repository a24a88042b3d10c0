import fc from 'fast-check';
import { expect, test } from 'vitest';
import { match, matchText } from '../../../languages/event-pattern/match.ts';
import { parsePattern } from '../../../languages/event-pattern/parse.ts';
import { ruleIndex } from '../../../languages/event-pattern/rule-index.ts';
import { Fault } from '../../../shared/fault.ts';
import { events, patterns } from './generated.ts';
import { oracle } from './oracle.ts';

/** Some 300 pairs each; fuzzing asks for many more (FUZZ_RUNS=200000 makes 600,000 pairs). */
const numRuns = Math.ceil(Number(process.env['FUZZ_RUNS'] ?? 8000) / 100);

test('the index, the matcher and the plain matcher agree, whatever the rules and events', () => {
  let [pairs, matched] = [0, 0];
  const rules = fc.array(patterns, { minLength: 15, maxLength: 18, size: 'max' });

  fc.assert(
    fc.property(rules, fc.array(events, { minLength: 20, maxLength: 20, size: 'max' }), (given, received) => {
      const parsed = given.map((pattern, id) => ({ id, pattern: tryToParse(pattern) }));
      const listed = parsed.flatMap(({ id, pattern }) => (pattern ? [{ id, pattern }] : []));
      const index = ruleIndex(listed);
      for (const event of received) {
        const text = JSON.stringify(event);
        const expected = listed.filter(({ pattern }) => oracle(pattern, event)).map(({ id }) => id);
        pairs += listed.length;
        matched += expected.length;
        const answers = [
          listed.filter(({ pattern }) => match(pattern, event).matched).map(({ id }) => id),
          listed.filter(({ pattern }) => matchText(pattern, text).matched).map(({ id }) => id),
          [...index.rulesMatching(text)].sort((one, other) => one - other),
          [...index.rulesMatching(event)].sort((one, other) => one - other),
        ];

        if (answers.some((answer) => answer.join() !== expected.join())) {
          expect(answers, text).toEqual([expected, expected, expected, expected]);
        }
      }
    }),
    { numRuns },
  );

  expect(pairs).toBeGreaterThan(numRuns * 300);
  expect(matched).toBeGreaterThan(pairs / 100);
}, 3_600_000);

/** The generator makes some patterns that AWS refuses, as empty `anything-but` prefixes. */
function tryToParse(pattern: object) {
  try {
    return parsePattern(pattern);
  } catch (error) {
    expect(error).toBeInstanceOf(Fault);
    return undefined;
  }
}

test('rules that ask for many different fields are found too', () => {
  const rules = Array.from({ length: 100 }, (_, id) => ({
    id,
    pattern: parsePattern({ detail: { [`field${id}`]: [id % 2 === 0 ? id : { exists: false }] } }),
  }));
  const index = ruleIndex(rules);

  expect([...index.rulesMatching('{"detail":{"field4":4,"field6":7,"field1":0}}')].sort((a, b) => a - b)).toEqual(
    [...[3, 4], ...Array.from({ length: 48 }, (_, at) => 2 * at + 5)].sort((a, b) => a - b),
  );
});

test('rules with equal patterns are all found, and found again for the next event', () => {
  const pattern = parsePattern({ a: ['x'], b: [{ prefix: 'y' }] });
  const index = ruleIndex(['one', 'two', 'three'].map((id) => ({ id, pattern })));

  for (let time = 0; time < 3; time++) {
    expect(index.rulesMatching('{"a":["x","x"],"b":["y","yy"]}')).toEqual(new Set(['one', 'two', 'three']));
    expect(index.rulesMatching('{"a":"y"}')).toEqual(new Set());
  }
});

test('an event that is malformed is refused and leaves nothing behind', () => {
  const index = ruleIndex([{ id: 1, pattern: parsePattern({ a: [1], b: [2] }) }]);

  expect(() => index.rulesMatching('{"a":1,"b":')).toThrow(/^EventMalformed/);
  expect(index.rulesMatching('{"b":2}')).toEqual(new Set());
});
