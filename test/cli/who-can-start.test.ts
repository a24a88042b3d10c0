import { expect, inject, test } from 'vitest';
import { whoCanStartVerb } from '../../cli/commands/who-can-start.ts';
import { changedAssembly, hostile, propertiesOf, said, steering } from './static-verbs.ts';

test('the chain from CodeCommit to the pipeline is told, with a statement at each step', () => {
  const { code, text } = said(() => whoCanStartVerb('orders-prod', { assembly: inject('assembly') }));

  expect(code).toBe(0);
  const steps = [
    'role/mergecast/prod/mergecast-prod-starter may codepipeline:StartPipelineExecution orders-prod',
    'function:mergecast-prod-start-pipeline acts as mergecast-prod-starter',
    'rule/mergecast-prod/start invokes mergecast-prod-start-pipeline',
    'role/mergecast/mergecast-forward-prod may put events on',
    'rule/mergecast/forward-prod acts as mergecast-forward-prod',
    'rule/mergecast-merges invokes mergecast-announce-merge',
    'CodeCommit of account 111111111111 tells of every branch that moves',
    'schedule/mergecast-prod/mergecast-prod-sweep acts as mergecast-prod-sweeper',
  ];
  const places = steps.map((step) => text.indexOf(step));
  expect(places).toEqual([...places].sort((one, other) => one - other));
  expect(places).not.toContain(-1);
  expect(text).toContain('no role of these templates');
});

test('who could rewrite a rule on the way is named with the statement', () => {
  const assembly = changedAssembly('mergecast-prod', (resources) => {
    const { Statement } = propertiesOf(resources, 'AWS::IAM::Policy', 'Reporting')['PolicyDocument'] as {
      Statement: object[];
    };
    Statement.push({
      Sid: 'Rewrite',
      Effect: 'Allow',
      Action: ['events:Put*', 'lambda:UpdateFunctionCode'],
      Resource: '*',
    });
  });

  const [starters] = JSON.parse(said(() => whoCanStartVerb('orders-prod', { assembly, json: true })).text) as readonly {
    changers: unknown;
  }[];

  expect(starters?.changers).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        actions: ['events:PutRule', 'events:PutTargets'],
        on: 'arn:aws:events:eu-west-1:444444444444:rule/mergecast-prod/start',
      }),
      expect.objectContaining({
        actions: ['lambda:UpdateFunctionCode'],
        by: [expect.stringContaining('statement Rewrite') as string],
      }),
    ]),
  );
});

test('a role that people of the account may take, and a polling source, are among the starters', () => {
  const assembly = changedAssembly('mergecast-prod', (resources) => {
    resources['Operator'] = {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: `operator${'x'.repeat(3)}`,
        AssumeRolePolicyDocument: {
          Statement: { Sid: hostile, Effect: 'Allow', Principal: { AWS: '444444444444' }, Action: 'sts:AssumeRole' },
        },
        Policies: [
          {
            PolicyName: hostile,
            PolicyDocument: { Statement: { Effect: 'Allow', Action: 'codepipeline:*', Resource: '*' } },
          },
        ],
      },
    };
    const stages = propertiesOf(resources, 'AWS::CodePipeline::Pipeline', 'Pipeline')['Stages'] as {
      Actions: { Configuration: Record<string, unknown> }[];
    }[];
    Object.assign(stages[0]?.Actions[0]?.Configuration ?? {}, { PollForSourceChanges: true });
  });

  const { text } = said(() => whoCanStartVerb('orders-prod', { assembly }));

  expect(text).toContain('role/operatorxxx may codepipeline:StartPipelineExecution orders-prod');
  expect(text).toContain('anyone of account 444444444444, as arn:aws:iam::444444444444:role/');
  expect(text).toContain('looks by itself whether prod of orders moved');
  expect(text).not.toMatch(steering);
});

test('a pipeline that is not there is answered with those that are', () => {
  expect(() => whoCanStartVerb('nothing', { assembly: inject('assembly') })).toThrow(
    /has a pipeline nothing \(it has orders-dev/,
  );
});
