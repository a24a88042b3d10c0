import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isEmpty } from '../../../languages/event-pattern/emptiness.ts';
import { anyEvent, busEvent, type EventShape, withSingle } from '../../../languages/event-pattern/event-shape.ts';
import { match, matchText } from '../../../languages/event-pattern/match.ts';
import { commonEvent, overlap } from '../../../languages/event-pattern/overlap.ts';
import { parsePattern } from '../../../languages/event-pattern/parse.ts';
import { events, patterns } from './generated.ts';
import { eventsOfShape, interwoven, parsedIfLegal, patternsOfShape, rivals, smallShape } from './shaped.ts';

/** `npm run fuzz` asks for many more. */
const numRuns = Math.ceil(Number(process.env['FUZZ_RUNS'] ?? 8000) / 50);

const eventOf = (one: object, other: object, shape: EventShape = anyEvent): unknown => {
  const found = overlap(parsePattern(one), parsePattern(other), shape);
  return found.overlaps ? JSON.parse(found.event) : found.reasons;
};

describe.each([
  ['any JSON', anyEvent, events, patterns],
  ['of a known shape', smallShape, eventsOfShape, patternsOfShape],
] as const)('over events that are %s', (_, shape, possible, asked) => {
  test('what two patterns are said to have in common, both match, and otherwise no event is matched by both', () => {
    const counts = { together: 0, apart: 0 };

    fc.assert(
      fc.property(
        fc.oneof(fc.tuple(asked, asked), rivals(asked)),
        fc.array(possible, { minLength: 30, maxLength: 30, size: 'max' }),
        ([one, other], received) => {
          const [first, second] = [parsedIfLegal(one), parsedIfLegal(other)];
          if (first === undefined || second === undefined) return;
          const found = overlap(first, second, shape);

          if (found.overlaps) {
            counts.together++;
            expect(matchText(first, found.event), found.event).toEqual({ matched: true });
            expect(matchText(second, found.event), found.event).toEqual({ matched: true });
            return;
          }
          counts.apart++;
          expect(found.reasons).not.toEqual([]);
          const alone = [first, second].flatMap((pattern) => {
            const own = commonEvent([pattern], shape);
            return own.overlaps ? [JSON.parse(own.event) as object] : [];
          });
          const more = shape === anyEvent ? interwoven(alone) : alone;
          for (const event of [...received, ...more]) {
            const both = match(first, event).matched && match(second, event).matched;
            if (both) expect.fail(`${JSON.stringify(event)} is matched by both`);
          }
        },
      ),
      { numRuns },
    );

    for (const count of Object.values(counts)) expect(count).toBeGreaterThan(numRuns / 30);
  }, 3_600_000);
});

test('an event may hold the values of both patterns in one array, unless its shape says otherwise', () => {
  const [dev, prod] = ['dev', 'prod'].map((branch) => ({ detail: { branch: [branch] } })) as [object, object];

  expect(eventOf(dev, prod)).toEqual({ detail: [{ branch: 'dev' }, { branch: 'prod' }] });
  expect(eventOf(dev, prod, busEvent)).toMatchObject({ detail: { branch: [['dev'], ['prod']] } });
  expect(eventOf(dev, prod, withSingle(busEvent, ['detail.branch']))).toEqual([
    'no value of detail.branch is in ["dev"] and ["prod"]',
  ]);
  expect(eventOf({ source: ['a'] }, { source: ['b'] }, busEvent)).toEqual(['no text of source is in ["a"] and ["b"]']);
});

test('texts are decided by all that is asked of them together', () => {
  const shape = withSingle(anyEvent, ['n']);
  const common = (...lists: readonly unknown[][]): unknown => {
    const found = commonEvent(
      lists.map((list) => parsePattern({ n: list })),
      shape,
    );
    return found.overlaps ? (JSON.parse(found.event) as { n: unknown }).n : 'nothing';
  };

  expect(common([{ prefix: 'feature/' }], [{ suffix: '-hotfix' }])).toBe('feature/-hotfix');
  expect(common([{ prefix: 'abab' }], [{ suffix: 'bab' }], [{ 'anything-but': ['abab'] }])).toBe('ababab');
  expect(common([{ prefix: 'a' }], [{ prefix: 'b' }])).toBe('nothing');
  expect(common([{ wildcard: 'a*b*c' }], [{ 'anything-but': { wildcard: '*b*' } }])).toBe('nothing');
  expect(common([{ 'equals-ignore-case': 'Main' }], [{ 'anything-but': ['main', 'Main'] }])).toMatch(/^main$/i);
  expect(common([{ 'anything-but': { prefix: 'x' } }], [{ wildcard: '*' }])).not.toMatch(/^x/);
  expect(common([{ 'anything-but': { wildcard: '*' } }], ['x', { prefix: '' }])).toBe('nothing');
  expect(common([{ 'anything-but': { wildcard: '*' } }], [{ exists: true }])).toBe(0);
});

test('addresses are decided in all their spellings', () => {
  const shape = withSingle(anyEvent, ['n']);
  const common = (one: unknown, other: unknown): string => {
    const found = overlap(parsePattern({ n: [one] }), parsePattern({ n: [other] }), shape);
    return found.overlaps ? (JSON.parse(found.event) as { n: string }).n : 'nothing';
  };

  expect(common({ cidr: '10.0.0.0/24' }, { cidr: '10.0.0.128/25' })).toMatch(/^10\.0\.0\.\d+$/);
  expect(common({ cidr: '10.0.0.0/25' }, { cidr: '10.0.0.128/25' })).toBe('nothing');
  expect(common({ cidr: '10.0.0.0/24' }, { prefix: '::' })).toMatch(/^::/);
  expect(common('10.0.0.1', { prefix: '010.' })).toMatch(/^010\.0+\.0+\.0*1$/);
  expect(common('::1', { prefix: '0:' })).toMatch(/^0:/);
  expect(common({ cidr: '2001:db8::/32' }, { suffix: ':BEEF' })).toMatch(/:BEEF$/);
  expect(common({ cidr: '::/96' }, { cidr: '10.0.0.0/8' })).toBe('nothing');
  expect(common({ cidr: '::/0' }, { prefix: '::ffff:0' })).toMatch(/^::ffff:0/);
});

test('numbers are decided by their values, and outside the range of AWS by their spelling', () => {
  const shape = withSingle(anyEvent, ['n']);
  const common = (one: string, other: string): string => {
    const found = overlap(parsePattern(`{"n":[${one}]}`), parsePattern(`{"n":[${other}]}`), shape);
    return found.overlaps ? found.event : 'nothing';
  };
  const range = (...terms: readonly unknown[]): string => JSON.stringify({ numeric: terms });

  expect(common(range('>', 1), range('<', 1.000002))).toBe('{"n":1.000001}');
  expect(common(range('>', 1), range('<', 1.000001))).toBe('nothing');
  expect(common(range('>=', -5e9, '<', -4e9), '{"anything-but":[-5e9]}')).toMatch(/^\{"n":-4\d{9}/);
  expect(common('1e10', '10000000000')).toBe('nothing');
  expect(common('1e10', '1e10')).toBe('{"n":1e10}');
  expect(common('1e0', '1.0')).toBe('{"n":1}');
  expect(common('{"exists":true}', 'null')).toBe('{"n":null}');
});

test('what one pattern wants absent may stand in another element, when a value before it chose one', () => {
  const one = { a: { x: [1], y: [{ exists: false }] } };

  expect(eventOf(one, { a: { y: [2] } })).toEqual({ a: [{ x: 1 }, { y: 2 }] });
  expect(eventOf({ a: { b: [{ exists: false }], x: [1] } }, { a: { b: [2] } })).toEqual([
    'a.b cannot be in [{"exists":false}] and [2] at once',
  ]);
  expect(eventOf(one, { a: { y: [2] } }, withSingle(anyEvent, ['a.y']))).toHaveLength(1);
});

test('a pattern that nothing matches is empty', () => {
  expect(isEmpty(parsePattern({ n: [{ numeric: ['>', 5e9] }] }))).toBe(true);
  expect(isEmpty(parsePattern({ n: [{ numeric: ['>', 4e9] }] }))).toBe(false);
  expect(isEmpty(parsePattern({ source: [{ exists: false }] }), busEvent)).toBe(true);
  expect(isEmpty(parsePattern({ source: [1] }), busEvent)).toBe(true);
  expect(isEmpty(parsePattern({ region: { x: ['a'] } }), busEvent)).toBe(true);
  expect(isEmpty(parsePattern({ other: ['a'] }), busEvent)).toBe(true);
  expect(isEmpty(parsePattern({ resources: [{ prefix: 'arn:' }] }), busEvent)).toBe(false);
});

test('examples stand in a whole event, however deep the path and strange its names', () => {
  const deep = Object.fromEntries([[Array.from({ length: 900 }, () => 'a').join('.'), [1]]]);
  const strange = parsePattern('{"__proto__":{"":["\\ud800"]},"constructor":[1]}');
  const found = overlap(strange, parsePattern(deep));

  expect(found.overlaps && matchText(strange, found.event)).toEqual({ matched: true });
  expect(found.overlaps && matchText(parsePattern(deep), found.event)).toEqual({ matched: true });
  expect(eventOf({ source: ['a'] }, { resources: ['b'] }, busEvent)).toMatchObject({
    source: 'a',
    resources: 'b',
    account: '111111111111',
    detail: {},
  });
});

test('what is beyond the decision is refused by name', () => {
  const many = parsePattern({
    $or: Array.from({ length: 10 }, (_, at) => ({ a: [at] })),
    b: { $or: Array.from({ length: 100 }, (_, at) => ({ a: [at] })) },
  });

  expect(() => commonEvent([many, many, many], anyEvent)).toThrow(/^PatternUndecided: /);
});
