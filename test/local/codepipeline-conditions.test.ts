import { ListRuleExecutionsCommand, OverrideStageConditionCommand } from '@aws-sdk/client-codepipeline';
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
    const rule = { ...check('x'), RuleTypeId: { Category: 'Rule', Owner: 'AWS', Provider: 'Commands', Version: '1' } };

    expect(
      await pipeline([
        { Name: 'Source', Actions: [source()] },
        { Name: 'First', Actions: [approval('Ask')], ...before('FAIL', rule) },
      ]),
    ).toMatchObject({ failed: true, reason: expect.stringContaining('Commands') as string });
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
