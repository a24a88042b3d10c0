import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyEvent, type EventShape, withSingle } from '../../../languages/event-pattern/event-shape.ts';
import { includes } from '../../../languages/event-pattern/inclusion.ts';
import { match, matchText } from '../../../languages/event-pattern/match.ts';
import { parsePattern } from '../../../languages/event-pattern/parse.ts';
import type { Pattern } from '../../../languages/event-pattern/types.ts';
import { Fault } from '../../../shared/fault.ts';
import { events, patterns } from './generated.ts';
import { eventsOfShape, parsedIfLegal, patternsOfShape, rivals, smallShape } from './shaped.ts';

/** `npm run fuzz` asks for many more. */
const numRuns = Math.ceil(Number(process.env['FUZZ_RUNS'] ?? 8000) / 50);

/** Pairs of which one often includes the other: its lists are longer, or fields are missing. */
const pairs = (asked: fc.Arbitrary<object>) =>
  fc.oneof(
    fc.tuple(asked, asked),
    rivals(asked),
    fc.tuple(asked, asked).map(([larger, more]) => [larger, { ...more, ...larger }] as const),
    fc.tuple(asked, asked).map(([one, other]) => [{ $or: [one, other] }, one] as const),
  );

function decided(larger: Pattern, smaller: Pattern, shape: EventShape) {
  try {
    return includes(larger, smaller, shape);
  } catch (error) {
    expect(error).toBeInstanceOf(Fault);
    return undefined;
  }
}

describe.each([
  ['any JSON', anyEvent, events, patterns],
  ['of a known shape', smallShape, eventsOfShape, patternsOfShape],
] as const)('over events that are %s', (_, shape, possible, asked) => {
  test('a pattern that includes another matches all of its events, and misses the one that is named if not', () => {
    const counts = { included: 0, missed: 0 };

    fc.assert(
      fc.property(
        pairs(asked),
        fc.array(possible, { minLength: 30, maxLength: 30, size: 'max' }),
        ([one, other], received) => {
          const [larger, smaller] = [parsedIfLegal(one), parsedIfLegal(other)];
          if (larger === undefined || smaller === undefined) return;
          const found = decided(larger, smaller, shape);
          if (found === undefined) return;

          if (!found.includes) {
            counts.missed++;
            expect(matchText(smaller, found.event), found.event).toEqual({ matched: true });
            expect(matchText(larger, found.event).matched, found.event).toBe(false);
            return;
          }
          counts.included++;
          for (const event of received) {
            if (match(smaller, event).matched && !match(larger, event).matched) {
              expect.fail(`${JSON.stringify(event)} is missed`);
            }
          }
        },
      ),
      { numRuns },
    );

    for (const count of Object.values(counts)) expect(count).toBeGreaterThan(numRuns / 30);
  }, 3_600_000);
});

test('a pattern is included when each of its events is, in whichever alternative', () => {
  const single = withSingle(anyEvent, ['n', 'm']);
  const included = (larger: object, smaller: object): unknown => {
    const found = includes(parsePattern(larger), parsePattern(smaller), single);
    return found.includes || (JSON.parse(found.event) as unknown);
  };

  expect(included({ n: [{ prefix: 'a' }] }, { n: ['ab', { prefix: 'ac' }] })).toBe(true);
  expect(included({ n: [{ prefix: 'ab' }] }, { n: [{ wildcard: 'a*b' }] })).toEqual({ n: 'aab' });
  expect(included({ n: [{ numeric: ['<', 5] }] }, { n: [{ numeric: ['>', 1, '<=', 5] }] })).toEqual({ n: 5 });
  expect(included({ $or: [{ n: [1] }, { m: [1] }] }, { n: [1], m: [2] })).toBe(true);
  expect(included({ $or: [{ n: [{ exists: true }] }, { n: [{ exists: false }] }] }, { m: [1] })).toBe(true);
  expect(included({ n: [{ exists: false }] }, { m: [1] })).toEqual({ m: 1, n: 'example' });
  expect(included({ m: [1] }, { n: [{ numeric: ['>', 5e9] }] })).toBe(true);
});

test('the lack of a field that may stand in arrays is refused by name', () => {
  const larger = parsePattern({ detail: { x: [{ exists: false }] } });

  expect(() => includes(larger, parsePattern({ a: [1] }))).toThrow(
    'PatternUndecided: the pattern asks for the lack of detail.x (exists: false), which may stand in arrays',
  );
  expect(includes(larger, larger, withSingle(anyEvent, ['detail.x']))).toEqual({ includes: true });
});
