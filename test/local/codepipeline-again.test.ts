import {
  PutApprovalResultCommand,
  RetryStageExecutionCommand,
  RollbackStageCommand,
  StopPipelineExecutionCommand,
} from '@aws-sdk/client-codepipeline';
import { describe, expect, test } from 'vitest';
import { approval, codepipelineWorld, ready, twoApprovals } from './codepipeline-world.ts';

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
    await expect(stop(first, false)).rejects.toMatchObject({ name: 'DuplicatedStopRequestException' });
    await answer('First', 'Approved');
    await ended(first);
    expect(await status(first)).toBe('Stopped');

    const second = await start();
    await reached(second, 'First');
    await stop(second, false);
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
