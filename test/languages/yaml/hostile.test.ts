import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAppspec } from '../../../languages/appspec/parse.ts';
import { parseBuildspec } from '../../../languages/buildspec/parse.ts';
import { dependencyOrder } from '../../../languages/template/dependency-order.ts';
import { expandLoops } from '../../../languages/template/expand-loops.ts';
import { parseTemplate } from '../../../languages/template/parse.ts';
import { resolve } from '../../../languages/template/resolve.ts';
import { Fault } from '../../../shared/fault.ts';
import appspecCases from '../../cases/appspec-refusals.json' with { type: 'json' };
import buildspecCases from '../../cases/buildspec-refusals.json' with { type: 'json' };
import templateCases from '../../cases/template-refusals.json' with { type: 'json' };
import { broken, shortestMilliseconds } from '../broken-text.ts';
import { scope } from '../template/a-scope.ts';

const parsers: Readonly<Record<string, (text: string) => unknown>> = {
  template: (text) => {
    const template = expandLoops(parseTemplate(text), scope.parameters);
    const resource = (id: string) => ({ ref: id, attributes: { Arn: id } });
    return dependencyOrder(template).map((id) => resolve(template.resources[id]?.properties, { ...scope, resource }));
  },
  buildspec: (text) => parseBuildspec(text),
  'AppSpec of a server': (text) => parseAppspec(text, 'Server'),
  'AppSpec of Lambda': (text) => parseAppspec(text, 'Lambda'),
  'AppSpec of ECS': (text) => parseAppspec(text, 'ECS'),
};

/** Reads a text, or is refused; everything else that is thrown is a crash. */
function survive(read: (text: string) => unknown, text: string): void {
  try {
    read(text);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    expect(error.message).toMatch(/^\w+Invalid: /);
  }
}

const fuzzing = process.env['FUZZ_RUNS'] !== undefined;
const runs = (share: number, otherwise: number): number =>
  fuzzing ? Math.ceil(Number(process.env['FUZZ_RUNS']) / share) : otherwise;

const many = 1000;
const hostile: Readonly<Record<string, string>> = {
  'open lists': '['.repeat(many),
  'open and closed lists': '['.repeat(many) + ']'.repeat(many),
  'open mappings': '{a: '.repeat(many),
  'closed lists': ']'.repeat(many),
  'lists in one line': '- '.repeat(100_000),
  'lists in many lines': '-\n'.repeat(many),
  'keys in one line': 'a: '.repeat(many),
  'complex keys': '? '.repeat(many),
  'complex keys in many lines': '?\n'.repeat(many),
  tags: '!a '.repeat(many),
  anchors: `${'&a '.repeat(many)}x`,
  commas: `[${','.repeat(many)}]`,
  directives: '%\n'.repeat(many),
  documents: '---\n'.repeat(many),
  quotes: '"'.repeat(many),
  aliases: '*a '.repeat(many),
  backslashes: `"${'\\'.repeat(many)}`,
  'aliases of one anchor': `- &a b\n${'- *a\n'.repeat(many / 10)}`,
  'indentation that grows': Array.from({ length: 80 }, (_, index) => `${' '.repeat(index)}a:\n`).join(''),
  'a long number': `a: ${'1_'.repeat(many)}x`,
  'zero bytes': '\0'.repeat(many),
  'byte order marks': '\uFEFF'.repeat(many),
  'half of a surrogate pair': `a: "\uD800"`,
  'variables that never end': `Resources: {R: {Type: T, Properties: {a: !Sub "${'${'.repeat(many)}"}}}`,
};

/** The densest texts of 20 KB, which cost most for each character. */
const dense: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ...['a,', '[],', '"",', '!a b,', '!Ref A,', '*b ,', '{a},', '#\n'].map((unit) => ({
      open: 'b: &b 1\na: [',
      unit,
      close: 'x]',
    })),
    ...['-\n', '- a\n', '? a\n', 'a:\n', '- - a\n', '- !Ref A\n', '- "a"\n', '- |\n', '- a: b\n'].map((unit) => ({
      open: '',
      unit,
      close: '',
    })),
  ].map(({ open, unit, close }) => [
    `20 KB of ${JSON.stringify(unit)}`,
    open + unit.repeat(Math.floor(20_000 / unit.length)) + close,
  ]),
);

describe.each(Object.entries({ ...hostile, ...dense }))('%s', (_, text) => {
  test.each(Object.entries(parsers))('are refused or read by the parser of: %s', (__, read) => {
    // Clocks decide only in `npm run fuzz`: 50 ms of a processor, and half as much for neighbours. Everywhere else an endless loop must fail.
    expect(shortestMilliseconds(() => survive(read, text), 50)).toBeLessThan(fuzzing ? 75 : 2000);
  });
});

const example = (name: string) => readFileSync(new URL(`../../../examples/orders/${name}`, import.meta.url), 'utf8');
const seeds = [
  example('template.yaml'),
  example('buildspec.yml'),
  ...[...templateCases, ...buildspecCases, ...appspecCases].map(({ text }) => text),
];
const pieces = [
  ...[
    '[',
    ']',
    '{',
    '}',
    ',',
    ': ',
    '\n',
    '\n  ',
    '- ',
    '? ',
    '&a ',
    '*a',
    '!Ref ',
    '!!str ',
    '"',
    "'",
    '|',
    '>',
    '---',
    '#',
  ],
  ...[
    '\t',
    '\0',
    '\r',
    '\u2028',
    '<<: ',
    '${',
    'Fn::ForEach::A',
    'Fn::If',
    '1e999',
    '.inf',
    '~',
    '{{resolve:ssm:',
    '__proto__',
  ],
];
test.each(Object.entries(parsers))(
  'no broken text crashes the parser of: %s',
  (_, read) => {
    fc.assert(
      fc.property(broken(seeds, pieces), (text) => survive(read, text)),
      { numRuns: runs(20, 40) },
    );
  },
  3_600_000,
);

const functionNames = ['Ref', 'Fn::GetAtt', 'Fn::Sub', 'Fn::Join', 'Fn::Select', 'Fn::Split', 'Fn::If', 'Fn::Cidr'];
const moreNames = ['Fn::FindInMap', 'Fn::Base64', 'Fn::GetAZs', 'Fn::Length', 'Fn::ToJsonString', 'Fn::ForEach::L'];
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('IsProd', 'Stage', 'Zones', 'Queue', 'Arn', '10.0.0.0/8', '${A}-&{A}', '{{resolve:ssm:/a}}', 'A'),
    fc.constantFrom(0, -1, 1e21, true, ''),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', '__proto__', 'constructor', 'Condition', '${A}'), tie('value'), { maxKeys: 2 }),
    fc
      .tuple(fc.constantFrom(...functionNames, ...moreNames), tie('value'))
      .map(([name, argument]) => ({ [name]: argument })),
  ),
}));

test('no combination of intrinsic functions crashes', () => {
  fc.assert(
    fc.property(value, (properties) => {
      const template = {
        Transform: 'AWS::LanguageExtensions',
        Resources: { R: { Type: 'T', Properties: { p: properties } }, Queue: { Type: 'AWS::SQS::Queue' } },
      };

      survive(parsers['template'] ?? String, JSON.stringify(template));
      survive(() => resolve(properties, scope), '');
    }),
    { numRuns: runs(20, 200) },
  );
}, 3_600_000);

test('what is too dense to be read quickly is refused by a stated limit', () => {
  const list = (entries: number) => `Resources: {R: {Type: T, Properties: {a: [${'x,'.repeat(entries)}x]}}}`;

  expect(() => parseTemplate(list(2499))).not.toThrow();
  expect(() => parseTemplate(list(2501))).toThrow('lists and mappings in brackets hold more than 2500 entries');
  expect(() => parseBuildspec('? a\n'.repeat(1001))).toThrow('more than 1000 keys are written with a question mark');
});
