import {
  DisableStageTransitionCommand,
  EnableStageTransitionCommand,
  GetPipelineExecutionCommand,
  ListActionExecutionsCommand,
  PutApprovalResultCommand,
  RetryStageExecutionCommand,
  StopPipelineExecutionCommand,
} from '@aws-sdk/client-codepipeline';
import { describe, expect, test } from 'vitest';
import { executions } from '../../local/services/codepipeline/tables.ts';
import type { Interference } from '../../local/world/world.ts';
import { approval, codepipelineWorld, ready, twoApprovals } from './codepipeline-world.ts';

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

  test('QUEUED: an execution that waits for its sources builds what they were when it was triggered', async () => {
    const { world, start, reached, answer, commit, client } = await ready(twoApprovals, { ExecutionMode: 'QUEUED' });
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow: Interference = {
      before: ({ operation }) => (operation === 'UploadArchive' ? released : undefined),
    };
    world.interference.add(slow);
    const first = await start();
    const atTrigger = await commit('two');
    const second = await start();
    await expect.poll(() => world.store.in(executions).get(second)?.heads).toEqual({ Source: atTrigger });
    await commit('three');
    world.interference.delete(slow);
    release();
    await reached(first, 'First');
    await answer('First', 'Rejected');
    await reached(second, 'First');

    const read = new GetPipelineExecutionCommand({ pipelineName: 'orders', pipelineExecutionId: second });
    const { pipelineExecution } = await client.send(read);
    expect(pipelineExecution?.artifactRevisions?.[0]?.revisionId).toBe(atTrigger);
  });

  test('PARALLEL: five actions of an execution run side by side', async () => {
    const flow = await codepipelineWorld();
    await flow.commit('one');
    const names = ['Ask', 'B', 'C', 'D', 'E', 'F'];
    const stages = [twoApprovals[0] as object, { Name: 'First', Actions: names.map((name) => approval(name)) }];
    await flow.pipeline(stages, { ExecutionMode: 'PARALLEL' });
    const [{ pipelineExecutionId = '' } = {}] = await flow.executions();
    const filter = { pipelineExecutionId };
    const asked = async () =>
      (
        await flow.client.send(new ListActionExecutionsCommand({ pipelineName: 'orders', filter }))
      ).actionExecutionDetails?.flatMap(({ stageName, actionName, output }) =>
        stageName === 'First' ? [{ actionName, token: output?.executionResult?.externalExecutionId }] : [],
      ) ?? [];
    await expect.poll(async () => (await asked()).length).toBe(5);

    const { token } = (await asked()).find(({ actionName }) => actionName === 'C') ?? {};
    const result = { status: 'Approved' as const, summary: 'yes' };
    await flow.client.send(
      new PutApprovalResultCommand({ pipelineName: 'orders', stageName: 'First', actionName: 'C', token, result }),
    );
    await expect.poll(async () => (await asked()).map(({ actionName }) => actionName)).toContain('F');
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

test('the transition out of a stage is shut and opened as that into the next', async () => {
  const { start, reached, answer, state, client } = await ready();
  const outbound = { pipelineName: 'orders', stageName: 'First', transitionType: 'Outbound' as const };
  await client.send(new DisableStageTransitionCommand({ ...outbound, reason: 'audit' }));
  const id = await start();
  await reached(id, 'First');
  await answer('First', 'Approved');
  await expect.poll(async () => (await state())[2]?.inboundExecution?.pipelineExecutionId).toBe(id);

  await client.send(new EnableStageTransitionCommand(outbound));

  await reached(id, 'Second');
});

test('SUPERSEDED: who waits behind a shut transition is superseded by a newer one too', async () => {
  const { start, reached, answer, state, status, client } = await ready();
  const inbound = { pipelineName: 'orders', stageName: 'Second', transitionType: 'Inbound' as const };
  await client.send(new DisableStageTransitionCommand({ ...inbound, reason: 'audit' }));
  const older = await start();
  await reached(older, 'First');
  await answer('First', 'Approved');
  const newer = await start();
  await reached(newer, 'First');
  await answer('First', 'Approved');
  await expect
    .poll(async () => (await state())[2]?.inboundExecutions?.map((each) => each.pipelineExecutionId))
    .toEqual([newer]);
  expect(await status(older)).toBe('Superseded');

  await client.send(new StopPipelineExecutionCommand({ pipelineName: 'orders', pipelineExecutionId: newer }));

  expect(await status(newer)).toBe('Stopped');
  expect((await state())[2]?.inboundExecutions).toBeUndefined();
});
