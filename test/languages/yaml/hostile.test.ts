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

/** The shortest of several runs, so that a busy machine is not taken for a slow parser. */
function shortestMilliseconds(run: () => void, enough: number): number {
  let shortest = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < 6 && shortest > enough; tries++) {
    const start = performance.now();
    run();
    shortest = Math.min(shortest, performance.now() - start);
  }
  return shortest;
}

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

describe.each(Object.entries(hostile))('%s', (_, text) => {
  test.each(Object.entries(parsers))('are refused or read by the parser of: %s', (__, read) => {
    // Far above the target of 50 ms: a busy machine must not fail it, an endless loop must.
    expect(shortestMilliseconds(() => survive(read, text), 50)).toBeLessThan(2000);
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
const place = fc.double({ min: 0, max: 1, noNaN: true });
const change = fc.oneof(
  fc.record({ at: place, insert: fc.constantFrom(...pieces), times: fc.integer({ min: 1, max: 50 }) }),
  fc.record({ at: place, remove: fc.integer({ min: 1, max: 20 }) }),
);

function apply(text: string, edit: { at: number; insert?: string; times?: number; remove?: number }): string {
  const at = Math.floor(edit.at * text.length);
  return text.slice(0, at) + (edit.insert ?? '').repeat(edit.times ?? 0) + text.slice(at + (edit.remove ?? 0));
}

test.each(Object.entries(parsers))('no broken text crashes the parser of: %s', (_, read) => {
  fc.assert(
    fc.property(fc.constantFrom(...seeds), fc.array(change, { minLength: 1, maxLength: 3 }), (text, changes) => {
      survive(
        read,
        changes.reduce((changed, edit) => apply(changed, edit), text),
      );
    }),
    { numRuns: 100 },
  );
});

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
    { numRuns: 500 },
  );
});
