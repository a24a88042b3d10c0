import {
  DisableStageTransitionCommand,
  EnableStageTransitionCommand,
  PutApprovalResultCommand,
  RetryStageExecutionCommand,
  RollbackStageCommand,
  StopPipelineExecutionCommand,
} from '@aws-sdk/client-codepipeline';
import { describe, expect, test } from 'vitest';
import { approval, codepipelineWorld, source, twoApprovals } from './codepipeline-world.ts';

/** A pipeline whose run at creation has ended, with one commit on main. */
async function ready(stages: readonly object[] = twoApprovals, more: object = {}) {
  const flow = await codepipelineWorld();
  const head = await flow.commit('one');
  expect(await flow.pipeline(stages, more)).toMatchObject({ failed: false });
  const [creation] = await flow.executions();
  await flow.reached(creation?.pipelineExecutionId ?? '', 'First');
  await flow.answer('First', 'Rejected');
  await flow.ended(creation?.pipelineExecutionId ?? '');
  return { ...flow, head };
}

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

describe('stages in turn', () => {
  test('SUPERSEDED: a newer execution takes the place of one that waits in front of a stage, never of one in it', async () => {
    const { start, reached, status, state, answer } = await ready();
    const [first, second, third] = [await start(), await start(), await start()];
    await reached(first, 'First');

    await expect.poll(() => status(second)).toBe('Superseded');
    await expect
      .poll(async () => (await state())[1]?.inboundExecutions?.map((each) => each.pipelineExecutionId))
      .toEqual([third]);
    expect(await status(third)).toBe('InProgress');
    await answer('First', 'Approved');
    await reached(third, 'First');
  });

  test('QUEUED: each waits for its turn, in order, and none is lost', async () => {
    const { start, reached, answer, status, state } = await ready(twoApprovals, { ExecutionMode: 'QUEUED' });
    const [first, second, third] = [await start(), await start(), await start()];
    await reached(first, 'First');
    await expect
      .poll(async () => (await state())[1]?.inboundExecutions?.map((each) => each.pipelineExecutionId))
      .toEqual([second, third]);

    await answer('First', 'Approved');
    await reached(second, 'First');
    await answer('First', 'Approved');
    await reached(third, 'First');

    expect(await status(second)).toBe('InProgress');
    expect((await state())[2]).toMatchObject({
      latestExecution: { pipelineExecutionId: first },
      inboundExecutions: [{ pipelineExecutionId: second }],
    });
  });

  test('QUEUED: fifty may run, and the next is refused', async () => {
    const { start, reached } = await ready(twoApprovals, { ExecutionMode: 'QUEUED' });
    const first = await start();
    for (let more = 1; more < 50; more++) await start();
    await reached(first, 'First');

    await expect(start()).rejects.toMatchObject({ name: 'ConcurrentPipelineExecutionsLimitExceededException' });
  });

  test('PARALLEL: nobody waits for anybody', async () => {
    const flow = await codepipelineWorld();
    await flow.commit('one');
    await flow.pipeline(twoApprovals, { ExecutionMode: 'PARALLEL' });
    const ids = [await flow.start(), await flow.start()];

    await expect
      .poll(() =>
        flow
          .told()
          .filter(
            ({ detail }) => detail['stage'] === 'First' && detail['action'] === 'Ask' && detail['state'] === 'STARTED',
          )
          .map(({ detail }) => detail['execution-id']),
      )
      .toEqual(expect.arrayContaining(ids));
  });

  test('a failed stage is free for the next execution, after which the failed one cannot be retried', async () => {
    const { start, reached, answer, ended, client } = await ready();
    const first = await start();
    await reached(first, 'First');
    await answer('First', 'Rejected');
    await ended(first);
    const second = await start();
    await reached(second, 'First');

    const retry = new RetryStageExecutionCommand({
      pipelineName: 'orders',
      stageName: 'First',
      pipelineExecutionId: first,
      retryMode: 'FAILED_ACTIONS',
    });
    await expect(client.send(retry)).rejects.toMatchObject({ name: 'NotLatestPipelineExecutionException' });
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

describe('a transition', () => {
  const inbound = { pipelineName: 'orders', stageName: 'Second', transitionType: 'Inbound' as const };

  test('that is shut holds executions back, shows why, and lets them in when it opens', async () => {
    const { start, reached, answer, state, client } = await ready();
    await client.send(new DisableStageTransitionCommand({ ...inbound, reason: 'audit' }));
    const id = await start();
    await reached(id, 'First');
    await answer('First', 'Approved');
    await expect.poll(async () => (await state())[2]?.inboundExecution?.pipelineExecutionId).toBe(id);
    expect((await state())[2]?.inboundTransitionState).toMatchObject({ enabled: false, disabledReason: 'audit' });

    await client.send(new EnableStageTransitionCommand(inbound));

    await reached(id, 'Second');
  });

  test('can be declared shut by the template', async () => {
    const { state } = await ready(twoApprovals, {
      DisableInboundStageTransitions: [{ StageName: 'Second', Reason: 'not yet' }],
    });

    expect((await state())[2]?.inboundTransitionState).toMatchObject({ enabled: false, disabledReason: 'not yet' });
  });
});

describe('stop, retry and rollback', () => {
  test('stop waits for the running action; abandon does not', async () => {
    const { start, reached, answer, status, ended, client } = await ready();
    const stop = (id: string, abandon: boolean) =>
      client.send(
        new StopPipelineExecutionCommand({
          pipelineName: 'orders',
          pipelineExecutionId: id,
          abandon,
          reason: 'enough',
        }),
      );
    const first = await start();
    await reached(first, 'First');
    await stop(first, false);
    expect(await status(first)).toBe('Stopping');
    await answer('First', 'Approved');
    await ended(first);
    expect(await status(first)).toBe('Stopped');

    const second = await start();
    await reached(second, 'First');
    await stop(second, true);
    await ended(second);
    expect(await status(second)).toBe('Stopped');
    await expect(stop(second, true)).rejects.toMatchObject({ name: 'PipelineExecutionNotStoppableException' });
  });

  test('retry runs the failed actions again, or all, in the same execution', async () => {
    const side = [twoApprovals[0], { Name: 'First', Actions: [approval('Ask'), approval('Also')] }] as object[];
    const flow = await codepipelineWorld();
    await flow.commit('one');
    await flow.pipeline(side);
    const [{ pipelineExecutionId: id = '' } = {}] = await flow.executions();
    await flow.reached(id, 'First');
    await flow.answer('First', 'Rejected');
    const also = async () => (await flow.state())[1]?.actionStates?.[1]?.latestExecution;
    await flow.client.send(
      new PutApprovalResultCommand({
        pipelineName: 'orders',
        stageName: 'First',
        actionName: 'Also',
        token: (await also())?.token,
        result: { status: 'Approved', summary: 'fine' },
      }),
    );
    await flow.ended(id);
    const before = (await also())?.actionExecutionId;

    const retry = (retryMode: 'FAILED_ACTIONS' | 'ALL_ACTIONS') =>
      flow.client.send(
        new RetryStageExecutionCommand({
          pipelineName: 'orders',
          stageName: 'First',
          pipelineExecutionId: id,
          retryMode,
        }),
      );
    expect(await retry('FAILED_ACTIONS')).toMatchObject({ pipelineExecutionId: id });
    await flow.reached(id, 'First');
    expect((await also())?.actionExecutionId).toBe(before);
    await flow.answer('First', 'Approved');
    await flow.ended(id);

    expect(await flow.status(id)).toBe('Succeeded');
    await expect(retry('ALL_ACTIONS')).rejects.toMatchObject({ name: 'StageNotRetryableException' });
  });

  test('rollback runs one stage again with the revisions of an execution that went through it', async () => {
    const { start, reached, answer, ended, executions, client, commit, head, status } = await ready();
    const good = await start();
    await reached(good, 'First');
    await answer('First', 'Approved');
    await reached(good, 'Second');
    await answer('Second', 'Approved');
    await ended(good);
    await commit('bad');
    const bad = await start();
    await reached(bad, 'First');
    await answer('First', 'Rejected');
    await ended(bad);

    const { pipelineExecutionId: id = '' } = await client.send(
      new RollbackStageCommand({ pipelineName: 'orders', stageName: 'First', targetPipelineExecutionId: good }),
    );
    await reached(id, 'First');
    await answer('First', 'Approved');
    await ended(id);

    expect(await status(id)).toBe('Succeeded');
    expect((await executions())[0]).toMatchObject({
      pipelineExecutionId: id,
      executionType: 'ROLLBACK',
      rollbackMetadata: { rollbackTargetPipelineExecutionId: good },
      trigger: { triggerType: 'ManualRollback' },
      sourceRevisions: [{ revisionId: head }],
    });
  });

  test.each([
    ['Source', 'UnableToRollbackStageException'],
    ['Second', 'UnableToRollbackStageException'],
    ['Third', 'StageNotFoundException'],
  ])('a rollback of %s to an execution that failed in First is refused: %s', async (stageName, name) => {
    const { executions, client } = await ready();
    const [{ pipelineExecutionId = '' } = {}] = await executions();
    const rollback = new RollbackStageCommand({
      pipelineName: 'orders',
      stageName,
      targetPipelineExecutionId: pipelineExecutionId,
    });

    await expect(client.send(rollback)).rejects.toMatchObject({ name });
  });

  test('a changed structure can neither be retried nor be rolled back to', async () => {
    const { executions, client, pipeline } = await ready();
    const [{ pipelineExecutionId = '' } = {}] = await executions();
    await pipeline([...twoApprovals, { Name: 'Third', Actions: [approval('Ask')] }]);
    const retry = new RetryStageExecutionCommand({
      pipelineName: 'orders',
      stageName: 'First',
      pipelineExecutionId,
      retryMode: 'FAILED_ACTIONS',
    });
    const rollback = new RollbackStageCommand({
      pipelineName: 'orders',
      stageName: 'First',
      targetPipelineExecutionId: pipelineExecutionId,
    });

    await expect(client.send(retry)).rejects.toMatchObject({ name: 'StageNotRetryableException' });
    await expect(client.send(rollback)).rejects.toMatchObject({ name: 'PipelineExecutionOutdatedException' });
  });
});

// Source: the CodePipeline pages on the pipeline structure and on quotas.
test.each([
  [
    'a first stage that is no source',
    [twoApprovals[1], twoApprovals[2]],
    'the first stage must hold only source actions',
  ],
  [
    'a source behind the first stage',
    [...twoApprovals, { Name: 'More', Actions: [source('More', 'Other')] }],
    'source actions may stand only in the first stage',
  ],
  ['two stages of one name', [...twoApprovals, twoApprovals[1]], "two stages have the name 'First'"],
  [
    'two actions of one name',
    [twoApprovals[0], { Name: 'First', Actions: [approval('Ask'), approval('Ask')] }],
    "stage First: two actions have the name 'Ask'",
  ],
  [
    'an artifact of two makers',
    [{ Name: 'Source', Actions: [source('One'), source('Two')] }, twoApprovals[1]],
    "two actions make the output artifact 'Code'",
  ],
  [
    'an order beyond 999',
    [twoApprovals[0], { Name: 'First', Actions: [approval('Ask', { RunOrder: 1000 })] }],
    'has runOrder 1000, which is not 1 to 999',
  ],
])('%s is refused', async (_what, stages, reason) => {
  const { pipeline } = await codepipelineWorld();

  expect(await pipeline(stages as object[])).toMatchObject({
    failed: true,
    reason: expect.stringContaining(reason) as string,
  });
});
