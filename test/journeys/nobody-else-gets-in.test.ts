import { StartPipelineExecutionCommand } from '@aws-sdk/client-codepipeline';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { expect, test } from 'vitest';
import { playing } from './playing.ts';

const forgery = (commitId: string, branch = 'prod') =>
  JSON.stringify({
    version: '1',
    mergeId: '4f9c2f1e-3c1d-4c55-9d5e-1f2e3d4c5b6a',
    repository: 'orders',
    branch,
    commitId,
    previousCommitId: null,
    parents: [],
    kind: 'push',
    sourceEvent: { id: '6f1d2a30-4b5c-4d6e-8f90-a1b2c3d4e5f6', time: '2026-11-20T09:15:31Z' },
    traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  });

test("the dev account cannot reach prod's bus, pipeline, roles or artifacts, and the journal says why", async () => {
  const flow = await playing();
  const commitId = await flow.merge('dev');
  await flow.arrived('dev', commitId);
  const head = await flow.merge('prod');
  await flow.approvalWaits();
  const { Contents: [object] = [] } = await new S3Client(flow.settings('prod')).send(
    new ListObjectsV2Command({ Bucket: 'mergecast-prod-444444444444-eu-west-1' }),
  );
  const prodBus = 'arn:aws:events:eu-west-1:444444444444:event-bus/mergecast-prod';
  const settings = flow.settings('dev');

  const put = await flow
    .events('dev')
    .send(
      new PutEventsCommand({
        Entries: [
          { EventBusName: prodBus, Source: 'mergecast.devops', DetailType: 'Branch Merged', Detail: forgery(commitId) },
        ],
      }),
    )
    .catch((error: Error) => ({ FailedEntryCount: 1, Entries: [{ ErrorCode: error.name }] }));
  const start = flow.codepipeline('dev').send(new StartPipelineExecutionCommand({ name: 'orders-prod' }));
  const roles = [
    'role/mergecast/prod/mergecast-prod-starter',
    'role/mergecast/prod/pipeline/orders-prod',
    'role/mergecast/prod/mergecast-prod-reporter',
  ];
  const assumptions = roles.map((role) =>
    new STSClient(settings).send(
      new AssumeRoleCommand({ RoleArn: `arn:aws:iam::444444444444:${role}`, RoleSessionName: 'intruder' }),
    ),
  );
  const artifact = new S3Client(settings).send(
    new GetObjectCommand({ Bucket: 'mergecast-prod-444444444444-eu-west-1', Key: object?.Key }),
  );

  expect(put.FailedEntryCount).toBe(1);
  await expect(start).rejects.toThrow(/does not have a pipeline|not authorized/);
  for (const assumption of assumptions) await expect(assumption).rejects.toThrow(/not authorized/);
  await expect(artifact).rejects.toThrow(/denied|not authorized/i);
  const refused = (action: string) => flow.refusals().filter((text) => text.includes(` may not ${action}: `)).length;
  expect({ put: refused('events:PutEvents'), assume: refused('sts:AssumeRole'), get: refused('s3:GetObject') }).toEqual(
    {
      put: 1,
      assume: roles.length,
      get: 1,
    },
  );
  expect((await flow.executions('prod')).map((each) => each.commitId)).toEqual([head]);
});

test("the source role of dev cannot be assumed from prod's pipelines' account, nor the other way round", async () => {
  const flow = await playing();
  const attempts = [
    ['dev', 'prod'],
    ['prod', 'dev'],
  ].map(([own = '', other = '']) =>
    new STSClient(flow.settings(own)).send(
      new AssumeRoleCommand({
        RoleArn: `arn:aws:iam::111111111111:role/mergecast/mergecast-source-${other}`,
        RoleSessionName: 'intruder',
      }),
    ),
  );

  for (const attempt of attempts) await expect(attempt).rejects.toThrow(/not authorized/);
});
