import { expect, test } from 'vitest';
import { dependencyOrder } from '../../../languages/template/dependency-order.ts';
import { expandLoops } from '../../../languages/template/expand-loops.ts';
import { parseTemplate } from '../../../languages/template/parse.ts';
import { resolve } from '../../../languages/template/resolve.ts';
import { scope } from './a-scope.ts';

const header = 'Transform: AWS::LanguageExtensions\nParameters: { Zones: { Type: CommaDelimitedList } }\n';
const parse = (text: string) => parseTemplate(header + text, 'template.yaml');

/** The first example of the reference page of Fn::ForEach. */
test('a literal collection makes a resource for each of its values', () => {
  const template = parse(`
Resources:
  Fn::ForEach::Topics:
    - TopicName
    - [Success, Failure, Timeout]
    - SnsTopic\${TopicName}:
        Type: AWS::SNS::Topic
        Properties:
          TopicName: !Sub '\${TopicName}.\${AWS::Region}'
          Display: !Ref TopicName
`);

  expect(Object.keys(template.resources)).toEqual(['SnsTopicSuccess', 'SnsTopicFailure', 'SnsTopicTimeout']);
  expect(resolve(template.resources['SnsTopicFailure']?.properties, scope)).toEqual({
    TopicName: 'Failure.eu-west-1',
    Display: 'Failure',
  });
});

test('a collection that is a parameter is expanded once its value is known', () => {
  const template = parse(`
Resources:
  Fixed: { Type: AWS::SQS::Queue }
  Fn::ForEach::Zones:
    - Zone
    - !Ref Zones
    - Queue&{Zone}: { Type: AWS::SQS::Queue, DependsOn: Fixed, Properties: { QueueName: !Sub 'q-\${Zone}' } }
Outputs:
  Fn::ForEach::Out:
    - Zone
    - [!Ref Zones, extra]
    - Url&{Zone}: { Value: !Ref Fixed }
`);
  expect(Object.keys(template.resources)).toEqual(['Fixed']);

  const expanded = expandLoops(template, { Zones: ['eu-1', 'eu-2'] });

  expect(dependencyOrder(expanded)).toEqual(['Fixed', 'Queueeu1', 'Queueeu2']);
  expect(expanded.resources['Queueeu2']?.properties).toEqual({ QueueName: { 'Fn::Sub': 'q-eu-2' } });
  expect(Object.keys(expanded.outputs)).toEqual(['Urleu1', 'Urleu2', 'Urlextra']);
});

test('loops nest, and stand in properties and conditions too', () => {
  const template = parse(`
Conditions:
  Fn::ForEach::Conditions:
    - Stage
    - [Dev, Prod]
    - Is\${Stage}: !Equals [!Ref Stage, Prod]
Resources:
  Fn::ForEach::Outer:
    - Stage
    - [Dev, Prod]
    - Fn::ForEach::Inner:
        - Kind
        - [A, B]
        - Queue\${Stage}\${Kind}:
            Type: AWS::SQS::Queue
            Condition: Is\${Stage}
            Properties:
              Fn::ForEach::Properties:
                - Name
                - [One, Two]
                - \${Name}: !Ref Kind
`);

  expect(Object.keys(template.resources)).toEqual(['QueueDevA', 'QueueDevB', 'QueueProdA', 'QueueProdB']);
  expect(template.resources['QueueProdB']).toMatchObject({
    condition: 'IsProd',
    properties: { One: 'B', Two: 'B' },
  });
  expect(template.conditions).toEqual({
    IsDev: { 'Fn::Equals': ['Dev', 'Prod'] },
    IsProd: { 'Fn::Equals': ['Prod', 'Prod'] },
  });
});

test('a template without loops is returned as it is', () => {
  const template = parse('Resources: { Q: { Type: AWS::SQS::Queue } }');

  expect(expandLoops(template, {})).toBe(template);
});

const loop = (inside: string) => `Resources:\n  Fn::ForEach::L: ${inside}\n`;
const queue = '{ "Q${X}": { Type: AWS::SQS::Queue } }';

test.each([
  ['two elements', loop('[X, [a]]'), 'needs three elements'],
  ['an identifier that is none', loop(`[X-Y, [a], ${queue}]`), 'the identifier must be alphanumeric'],
  ['a collection that is a text', loop(`[X, a, ${queue}]`), 'the collection must be a list or the Ref of a parameter'],
  [
    'a collection that is another function',
    loop(`[X, !GetAZs '', ${queue}]`),
    'the collection must be a list or the Ref',
  ],
  ['a fragment that is a list', loop('[X, [a], [b]]'), 'the fragment to repeat must be an object'],
  ['a key that comes twice', loop('[X, [a, b], { Q: { Type: AWS::SQS::Queue } }]'), "yields the key 'Q' twice"],
  [
    'a key with other characters',
    loop('[X, [a-b], { "Q${X}": { Type: AWS::SQS::Queue } }]'),
    'Resource name Qa-b is non alphanumeric',
  ],
  [
    '1,001 values',
    loop(
      `[X, [${Array.from({ length: 1001 }, (_, index) => index)
        .map((n) => `a${n}`)
        .join(', ')}], ${queue}]`,
    ),
    'makes more than 1000 entries',
  ],
  [
    'an identifier within a loop of the same one',
    loop(`[X, [a], { Fn::ForEach::M: [X, [b], ${queue}] }]`),
    'the identifier X is in use already',
  ],
])('a loop is refused: %s', (_, text, error) => {
  expect(() => parse(text)).toThrow(error);
});

test('a collection that refers to no parameter is refused', () => {
  expect(() => expandLoops(parse(`${loop(`[X, !Ref Nothing, ${queue}]`)}`), {})).toThrow(
    'the collection refers to Nothing, which is no parameter',
  );
});

test('loops within loops cannot grow a template without end', () => {
  const values = `[${Array.from({ length: 50 }, (_, index) => `v${index}`).join(', ')}]`;
  const nested = (depth: number, inner: string): string =>
    depth === 0 ? inner : `{ "Fn::ForEach::L${depth}": [X${depth}, ${values}, ${nested(depth - 1, inner)}] }`;
  const queue = '{ "Q${X1}${X2}${X3}${X4}": { Type: AWS::SQS::Queue } }';
  const inProperties = `{ Q: { Type: T, Properties: ${nested(1, `{ "P\${X1}": ${nested(2, '{ "R${X1}${X2}": 1 }').replaceAll('X', 'Y')} }`)} } }`;

  expect(() => parse(`Resources: ${nested(4, queue)}\n`)).toThrow('makes more than 1000 entries');
  expect(() => parse(`Resources: ${inProperties}\n`)).toThrow('makes more than 1000 entries');
});
