import { ListActionExecutionsCommand } from '@aws-sdk/client-codepipeline';
import { expect, test } from 'vitest';
import { eventually } from './eventually.ts';
import { playing } from './playing.ts';

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
