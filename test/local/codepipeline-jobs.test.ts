import {
  AcknowledgeJobCommand,
  CreateCustomActionTypeCommand,
  DeleteCustomActionTypeCommand,
  GetJobDetailsCommand,
  ListActionTypesCommand,
  PollForJobsCommand,
  PutJobFailureResultCommand,
  PutJobSuccessResultCommand,
} from '@aws-sdk/client-codepipeline';
import { beforeAll, describe, expect, test } from 'vitest';
import { executions } from '../../local/services/codepipeline/tables.ts';
import { sharedWorld, source } from './codepipeline-world.ts';

const world = sharedWorld();
const actionTypeId = { category: 'Test', owner: 'Custom', provider: 'Scanner', version: '1' } as const;
const type = { category: 'Test', provider: 'Scanner', version: '1' } as const;

beforeAll(async () => {
  await world().client.send(
    new CreateCustomActionTypeCommand({
      ...type,
      configurationProperties: [
        { name: 'Depth', required: true, key: true, secret: false, queryable: true },
        { name: 'Note', required: false, key: false, secret: false },
      ],
      inputArtifactDetails: { minimumCount: 1, maximumCount: 1 },
      outputArtifactDetails: { minimumCount: 0, maximumCount: 1 },
    }),
  );
});

/** A pipeline whose second stage is an action of that type; answers its run at creation. */
async function scanned(name: string, Configuration: object = { Depth: name }) {
  const flow = world().named(name);
  const outcome = await flow.pipeline([
    { Name: 'Source', Actions: [source()] },
    {
      Name: 'Scan',
      Actions: [
        {
          Name: 'Do',
          ActionTypeId: { Category: 'Test', Owner: 'Custom', Provider: 'Scanner', Version: '1' },
          Configuration,
          InputArtifacts: [{ Name: 'Code' }],
          Namespace: 'Scan',
        },
      ],
    },
  ]);
  const [{ pipelineExecutionId: id = '' } = {}] = outcome.failed ? [] : await flow.executions();
  return { ...flow, id, outcome };
}

/** The job that waits with this setting. */
async function polled(depth: string) {
  const poll = async () =>
    (await world().client.send(new PollForJobsCommand({ actionTypeId, queryParam: { Depth: depth } }))).jobs ?? [];
  await expect.poll(async () => (await poll()).length).toBe(1);
  const [job] = await poll();
  return { id: job?.id ?? '', nonce: job?.nonce ?? '', data: job?.data, poll };
}

describe('a worker of a custom action type', () => {
  test('polls for a job, takes it, and reports its success', async () => {
    const flow = await scanned('success');
    const { id: jobId, nonce, data, poll } = await polled('success');
    expect(data).toMatchObject({
      actionTypeId,
      actionConfiguration: { configuration: { Depth: 'success' } },
      pipelineContext: { pipelineName: 'success', stage: { name: 'Scan' }, action: { name: 'Do' } },
      inputArtifacts: [{ name: 'Code', location: { s3Location: { bucketName: 'orders-artifacts' } } }],
    });
    expect(data?.artifactCredentials?.sessionToken).toBeDefined();

    await expect(world().client.send(new AcknowledgeJobCommand({ jobId, nonce: 'another' }))).rejects.toMatchObject({
      name: 'InvalidNonceException',
    });
    const early = new PutJobSuccessResultCommand({ jobId });
    await expect(world().client.send(early)).rejects.toMatchObject({ name: 'InvalidJobStateException' });
    expect((await world().client.send(new AcknowledgeJobCommand({ jobId, nonce }))).status).toBe('InProgress');
    expect(await poll()).toEqual([]);
    const details = await world().client.send(new GetJobDetailsCommand({ jobId }));
    expect(details.jobDetails).toMatchObject({ id: jobId, accountId: '222222222222' });
    await world().client.send(new PutJobSuccessResultCommand({ jobId, outputVariables: { Found: '0' } }));
    await flow.ended(flow.id);

    expect(await flow.status(flow.id)).toBe('Succeeded');
    await expect(world().client.send(early)).rejects.toMatchObject({ name: 'InvalidJobStateException' });
  });

  test('that is not done yet polls for the same job again, with its token', async () => {
    const flow = await scanned('again');
    const first = await polled('again');
    await world().client.send(new AcknowledgeJobCommand({ jobId: first.id, nonce: first.nonce }));
    await world().client.send(new PutJobSuccessResultCommand({ jobId: first.id, continuationToken: 'half' }));

    const second = await polled('again');
    expect(second).toMatchObject({ id: first.id, data: { continuationToken: 'half' } });
    await world().client.send(new AcknowledgeJobCommand({ jobId: second.id, nonce: second.nonce }));
    await world().client.send(
      new PutJobFailureResultCommand({ jobId: second.id, failureDetails: { type: 'JobFailed', message: 'two holes' } }),
    );
    await flow.ended(flow.id);

    expect((await flow.executions())[0]?.statusSummary).toBe('Scan/Do: two holes');
  });
});

test.each([
  [{}, "is missing required configuration 'Depth'"],
  [{ Depth: '1', Width: '1' }, "contains unknown configuration 'Width'"],
])('the settings of a custom action are checked: %j', async (configuration, reason) => {
  const { outcome } = await scanned('settings', configuration);

  expect(outcome).toMatchObject({ failed: true, reason: expect.stringContaining(reason) as string });
});

test('custom types are listed beside those of AWS, and one in use cannot be deleted', async () => {
  await scanned('user');
  const { client } = world();
  const listed = async (actionOwnerFilter?: 'AWS' | 'Custom') =>
    (await client.send(new ListActionTypesCommand({ actionOwnerFilter }))).actionTypes ?? [];

  expect(await listed('Custom')).toMatchObject([
    { id: actionTypeId, inputArtifactDetails: { minimumCount: 1, maximumCount: 1 } },
  ]);
  expect((await listed('AWS')).find(({ id }) => id?.provider === 'S3' && id.category === 'Deploy')).toMatchObject({
    inputArtifactDetails: { minimumCount: 1, maximumCount: 1 },
    outputArtifactDetails: { minimumCount: 0, maximumCount: 0 },
  });
  expect(await listed()).toHaveLength((await listed('AWS')).length + 1);
  await expect(client.send(new DeleteCustomActionTypeCommand(type))).rejects.toThrow(/is used by pipeline/);
  await client.send(new DeleteCustomActionTypeCommand({ ...type, version: '2' }));
});

test('a template makes a custom type, and takes it away again', async () => {
  const counts = { MinimumCount: 0, MaximumCount: 1 };
  const Properties = {
    Category: 'Build',
    Provider: 'Templated',
    Version: '1',
    ConfigurationProperties: [{ Name: 'Depth', Required: true, Key: true, Secret: false }],
    InputArtifactDetails: counts,
    OutputArtifactDetails: counts,
  };
  const listed = async () => {
    const { actionTypes = [] } = await world().client.send(new ListActionTypesCommand({ actionOwnerFilter: 'Custom' }));
    return actionTypes.find(({ id }) => id?.provider === 'Templated');
  };
  const other = { Type: 'AWS::S3::Bucket' };

  await world().stack('types', { Other: other, Type: { Type: 'AWS::CodePipeline::CustomActionType', Properties } });
  expect(await listed()).toMatchObject({ actionConfigurationProperties: [{ name: 'Depth', required: true }] });
  await world().stack('types', { Other: other });
  expect(await listed()).toBeUndefined();
});

test('jobs of a type that does not exist are refused', async () => {
  const other = { ...actionTypeId, provider: 'Nobody' };

  await expect(world().client.send(new PollForJobsCommand({ actionTypeId: other }))).rejects.toMatchObject({
    name: 'ActionTypeNotFoundException',
  });
});

// The last of this file: a day later, the world no longer takes signatures of the machine's time.
test('a worker that does not come fails the action after a day', async () => {
  const flow = await scanned('nobody');
  await polled('nobody');

  await world().world.clock.advance(24 * 60 * 60_000);

  const summary = () => world().world.store.in(executions).get(flow.id)?.statusSummary;
  await expect.poll(summary).toContain('has not reported for 24 hours');
});
