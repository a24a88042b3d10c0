import {
  GetActionTypeCommand,
  GetPipelineCommand,
  ListActionExecutionsCommand,
  ListPipelineExecutionsCommand,
  ListPipelinesCommand,
  ListWebhooksCommand,
  PutApprovalResultCommand,
  RetryStageExecutionCommand,
} from '@aws-sdk/client-codepipeline';
import { beforeAll, expect, test } from 'vitest';
import { approval, sharedWorld, twoApprovals } from './codepipeline-world.ts';

const world = sharedWorld();
const pipelineName = 'listed';
let ids: readonly string[] = [];

// Three executions, oldest first: one that was rejected and retried, one that passed First, one that waits there.
beforeAll(async () => {
  const flow = world().named(pipelineName);
  await flow.pipeline(twoApprovals);
  const [{ pipelineExecutionId: first = '' } = {}] = await flow.executions();
  await flow.reached(first, 'First');
  await flow.answer('First', 'Rejected');
  await flow.ended(first);
  const retry = { pipelineName, stageName: 'First', pipelineExecutionId: first, retryMode: 'FAILED_ACTIONS' } as const;
  await world().client.send(new RetryStageExecutionCommand(retry));
  await flow.reached(first, 'First');
  await flow.answer('First', 'Rejected');
  await flow.ended(first);
  const second = await flow.start();
  await flow.reached(second, 'First');
  await flow.answer('First', 'Approved');
  await flow.reached(second, 'Second');
  const third = await flow.start();
  await flow.reached(third, 'First');
  ids = [first, second, third];
});

test('executions come newest first, page by page, or only those that went through a stage', async () => {
  const list = async (more: object) => {
    const { pipelineExecutionSummaries = [], nextToken } = await world().client.send(
      new ListPipelineExecutionsCommand({ pipelineName, ...more }),
    );
    return { ids: pipelineExecutionSummaries.map(({ pipelineExecutionId }) => pipelineExecutionId), nextToken };
  };
  const { ids: page, nextToken } = await list({ maxResults: 2 });

  expect(page).toEqual([ids[2], ids[1]]);
  expect(await list({ maxResults: 2, nextToken })).toEqual({ ids: [ids[0]], nextToken: undefined });
  expect((await list({ filter: { succeededInStage: { stageName: 'First' } } })).ids).toEqual([ids[1]]);
  await expect(list({ nextToken: '!' })).rejects.toMatchObject({ name: 'InvalidNextTokenException' });
  await expect(list({ maxResults: 101 })).rejects.toMatchObject({ name: 'ValidationException' });
  await expect(list({ filter: { succeededInStage: { stageName: 'Third' } } })).rejects.toMatchObject({
    name: 'StageNotFoundException',
  });
});

test('actions of an execution come with all tries, or with the last of each', async () => {
  const list = async (filter: object) =>
    (await world().client.send(new ListActionExecutionsCommand({ pipelineName, filter }))).actionExecutionDetails?.map(
      ({ stageName }) => stageName,
    );
  const latest = (startTimeRange: 'All' | 'Latest') => ({
    latestInPipelineExecution: { pipelineExecutionId: ids[0] ?? '', startTimeRange },
  });

  expect(await list({ pipelineExecutionId: ids[0] })).toEqual(['First', 'First', 'Source']);
  expect(await list(latest('All'))).toEqual(['First', 'First', 'Source']);
  expect(await list(latest('Latest'))).toEqual(['First', 'Source']);
  await expect(list({ pipelineExecutionId: '00000000-0000-4000-8000-000000000000' })).rejects.toMatchObject({
    name: 'PipelineExecutionNotFoundException',
  });
});

test('every version of a structure can be read again', async () => {
  const flow = world().named('versions');
  await flow.pipeline(twoApprovals);
  await flow.pipeline([...twoApprovals, { Name: 'Third', Actions: [approval('Ask')] }]);
  const stages = async (version?: number) =>
    (await world().client.send(new GetPipelineCommand({ name: 'versions', version }))).pipeline?.stages?.length;

  expect([await stages(), await stages(2), await stages(1)]).toEqual([4, 4, 3]);
  await expect(stages(3)).rejects.toMatchObject({ name: 'PipelineVersionNotFoundException' });
});

test('pipelines are listed page by page', async () => {
  await world().named('another').pipeline(twoApprovals);
  const page = await world().client.send(new ListPipelinesCommand({ maxResults: 1 }));
  const rest = await world().client.send(new ListPipelinesCommand({ nextToken: page.nextToken }));

  expect([...(page.pipelines ?? []), ...(rest.pipelines ?? [])].map(({ name }) => name)).toEqual(
    expect.arrayContaining([pipelineName, 'another']),
  );
});

test.each([
  ['a stage that does not exist', 'Third', 'Ask', 'StageNotFoundException'],
  ['an action that is no approval', 'Source', 'Source', 'ActionNotFoundException'],
])('an answer to %s is refused', async (_what, stageName, actionName, name) => {
  const result = { status: 'Approved' as const, summary: 'yes' };
  const answer = new PutApprovalResultCommand({ pipelineName, stageName, actionName, token: 'any', result });

  await expect(world().client.send(answer)).rejects.toMatchObject({ name });
});

test('what is not played is refused by name, and no action type of the new kind is found', async () => {
  const id = { category: 'Build', owner: 'somebody', provider: 'Thing', version: '1' } as const;

  await expect(world().client.send(new ListWebhooksCommand({}))).rejects.toThrow('codepipeline:ListWebhooks');
  await expect(world().client.send(new GetActionTypeCommand(id))).rejects.toMatchObject({
    name: 'ActionTypeNotFoundException',
  });
});
