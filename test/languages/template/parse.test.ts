import { describe, expect, test } from 'vitest';
import { parseTemplate } from '../../../languages/template/parse.ts';
import cases from '../../cases/template-refusals.json' with { type: 'json' };

interface Case {
  readonly name: string;
  readonly text: string;
  readonly error: string;
  /** `<line>:<column>`, where the case is about it. */
  readonly place?: string;
}

describe('the table of templates that are refused', () => {
  test.each(cases as readonly Case[])('$name', ({ text, error, place }) => {
    const parsing = () => parseTemplate(text, 'template.yaml');

    expect(parsing).toThrow(error);
    expect(parsing).toThrow(new RegExp(`^TemplateInvalid: template\\.yaml:${place ?? '\\d+:\\d+'}: `));
  });
});

const yaml = `
AWSTemplateFormatVersion: 2010-09-09
Parameters:
  Account: { Type: String, Default: 012345678901 }
Resources:
  Queue:
    Type: AWS::SQS::Queue
    DependsOn: Topic
    DeletionPolicy: Retain
    Properties:
      QueueName: !Sub '\${AWS::StackName}-queue'
      Tags:
        - { Key: a, Value: !If [IsProd, !GetAtt Topic.TopicName, !Ref AWS::NoValue] }
        - { Key: b, Value: !Join ['', [!Select [0, !GetAZs ''], !FindInMap [M, !Ref AWS::Region, x]]] }
      Mode: 0755
      Big: 123456789012345678901234567890
      On: yes
  Topic:
    Type: AWS::SNS::Topic
    Condition: IsProd
Conditions:
  IsProd: !And [!Equals [!Ref Account, '1'], !Not [!Condition Other]]
  Other: !Or [!Equals [a, b], !Equals [c, d]]
Mappings:
  M: { eu-west-1: { x: '1' } }
Outputs:
  Arn: { Value: !GetAtt [Queue, Arn], Export: { Name: !Sub '\${AWS::StackName}-arn' } }
`;

test('every short form of YAML is written out', () => {
  const { resources, conditions, outputs } = parseTemplate(yaml);

  expect(resources['Queue']?.properties).toMatchObject({
    QueueName: { 'Fn::Sub': '${AWS::StackName}-queue' },
    Tags: [
      { Key: 'a', Value: { 'Fn::If': ['IsProd', { 'Fn::GetAtt': 'Topic.TopicName' }, { Ref: 'AWS::NoValue' }] } },
      {
        Key: 'b',
        Value: {
          'Fn::Join': [
            '',
            [{ 'Fn::Select': [0, { 'Fn::GetAZs': '' }] }, { 'Fn::FindInMap': ['M', { Ref: 'AWS::Region' }, 'x'] }],
          ],
        },
      },
    ],
  });
  expect(conditions['IsProd']).toEqual({
    'Fn::And': [{ 'Fn::Equals': [{ Ref: 'Account' }, '1'] }, { 'Fn::Not': [{ Condition: 'Other' }] }],
  });
  expect(outputs['Arn']).toMatchObject({ value: { 'Fn::GetAtt': ['Queue', 'Arn'] } });
});

test('scalars are those of YAML 1.1, but no digit of an account id or a large number is lost', () => {
  const { parameters, resources } = parseTemplate(yaml);

  expect(parameters['Account']?.default).toBe('012345678901');
  expect(resources['Queue']?.properties).toMatchObject({
    Mode: 0o755,
    Big: '123456789012345678901234567890',
    On: true,
  });
});

test('what stands beside the properties of a resource is read too', () => {
  const { resources } = parseTemplate(yaml);

  expect(resources['Queue']).toMatchObject({ dependsOn: ['Topic'], deletionPolicy: 'Retain' });
  expect(resources['Topic']).toMatchObject({ condition: 'IsProd', properties: {}, dependsOn: [] });
});

test('JSON and the YAML that says the same give the same template', () => {
  const { source } = parseTemplate(yaml);

  expect(parseTemplate(JSON.stringify(source)).source).toEqual(source);
});

test('of a key that stands twice the last counts, in YAML as in JSON', () => {
  const twice = (open: string): string => `${open}{"Resources": {"Q": {"Type": "A"}, "Q": {"Type": "B"}}}`;

  expect(parseTemplate(twice('')).resources['Q']?.type).toBe('B');
  expect(parseTemplate(twice('# YAML\n')).resources['Q']?.type).toBe('B');
  expect(() => parseTemplate('Resources:\n  Q: { Type: A }\n  Q:\n    Typ: B\n')).toThrow(':4:5: unknown key');
});

test('a mistake in JSON has its line and column as well', () => {
  const json = '{\n  "Resources": {\n    "Queue": {\n      "Typ": "AWS::SQS::Queue"\n    }\n  }\n}';

  expect(() => parseTemplate(json, 'stack.json')).toThrow(
    "stack.json:4:7: unknown key 'Typ' in Resources.Queue: did you mean 'Type'?",
  );
});

test('values that nest beyond all use are refused, in YAML and in JSON', () => {
  const deep = (open: string, close: string) =>
    `{"Resources": {"Q": {"Type": "T", "Properties": {"a": ${open.repeat(1000)}${close.repeat(1000)}}}}}`;

  expect(() => parseTemplate(deep('[', ']'))).toThrow('nested deeper than 100 levels');
  expect(() => parseTemplate(`# YAML\n${deep('[', ']')}`)).toThrow('nested deeper than 100 levels');
});

test('a template beyond a megabyte is refused', () => {
  expect(() => parseTemplate(' '.repeat(1_048_577))).toThrow('1048576 are allowed');
});

test.each([
  ['Parameters', { Type: 'String' }],
  ['Mappings', { a: { b: 'c' } }],
  ['Outputs', { Value: 'a' }],
])('a template of more than 200 entries in %s is refused', (section, entry) => {
  const entries = (count: number) =>
    JSON.stringify({
      Resources: { R: { Type: 'T' } },
      [section]: Object.fromEntries(Array.from({ length: count }, (_, index) => [`A${index}`, entry])),
    });

  expect(parseTemplate(entries(200)).resources).toHaveProperty('R');
  expect(() => parseTemplate(entries(201))).toThrow(
    `Number of ${section.toLowerCase()}, 201, is greater than maximum allowed, 200`,
  );
});

test('a description of more than a kilobyte is refused', () => {
  const described = (text: string) => JSON.stringify({ Description: text, Resources: { R: { Type: 'T' } } });

  expect(parseTemplate(described('é'.repeat(512))).description).toHaveLength(512);
  expect(() => parseTemplate(described('é'.repeat(513)))).toThrow("'Description' length is greater than 1024");
});

test('a template of more than 500 resources is refused', () => {
  const resources = Object.fromEntries(Array.from({ length: 501 }, (_, index) => [`R${index}`, { Type: 'T' }]));

  expect(() => parseTemplate(JSON.stringify({ Resources: resources }))).toThrow(
    '501, is greater than maximum allowed, 500',
  );
});
