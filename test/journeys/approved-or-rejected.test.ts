import { ListActionExecutionsCommand } from '@aws-sdk/client-codepipeline';
import { expect, test } from 'vitest';
import { playing } from './playing.ts';

test('a rejected approval stops prod', async () => {
  const flow = await playing();
  const commitId = await flow.merge('prod');

  await flow.answer('Rejected');
  const execution = await flow.arrived('prod', commitId);

  expect(execution.status).toBe('Failed');
  const stages = await flow.stages('prod');
  expect(stages).toMatchObject({ Build: 'Succeeded', Approve: 'Failed' });
  expect(stages).not.toHaveProperty('Deploy', 'Succeeded');
});

test('an approved commit is deployed to prod, and its function log group exists there', async () => {
  const flow = await playing();
  const commitId = await flow.merge('prod');

  await flow.answer('Approved');

  expect((await flow.arrived('prod', commitId)).status).toBe('Succeeded');
  const { actionExecutionDetails = [] } = await flow
    .codepipeline('prod')
    .send(new ListActionExecutionsCommand({ pipelineName: 'orders-prod' }));
  const approval = actionExecutionDetails.find(({ actionName }) => actionName === 'Approve');
  expect(approval?.input?.resolvedConfiguration?.['CustomData']).toBe(
    `Release orders to production? Commit ${commitId} by developer: Change NOTES.md`,
  );
  expect(await flow.logGroups('prod')).toContain('/aws/lambda/orders-prod');
  expect(await flow.logGroups('staging')).not.toContain('/aws/lambda/orders-staging');
});
