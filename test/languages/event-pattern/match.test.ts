import { describe, expect, test } from 'vitest';
import { match, matchesJson, matchText } from '../../../languages/event-pattern/match.ts';
import { parsePattern } from '../../../languages/event-pattern/parse.ts';
import { ruleIndex } from '../../../languages/event-pattern/rule-index.ts';
import cases from '../../cases/event-pattern-matches.json' with { type: 'json' };

interface Case {
  readonly name: string;
  readonly pattern?: object;
  readonly patternText?: string;
  readonly event?: object;
  readonly eventText?: string;
  readonly matches: boolean;
  readonly field?: string;
  readonly expected?: string;
  readonly found?: string;
}

describe('the table of patterns and events', () => {
  test.each(cases as readonly Case[])('$name', ({ matches, field, expected, found, ...given }) => {
    const patternText = given.patternText ?? JSON.stringify(given.pattern);
    const eventText = given.eventText ?? JSON.stringify(given.event);

    const verdict = given.event === undefined ? undefined : match(parsePattern(patternText), given.event);
    const verdictOfText = matchText(parsePattern(patternText), eventText);

    const index = ruleIndex([{ id: 'rule', pattern: parsePattern(patternText) }]);

    expect(matchesJson(patternText, eventText)).toBe(matches);
    expect(index.rulesMatching(eventText).has('rule')).toBe(matches);
    for (const answer of verdict === undefined ? [verdictOfText] : [verdict, verdictOfText]) {
      expect(answer.matched).toBe(matches);
      if (field !== undefined) expect(answer).toMatchObject({ field });
      if (expected !== undefined) expect(answer).toMatchObject({ expected });
      if (found !== undefined) expect(answer).toMatchObject({ found });
    }
  });
});

test('the verdict of alternatives is that of the one that came farthest', () => {
  const pattern = parsePattern({
    $or: [
      { a: [1], b: [1], c: [1] },
      { a: [2], b: [2], c: [2] },
    ],
  });

  expect(match(pattern, { a: 2, b: 3, c: 2 })).toEqual({ matched: false, field: 'b', expected: '[2]', found: '3' });
  expect(match(pattern, { d: 2 })).toEqual({ matched: false, field: 'a', expected: '[1]', found: 'nothing' });
});

test('what is no object is no event', () => {
  const pattern = parsePattern({ a: [{ exists: false }] });

  expect(match(pattern, [{}])).toEqual({ matched: false, field: '', expected: 'a JSON object', found: '[{}]' });
  expect(match(pattern, undefined)).toMatchObject({ found: 'nothing' });
  expect(match(pattern, JSON.parse('['.repeat(50_000) + ']'.repeat(50_000)))).toMatchObject({ matched: false });
  for (const text of ['', '[]', 'null', '{"a":1', '{"a" 1}', '{"a":}', '{a:1}', '\u0000', '{"a":tru}']) {
    expect(() => matchText(pattern, text), text).toThrow(/^EventMalformed: /);
  }
});

test('hostile events take no time and no stack', () => {
  const deep = `{"a":${'['.repeat(900)}1${']'.repeat(900)}}`;
  const elements = Array.from({ length: 3000 }, (_, at) => ({ x: at % 2, y: 1 - (at % 2), lines: [{ z: at }] }));
  const hostile = [
    { pattern: { a: [1] }, text: deep, matches: true },
    { pattern: { a: { x: [1], y: [1] }, b: { x: [1] } }, text: JSON.stringify({ a: elements, b: elements }) },
    { pattern: { a: { x: [1], lines: { z: [-1] } } }, text: JSON.stringify({ a: elements }) },
    { pattern: { a: { a: [1], b: [2] } }, text: JSON.stringify({ a: [elements.map(({ x }) => ({ a: x, b: 1 }))] }) },
    { pattern: { n: [{ wildcard: 'a*a*a*a*b' }] }, text: JSON.stringify({ n: 'a'.repeat(200_000) }) },
    { pattern: { n: [{ 'equals-ignore-case': 'ß'.repeat(900) }] }, text: JSON.stringify({ n: 'S'.repeat(2000) }) },
  ];

  for (const { pattern, text, matches = false } of hostile) {
    const started = performance.now();
    expect(matchesJson(JSON.stringify(pattern), text)).toBe(matches);
    expect(performance.now() - started, JSON.stringify(pattern).slice(0, 50)).toBeLessThan(1500);
  }
});
