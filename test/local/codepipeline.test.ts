import { describe, expect, test } from 'vitest';
import { approval, ready, twoApprovals } from './codepipeline-world.ts';

describe('an execution', () => {
  test('that is started without a commit takes the head, and one that is pinned takes its commit', async () => {
    const { start, commit, head, executions, reached, answer, ended } = await ready();
    await commit('two');
    const pinned = await start({
      sourceRevisions: [{ actionName: 'Source', revisionType: 'COMMIT_ID', revisionValue: head }],
    });
    await reached(pinned, 'First');
    await answer('First', 'Rejected');
    await ended(pinned);
    const newest = await commit('three');
    const free = await start();
    await reached(free, 'First');

    expect((await executions()).slice(0, 2).map(({ sourceRevisions }) => sourceRevisions?.[0]?.revisionId)).toEqual([
      newest,
      head,
    ]);
  });

  test('runs through its stages and succeeds', async () => {
    const { start, reached, answer, ended, status, state } = await ready();
    const id = await start();

    await reached(id, 'First');
    await answer('First', 'Approved');
    await reached(id, 'Second');
    await answer('Second', 'Approved');
    await ended(id);

    expect(await status(id)).toBe('Succeeded');
    expect((await state()).map(({ latestExecution }) => latestExecution)).toMatchObject(
      [1, 2, 3].map(() => ({ pipelineExecutionId: id, status: 'Succeeded' })),
    );
  });

  test('that fails names the action and its reason in the list', async () => {
    const { executions } = await ready();

    expect((await executions())[0]).toMatchObject({
      status: 'Failed',
      statusSummary: 'First/Ask: Rejected by arn:aws:iam::222222222222:user/administrator: said the test',
      trigger: { triggerType: 'CreatePipeline' },
    });
  });

  test('carries variables, with the defaults of the pipeline', async () => {
    const {
      start,
      client: _client,
      reached,
      executions: _executions,
      ...flow
    } = await ready(twoApprovals, {
      Variables: [
        { Name: 'stage', DefaultValue: 'none' },
        { Name: 'who', DefaultValue: 'nobody' },
      ],
    });
    const id = await start({ variables: [{ name: 'stage', value: 'prod' }] });
    await reached(id, 'First');

    await expect(start({ variables: [{ name: 'other', value: 'x' }] })).rejects.toThrow(
      "Variable 'other' is not declared",
    );
    const started = flow.told().find(({ detail }) => detail['execution-id'] === id && detail['state'] === 'STARTED');
    expect(started?.detail).toMatchObject({
      pipeline: 'orders',
      'execution-trigger': { 'trigger-type': 'StartPipelineExecution' },
    });
  });
});

describe('an approval', () => {
  test('takes one answer, with the right token', async () => {
    const { start, reached, answer, ended, token } = await ready();
    const id = await start();
    await reached(id, 'First');
    const given = await token('First');
    await expect(answer('First', 'Approved', 'forged', 'not-the-token')).rejects.toMatchObject({
      name: 'InvalidApprovalTokenException',
    });
    await answer('First', 'Rejected');
    await ended(id);

    await expect(answer('First', 'Approved', 'again', given)).rejects.toMatchObject({
      name: 'ApprovalAlreadyCompletedException',
    });
  });

  test('that nobody answers fails after its time-out', async () => {
    const stages = [
      twoApprovals[0],
      { Name: 'First', Actions: [approval('Ask', { TimeoutInMinutes: 5 })] },
    ] as object[];
    const { start, reached, status, world } = await ready(stages);
    const id = await start();
    await reached(id, 'First');

    await world.clock.advance(5 * 60_000);

    await expect.poll(() => status(id)).toBe('Failed');
  });
});
