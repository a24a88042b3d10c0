import { expect, inject, test } from 'vitest';
import { diff } from '../../cli/commands/diff.ts';
import { code } from '../../cli/render/difference.ts';
import { changedAssembly, hostile, propertiesOf, said, steering } from './static-verbs.ts';

test('nothing changes between equal templates', () => {
  expect(said(() => diff(inject('assembly'), inject('assembly'), {}))).toEqual({
    code: 0,
    text: 'Nothing changes in routes, in who can start what, or in dead letters.',
  });
});

test('a wider pattern, a new starter, a broken route and lost dead letters are told', () => {
  const changed = changedAssembly('mergecast-prod', (resources) => {
    const rule = propertiesOf(resources, 'AWS::Events::Rule', 'Intake') as {
      EventPattern: { detail: Record<string, unknown> };
      Targets: Record<string, unknown>[];
    };
    rule.EventPattern.detail['branch'] = ['prod', hostile];
    delete rule.Targets[0]?.['DeadLetterConfig'];
    const { Statement } = propertiesOf(resources, 'AWS::IAM::Policy', 'Reporting')['PolicyDocument'] as {
      Statement: object[];
    };
    Statement.push({ Sid: hostile, Effect: 'Allow', Action: 'codepipeline:StartPipelineExecution', Resource: '*' });
    for (const [id, { Type }] of Object.entries(resources))
      if (Type === 'AWS::Lambda::Permission') delete resources[id];
  });

  const { code: exit, text } = said(() => diff(inject('assembly'), changed, {}));

  expect(exit).toBe(1);
  expect(text).toMatch(
    /#### Routes: 1\n\n- \*\*changed\*\* `orders prod → orders-prod`\n {2}- was `mergecast-merges .*\n {2}- is `broken: rule start may not invoke/,
  );
  expect(text).toContain(
    '- **new** `orders-prod: arn:aws:iam::444444444444:role/mergecast/prod/mergecast-prod-reporter may codepipeline:StartPipelineExecution',
  );
  expect(text).toContain(
    '- **gone** `orders-prod: arn:aws:events:eu-west-1:444444444444:rule/mergecast-prod/start invokes',
  );
  expect(text).toMatch(/#### Dead letters: 1\n\n- \*\*changed\*\* `rule start \(444444444444\)/);
  expect(text).not.toMatch(steering);
});

test('no text ends its code span', () => {
  for (const text of ['`', '``', 'a`b', '` `', '', ' a ', 'x```y``', '@you #1 <img src=x>', 'a\nb'])
    expect(code(text)).toMatch(/^(`+)(?!`)[^\n]*(?<!`)\1$/);
  expect(code('a``b')).toBe('```a``b```');
  expect(code('`')).toBe('`` ` ``');
});
