import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseBranchMerged } from '../../events/branch-merged.ts';
import { parseMerge } from '../../events/merge.ts';
import { parsePipelineState } from '../../events/pipeline-state.ts';
import { leavesOfText } from '../../languages/event-pattern/leaves-of-text.ts';
import { matchesJson, matchText } from '../../languages/event-pattern/match.ts';
import { parsePattern } from '../../languages/event-pattern/parse.ts';
import { ruleIndex } from '../../languages/event-pattern/rule-index.ts';
import { decide } from '../../languages/iam-policy/decide.ts';
import { parsePolicy } from '../../languages/iam-policy/parse.ts';
import type { Request } from '../../languages/iam-policy/types.ts';
import { parseTemplate } from '../../languages/template/parse.ts';
import { Fault } from '../../shared/fault.ts';
import refusedPatterns from '../cases/event-pattern-refusals.json' with { type: 'json' };
import conditions from '../cases/iam-conditions.json' with { type: 'json' };
import malformedMerges from '../cases/malformed-merges.json' with { type: 'json' };
import { broken, shortestMilliseconds } from './broken-text.ts';

const fuzzing = process.env['FUZZ_RUNS'] !== undefined;
const numRuns = fuzzing ? Math.ceil(Number(process.env['FUZZ_RUNS']) / 5) : 200;

const pattern = parsePattern({
  source: ['a', { prefix: 'b' }],
  detail: { n: [1, { numeric: ['>', 3] }], list: { a: ['x', { exists: false }], b: [{ wildcard: '*x*y' }] } },
});
const index = ruleIndex([{ id: 1, pattern }]);
const event = '{"source":"b","detail":{"n":1.50e1,"list":[{"a":"x","b":"\\u0078zy"},{"b":["axby",null]}]}}';
const request: Request = {
  principal: { type: 'user', account: '111111111111', arn: 'arn:aws:iam::111111111111:user/a' },
  action: 's3:GetObject',
  resource: 'arn:aws:s3:::a/b:c',
  resourceAccount: '111111111111',
  context: { 'aws:username': 'a', 's3:prefix': ['a', 'b'], 'aws:SourceIp': '10.0.0.1' },
};

/** Everything of ours that reads JSON which somebody else wrote. */
const readers: Readonly<Record<string, (text: string) => unknown>> = {
  'the matcher of events': (text) => matchText(pattern, text),
  'the index of rules': (text) => [...index.rulesMatching(text)],
  patterns: (text) => parsePattern(text),
  'patterns with an event': (text) => matchesJson(text, event),
  policies: (text) => decide(request, { identity: [], resource: { name: 'p', document: parsePolicy(text) } }),
  templates: (text) => parseTemplate(text),
  announcements: (text) => parseBranchMerged(parsed(text)),
  merges: (text) => parseMerge(parsed(text)),
  'states of pipelines': (text) => parsePipelineState(parsed(text)),
};

/** As the runtime of Lambda does before a handler sees an event. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Reads a text, or is refused; everything else that is thrown is a crash. A refusal stays short, however long the text was. */
function survive(read: (text: string) => unknown, text: string): void {
  try {
    read(text);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    expect(error.message.length).toBeLessThan(4000);
  }
}

const statement = (more: object) => ({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Principal: '*', Action: 's3:Get*', ...more },
});
const seeds = [
  event,
  JSON.stringify({
    source: ['a'],
    $or: [{ a: [{ prefix: { 'equals-ignore-case': 'x' } }] }, { b: [{ cidr: '::1/64' }] }],
  }),
  ...refusedPatterns
    .slice(0, 40)
    .map((each) => ('patternText' in each ? String(each.patternText) : JSON.stringify(each))),
  ...malformedMerges.slice(0, 10).map((each) => JSON.stringify(each)),
  ...conditions.slice(0, 40).map(({ condition }) => JSON.stringify(statement({ Resource: '*', Condition: condition }))),
  JSON.stringify(statement({ NotResource: ["arn:aws:s3:::${aws:username, 'x'}/*", 'arn:a?s:*'] })),
  JSON.stringify({ Resources: { R: { Type: 'T', Properties: { a: { 'Fn::Sub': '${A}' } } } } }),
];
const pieces = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ':',
  ',',
  '\\',
  '\\u',
  '\\ud800',
  '\0',
  '1e999',
  '-',
  '0',
  '.',
  'null',
  '${',
  '*',
  '?',
];
const more = [
  '"$or":',
  '"__proto__":',
  '"anything-but":',
  '{"wildcard":"*a"}',
  '"Condition":{',
  '"Fn::If":',
  '\uFFFF',
  '\u2028',
];

test.each(Object.entries(readers))(
  'no broken text crashes: %s',
  (_, read) => {
    fc.assert(
      fc.property(broken(seeds, [...pieces, ...more]), (text) => survive(read, text)),
      { numRuns },
    );
  },
  3_600_000,
);

const many = 20_000;
const fill = (unit: string): string => unit.repeat(Math.floor(many / unit.length));
const stars = Array.from({ length: 40 }, (_, at) => `{"wildcard":"*${'ab'.repeat(at % 7)}*${at}"}`).join();
const hostile: Readonly<Record<string, string>> = {
  'open arrays': fill('['),
  'open objects': fill('{"a":'),
  'arrays in arrays': '['.repeat(many / 2) + ']'.repeat(many / 2),
  'objects at the asked path': `${fill('{"detail":{"list":')}1`,
  'elements of a list': `{"detail":{"list":[${fill('{"a":"x","b":"xx"},')}{"a":"y"}]}}`,
  'lists in lists': `{"detail":{"list":[${fill('[{"b":"xx"}],')}{"a":"y"}]}}`,
  'one key again and again': `{${fill('"source":"a",')}"source":"c"}`,
  escapes: `{"source":"${fill('\\u0061')}"}`,
  backslashes: `{"source":"${fill('\\\\')}"}`,
  'a text that does not end': `{"source":"${fill('a')}`,
  'a long number': `{"detail":{"n":${fill('1')}}}`,
  'a number with many decimals': `{"detail":{"n":0.${fill('1')}}}`,
  alternatives: `{${Array.from({ length: 20 }, () => '"$or":[{"a":["x"]},{"b":["x"]}]').join()}}`,
  wildcards: `{"a":[${stars}]}`,
  stars: `{"a":[{"wildcard":"${'*a'.repeat(900)}"}]}`,
  'resources with stars': JSON.stringify(statement({ Resource: Array(50).fill(`arn:aws:s3:::${'*a'.repeat(190)}b`) })),
  'stars within segments': JSON.stringify(statement({ Resource: Array(50).fill(`arn:a${'*s'.repeat(190)}:*x:*:*:*`) })),
  variables: JSON.stringify(statement({ Resource: `arn:aws:s3:::${fill('${aws:username}')}` })),
  'open variables': JSON.stringify(statement({ Resource: `arn:aws:s3:::${fill('${')}` })),
  conditions: JSON.stringify(
    statement({ Resource: '*', Condition: { StringLike: { 's3:prefix': Array(4000).fill('*a*') } } }),
  ),
};

describe.each(Object.entries(hostile))('%s', (_, text) => {
  test.each(Object.entries(readers))('are read or refused at once by: %s', (__, read) => {
    // Clocks decide only in `npm run fuzz`: 50 ms of a processor for 20 KB. Everywhere else an endless loop must fail.
    const milliseconds = shortestMilliseconds(() => survive(read, text), 50);
    expect(milliseconds).toBeLessThan(fuzzing ? 50 : 2000);
  });
});

describe('what is kept of a text is bounded', () => {
  test('a pattern holds no more clauses than AWS allows combinations', () => {
    const or = (ways: number, key: string) =>
      `"$or":[${Array.from({ length: ways }, (_, way) => `{"${key}":["${way}"]}`).join()}]`;

    expect(parsePattern(`{${or(10, 'a')},"b":{${or(10, 'c')}},"d":{${or(10, 'e')}}}`).clauses).toHaveLength(1000);
    expect(() => parsePattern(`{${or(11, 'a')},"b":{${or(10, 'c')}},"d":{${or(10, 'e')}}}`)).toThrow(
      '$or makes more than 1000',
    );
  });

  test('of an event only what a pattern asks for is kept', () => {
    const text = `{"source":"a",${Array.from({ length: 1000 }, (_, key) => `"k${key}":[${key},{"x":"y"}]`).join()}}`;
    const { bySlot, slots } = leavesOfText(text, pattern.paths);

    expect(slots).toHaveLength(1);
    expect(bySlot.flat().filter((leaf) => leaf !== undefined)).toHaveLength(1);
  });
});
