import { ListActionExecutionsCommand } from '@aws-sdk/client-codepipeline';
import { expect, test } from 'vitest';
import { eventually } from './eventually.ts';
import { playing } from './playing.ts';

test("without the bus policy the merge lies in the forwarder's dead-letter queue with AWS's error code, and an alarm is on", async () => {
  const flow = await playing({
    edit: {
      'mergecast-prod': ({ Resources }) => {
        for (const [id, { Type }] of Object.entries(Resources))
          if (Type === 'AWS::Events::EventBusPolicy') delete Resources[id];
      },
    },
  });

  const commitId = await flow.merge('prod');
  const message = await flow.deadLetter('devops', 'mergecast-forward-prod-undelivered');

  expect(message.MessageAttributes?.['ERROR_CODE']?.StringValue).toBe('NO_PERMISSIONS');
  expect(message.Body).toContain(commitId);
  await eventually('the alarm', async () =>
    (await flow.alarmsOn('devops')).find((name) => name === 'mergecast-forward-prod-undelivered'),
  );
});

test('a failing build fails the pipeline, its report is on the trail and its reason in the action', async () => {
  const flow = await playing({
    buildspec: 'version: 0.2\nphases:\n  build:\n    commands: [exit 3]\nartifacts:\n  files: ["**/*"]\n',
  });

  const commitId = await flow.merge('dev');
  const { id, status } = await flow.arrived('dev', commitId);
  await eventually('the report', async () =>
    (await flow.trail()).find((entry) => {
      const detail = entry['detail'] as Record<string, unknown>;
      return detail['execution-id'] === id && detail['state'] === 'FAILED' && detail['stage'] === undefined;
    }),
  );
  const { actionExecutionDetails = [] } = await flow
    .codepipeline('dev')
    .send(new ListActionExecutionsCommand({ pipelineName: 'orders-dev', filter: { pipelineExecutionId: id } }));

  expect(status).toBe('Failed');
  expect(
    actionExecutionDetails.find(({ status: each }) => each === 'Failed')?.output?.executionResult?.errorDetails
      ?.message,
  ).toContain('exit status 3');
});

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
  expect(await flow.logGroups('prod')).toContain('/aws/lambda/orders-prod');
  expect(await flow.logGroups('staging')).not.toContain('/aws/lambda/orders-staging');
});
