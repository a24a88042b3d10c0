import {
  ListRuleExecutionsCommand,
  OverrideStageConditionCommand,
  StopPipelineExecutionCommand,
} from '@aws-sdk/client-codepipeline';
import { describe, expect, test } from 'vitest';
import { approval, codepipelineWorld, source } from './codepipeline-world.ts';

const check = (Value: string, Operator = 'EQ') => ({
  Name: 'Check',
  RuleTypeId: { Category: 'Rule', Owner: 'AWS', Provider: 'VariableCheck', Version: '1' },
  Configuration: { Variable: '#{variables.gate}', Value, Operator },
});

/** A pipeline whose second stage begins under a condition; answers its run at creation. */
async function guarded(stage: object, gate: string) {
  const flow = await codepipelineWorld();
  await flow.commit('one');
  const outcome = await flow.pipeline(
    [
      { Name: 'Source', Actions: [source()] },
      { Name: 'First', Actions: [approval('Ask')], ...stage },
    ],
    { Variables: [{ Name: 'gate', DefaultValue: gate }] },
  );
  expect(outcome).toMatchObject({ failed: false });
  const [{ pipelineExecutionId: id = '' } = {}] = await flow.executions();
  return { ...flow, id };
}

// Source: the CodePipeline page on stage conditions (facts 3.5).
describe('a condition before a stage', () => {
  const before = (Result: string, ...Rules: readonly object[]) => ({
    BeforeEntry: { Conditions: [{ Result, Rules }] },
  });

  test('that holds lets the execution in', async () => {
    const { id, reached } = await guarded(before('FAIL', check('open')), 'open');

    await reached(id, 'First');
  });

  test('that does not hold fails the stage, says which rule, and can be overridden', async () => {
    const { id, ended, status, client, reached } = await guarded(before('FAIL', check('open')), 'shut');
    await ended(id);
    expect(await status(id)).toBe('Failed');
    const { ruleExecutionDetails } = await client.send(new ListRuleExecutionsCommand({ pipelineName: 'orders' }));
    expect(ruleExecutionDetails).toMatchObject([{ ruleName: 'Check', stageName: 'First', status: 'Failed' }]);

    await client.send(
      new OverrideStageConditionCommand({
        pipelineName: 'orders',
        stageName: 'First',
        pipelineExecutionId: id,
        conditionType: 'BEFORE_ENTRY',
      }),
    );

    await reached(id, 'First');
  });

  test('with the result SKIP passes over the stage', async () => {
    const { id, ended, status, state } = await guarded(before('SKIP', check('open')), 'shut');
    await ended(id);

    expect(await status(id)).toBe('Succeeded');
    expect((await state())[1]?.latestExecution?.status).toBe('Skipped');
  });

  test.each([
    ['EQ', 'open', 'open', true],
    ['NE', 'open', 'shut', true],
    ['CONTAINS', 'pe', 'open', true],
    ['MATCHES', 'o.*n', 'open', true],
    ['MATCHES', 'o.*n', 'opened', false],
  ])('VariableCheck %s %s of %s: %s', async (operator, value, gate, holds) => {
    const { id, reached, ended, status } = await guarded(before('FAIL', check(value, operator)), gate);

    await (holds ? reached(id, 'First') : ended(id));

    expect(await status(id)).toBe(holds ? 'InProgress' : 'Failed');
  });

  test('of a provider that is not played is refused by name', async () => {
    const { pipeline } = await codepipelineWorld();
    const rule = { ...check('x'), RuleTypeId: { Category: 'Rule', Owner: 'AWS', Provider: 'Oracle', Version: '1' } };

    expect(
      await pipeline([
        { Name: 'Source', Actions: [source()] },
        { Name: 'First', Actions: [approval('Ask')], ...before('FAIL', rule) },
      ]),
    ).toMatchObject({ failed: true, reason: expect.stringContaining('Oracle') as string });
  });
});

test('a stage that failed is run again by itself, once, when it says so', async () => {
  const retry = { OnFailure: { Result: 'RETRY', RetryConfiguration: { RetryMode: 'ALL_ACTIONS' } } };
  const { id, reached, answer, ended, status, token } = await guarded(retry, 'open');
  await reached(id, 'First');
  const first = await token('First');
  await answer('First', 'Rejected');
  await expect.poll(async () => (await token('First')) !== first && (await token('First')) !== undefined).toBe(true);
  await answer('First', 'Rejected');
  await ended(id);

  expect(await status(id)).toBe('Failed');
});

test('somebody who stops an execution is not overruled by its automatic retry', async () => {
  const retry = { OnFailure: { Result: 'RETRY', RetryConfiguration: { RetryMode: 'ALL_ACTIONS' } } };
  const { id, reached, answer, ended, status, client } = await guarded(retry, 'open');
  await reached(id, 'First');
  await client.send(
    new StopPipelineExecutionCommand({ pipelineName: 'orders', pipelineExecutionId: id, reason: 'enough' }),
  );
  await answer('First', 'Rejected');
  await ended(id);

  expect(await status(id)).not.toBe('InProgress');
  expect(await status(id)).not.toBe('Stopping');
});

const never = {
  Name: 'Never',
  RuleTypeId: { Category: 'Rule', Owner: 'AWS', Provider: 'DeploymentWindow', Version: '1' },
  Configuration: { Cron: '0 0 9-17 ? * MON-FRI *' },
};

// Source: facts 3.3 and 3.5.
test.each([
  [
    'ROLLBACK in PARALLEL mode',
    { OnFailure: { Result: 'ROLLBACK' } },
    { ExecutionMode: 'PARALLEL' },
    'ROLLBACK is not available in PARALLEL mode',
  ],
  [
    'SKIP by a deployment window',
    { BeforeEntry: { Conditions: [{ Result: 'SKIP', Rules: [never] }] } },
    {},
    'and not of DeploymentWindow',
  ],
  [
    'automatic retry with conditions',
    {
      OnFailure: {
        Result: 'RETRY',
        RetryConfiguration: { RetryMode: 'ALL_ACTIONS' },
        Conditions: [{ Result: 'ROLLBACK', Rules: [check('x')] }],
      },
    },
    { Variables: [{ Name: 'gate', DefaultValue: 'x' }] },
    'cannot be combined with conditions',
  ],
])('%s is refused', async (_what, stage, more, reason) => {
  const { pipeline } = await codepipelineWorld();
  const stages = [
    { Name: 'Source', Actions: [source()] },
    { Name: 'First', Actions: [approval('Ask')], ...stage },
  ];

  expect(await pipeline(stages, more)).toMatchObject({
    failed: true,
    reason: expect.stringContaining(reason) as string,
  });
});
