import fc from 'fast-check';
import { expect, test } from 'vitest';
import { acceptsSome } from '../../../languages/event-pattern/accept.ts';
import { parsePattern } from '../../../languages/event-pattern/parse.ts';
import { searchText } from '../../../languages/event-pattern/text-search.ts';
import type { Matcher } from '../../../languages/event-pattern/types.ts';
import { list, text } from './generated.ts';
import { parsedIfLegal } from './shaped.ts';

const numRuns = Math.ceil(Number(process.env['FUZZ_RUNS'] ?? 8000) / 20);

const leaf = (value: string) => ({ type: 'string', text: value, comparable: Number.NaN, element: undefined }) as const;

const addresses = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.constantFrom(
    '10.0.0.1',
    '010.0.00.1',
    '::',
    '::1',
    '0::1',
    '::ffff:a00:1',
    '0:0::FFFF:A00:0001',
    '1:2:3:4:5:6:7::',
  ),
  fc.array(fc.constantFrom('0', '1', 'ffff', 'a00', '', 'F'), { maxLength: 9 }).map((groups) => groups.join(':')),
  fc.array(fc.constantFrom('0', '1', '010', '255', '256'), { maxLength: 5 }).map((octets) => octets.join('.')),
);
const texts = fc.oneof(text, fc.stringMatching(/^[xyXY*.:0]{0,5}$/), addresses);

function matchersOf(given: readonly unknown[]): readonly Matcher[] | undefined {
  return parsedIfLegal({ a: given })?.clauses[0]?.[0]?.matchers;
}

test('the text that is found is as wanted, and when none is found no text is', () => {
  const counts = { found: 0, none: 0 };

  fc.assert(
    fc.property(list, list, list, fc.array(texts, { minLength: 20, maxLength: 20 }), (one, other, not, tried) => {
      const [every, none] = [[matchersOf(one), matchersOf(other)], [matchersOf(not)]];
      if (![...every, ...none].every((matchers) => matchers !== undefined)) return;
      const wanted = { every: every as (readonly Matcher[])[], none: none as (readonly Matcher[])[] };
      const suits = (value: string): boolean =>
        wanted.every.every((matchers) => acceptsSome(matchers, leaf(value))) &&
        !wanted.none.some((matchers) => acceptsSome(matchers, leaf(value)));
      const found = searchText(wanted);

      counts[found === undefined ? 'none' : 'found']++;
      if (found === undefined) expect(tried.filter(suits)).toEqual([]);
      else expect(suits(found), JSON.stringify(found)).toBe(true);
    }),
    { numRuns },
  );

  for (const count of Object.values(counts)) expect(count).toBeGreaterThan(numRuns / 50);
}, 3_600_000);

const blocks = fc.oneof(
  fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 31 })),
  fc.tuple(fc.constantFrom('10.0.0.1', '255.255.255.255'), fc.integer({ min: 0, max: 31 })),
  fc.tuple(fc.constantFrom('::', '::1', '2001:db8::', '::ffff:a00:1'), fc.integer({ min: 0, max: 127 })),
);

test('an automaton reads the spellings of the addresses of a block, and no other text', () => {
  fc.assert(
    fc.property(blocks, addresses, ([address, bits], tried) => {
      const matchers = parsedIfLegal({ a: [{ cidr: `${address}/${bits}` }] })?.clauses[0]?.[0]?.matchers;
      if (matchers === undefined) return;
      const exactly: readonly Matcher[] = [{ type: 'text', text: tried }];

      expect(searchText({ every: [matchers, exactly], none: [] })).toBe(
        acceptsSome(matchers, leaf(tried)) ? tried : undefined,
      );
    }),
    { numRuns },
  );
}, 3_600_000);

test('two blocks are decided by the search as by their numbers', () => {
  const [one, other] = ['10.0.0.0/9', '10.128.0.0/9'].map(
    (cidr) => parsePattern({ a: [{ cidr }] }).clauses[0]?.[0]?.matchers ?? [],
  ) as [readonly Matcher[], readonly Matcher[]];

  expect(searchText({ every: [one, other], none: [] })).toBeUndefined();
  expect(searchText({ every: [one], none: [other] })).toMatch(/^10\.\d\.\d\.\d$/);
});
