import {
  type CodePipelineClient,
  PutJobFailureResultCommand,
  PutJobSuccessResultCommand,
} from '@aws-sdk/client-codepipeline';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { codepipelineWorld, jobOf, source } from './codepipeline-world.ts';

const action = (Category: string, Provider: string, Configuration: object, more: object = {}) => ({
  Name: 'Do',
  ActionTypeId: { Category, Owner: 'AWS', Provider, Version: '1' },
  Configuration,
  InputArtifacts: [{ Name: 'Code' }],
  ...more,
});

/** A pipeline of Source and that action; answers its run at creation. */
async function doing(second: object) {
  const flow = await codepipelineWorld();
  await flow.commit('one');
  expect(
    await flow.pipeline([
      { Name: 'Source', Actions: [source()] },
      { Name: 'Second', Actions: [second] },
    ]),
  ).toMatchObject({ failed: false });
  const [{ pipelineExecutionId: id = '' } = {}] = await flow.executions();
  return { ...flow, id };
}

describe('Invoke/Lambda', () => {
  const report = (client: CodePipelineClient, jobId: string, failed: boolean) =>
    failed
      ? client.send(
          new PutJobFailureResultCommand({ jobId, failureDetails: { type: 'JobFailed', message: 'no luck' } }),
        )
      : client.send(new PutJobSuccessResultCommand({ jobId, executionDetails: { summary: 'done' } }));

  test.each([
    [false, 'Succeeded', undefined],
    [true, 'Failed', 'Second/Do: no luck'],
  ])('waits for what the function reports of its job: failed %s, then %s', async (failed, status, summary) => {
    const flow = await doing(action('Invoke', 'Lambda', { FunctionName: 'worker' }));
    const job = await jobOf(flow.world);
    expect(await flow.status(flow.id)).toBe('InProgress');

    await report(flow.client, job, failed);
    await flow.ended(flow.id);

    const [execution] = await flow.executions();
    expect(execution?.status).toBe(status);
    expect(execution?.statusSummary).toBe(summary);
  });

  test('a job that does not exist is refused', async () => {
    const { client } = await codepipelineWorld();

    await expect(report(client, '00000000-0000-4000-8000-000000000000', false)).rejects.toMatchObject({
      name: 'JobNotFoundException',
    });
  });
});

test.each([
  [{ Extract: 'true', ObjectKey: 'site' }, 'site/a.txt'],
  [{ Extract: 'false', ObjectKey: 'site.zip' }, 'site.zip'],
])('Deploy/S3 lays the artifact into the bucket: %j', async (configuration, Key) => {
  const { s3, id, ended, status } = await doing(
    action('Deploy', 'S3', { BucketName: 'orders-artifacts', ...configuration }),
  );
  await ended(id);

  expect(await status(id)).toBe('Succeeded');
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'orders-artifacts', Key }));
  const content = Buffer.from((await Body?.transformToByteArray()) ?? []);
  expect(Key.endsWith('.zip') ? content.subarray(0, 2).toString() : content.toString()).toBe(
    Key.endsWith('.zip') ? 'PK' : 'one',
  );
});
