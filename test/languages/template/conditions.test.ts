import { expect, test } from 'vitest';
import { evaluateConditions } from '../../../languages/template/conditions.ts';
import { parseTemplate } from '../../../languages/template/parse.ts';
import { checkRules } from '../../../languages/template/rules.ts';
import { pseudo } from './a-scope.ts';

const resources = 'Resources: { Q: { Type: AWS::SQS::Queue } }\n';
const evaluate = (conditions: string, parameters: Record<string, unknown> = {}) =>
  evaluateConditions(parseTemplate(`${resources}Conditions:\n${conditions}`), { parameters, pseudo });

test('conditions name each other in any order', () => {
  const conditions = `
  IsProdInEurope: !And [!Condition IsProd, !Condition InEurope]
  IsProd: !Equals [!Ref Stage, prod]
  InEurope: !Equals [!Select [0, !Split ['-', !Ref AWS::Region]], eu]
  IsNeither: !Not [!Or [!Condition IsProd, !Condition InEurope]]
`;

  expect(evaluate(conditions, { Stage: 'prod' })).toEqual({
    IsProdInEurope: true,
    IsProd: true,
    InEurope: true,
    IsNeither: false,
  });
});

test('a number in the template equals the text of a parameter', () => {
  expect(evaluate('  IsThree: !Equals [!Ref Size, 3]\n', { Size: '3' })).toEqual({ IsThree: true });
});

test('texts are equal only in the same letter case', () => {
  expect(evaluate('  Same: !Equals [Prod, prod]\n')).toEqual({ Same: false });
});

test('mappings may be asked', () => {
  const template = parseTemplate(
    `${resources}Mappings: { M: { eu-west-1: { Big: yes } } }\nConditions: { Big: !Equals [!FindInMap [M, !Ref AWS::Region, Big], true] }`,
  );

  expect(evaluateConditions(template, { parameters: {}, pseudo })).toEqual({ Big: true });
});

test('a circle of conditions is named', () => {
  const circle = '  A: !Not [!Condition B]\n  B: !Not [!Condition C]\n  C: !Not [!Condition B]\n';

  expect(() => evaluate(circle)).toThrow('Circular dependencies for condition B: B → C → B');
});

test.each([
  [
    'a resource',
    '  A: !Equals [!Ref Q, x]\n',
    'Unresolved dependencies [Q]. Cannot reference resources in the Conditions block of the template',
  ],
  ['an unknown condition', '  A: !Condition B\n', 'Unresolved condition dependency B in the Conditions block'],
  ['a text', '  A: prod\n', 'every condition must be true or false, not "prod"'],
  ['one element of Equals', '  A: !Equals [a]\n', 'every Fn::Equals object requires a list of 2 string parameters.'],
  ['one element of And', '  A: !And [!Equals [a, a]]\n', 'at least 2 and at most 10'],
  ['eleven elements of Or', `  A: !Or [${Array(11).fill('!Equals [a, a]').join(', ')}]\n`, 'at least 2 and at most 10'],
  ['two elements of Not', '  A: !Not [!Equals [a, a], !Equals [a, a]]\n', 'every Fn::Not object requires a list of 1'],
  ['a text inside And', '  A: !And [prod, !Equals [a, a]]\n', 'a condition is true or false, not "prod"'],
])('a condition on %s is refused', (_, conditions, error) => {
  expect(() => evaluate(conditions)).toThrow(error);
});

/** CDK writes this rule into every stack. */
const bootstrapRule = {
  CheckBootstrapVersion: {
    Assertions: [
      {
        Assert: { 'Fn::Not': [{ 'Fn::Contains': [['1', '2', '3', '4', '5'], { Ref: 'BootstrapVersion' }] }] },
        AssertDescription: "CDK bootstrap stack version 6 required. Please run 'cdk bootstrap'.",
      },
    ],
  },
};
const withRules = (rules: object) =>
  parseTemplate(JSON.stringify({ Rules: rules, Resources: { Q: { Type: 'AWS::SQS::Queue' } } }));

test("CDK's rule on the bootstrap version holds, or its description says what to do", () => {
  const template = withRules(bootstrapRule);

  expect(() => checkRules(template, { parameters: { BootstrapVersion: '21' }, pseudo })).not.toThrow();
  expect(() => checkRules(template, { parameters: { BootstrapVersion: '5' }, pseudo })).toThrow(
    /ParametersInvalid: .*CDK bootstrap stack version 6 required/,
  );
});

test('a rule whose condition is false does not apply', () => {
  const assertions = [{ Assert: { 'Fn::EachMemberIn': [{ Ref: 'Zones' }, ['a', 'b']] } }];
  const onlyInProd = withRules({
    R: { RuleCondition: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] }, Assertions: assertions },
  });
  const check = (Stage: string) => () => checkRules(onlyInProd, { parameters: { Stage, Zones: ['a', 'z'] }, pseudo });

  expect(check('dev')).not.toThrow();
  expect(check('prod')).toThrow('rule R does not hold');
});

test('every member of a list may be asked for one value', () => {
  const same = withRules({ R: { Assertions: [{ Assert: { 'Fn::EachMemberEquals': [{ Ref: 'Zones' }, 'a'] } }] } });
  const check = (Zones: string[]) => () => checkRules(same, { parameters: { Zones }, pseudo });

  expect(check(['a', 'a'])).not.toThrow();
  expect(check(['a', 'b'])).toThrow('rule R does not hold');
});
