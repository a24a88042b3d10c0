import {
  CreatePipelineCommand,
  DeletePipelineCommand,
  GetPipelineCommand,
  ListTagsForResourceCommand,
  type PipelineDeclaration,
  TagResourceCommand,
  UntagResourceCommand,
  UpdatePipelineCommand,
} from '@aws-sdk/client-codepipeline';
import { expect, test } from 'vitest';
import { codepipelineWorld } from './codepipeline-world.ts';

const declared = (name = 'orders'): PipelineDeclaration => ({
  name,
  roleArn: 'arn:aws:iam::222222222222:role/pipeline',
  pipelineType: 'V2',
  executionMode: 'QUEUED',
  artifactStore: { type: 'S3', location: 'orders-artifacts' },
  variables: [{ name: 'gate', defaultValue: 'open' }],
  stages: [
    {
      name: 'Source',
      actions: [
        {
          name: 'Source',
          actionTypeId: { category: 'Source', owner: 'AWS', provider: 'CodeCommit', version: '1' },
          configuration: { RepositoryName: 'orders', BranchName: 'main', PollForSourceChanges: 'false' },
          outputArtifacts: [{ name: 'Code' }],
        },
      ],
    },
    {
      name: 'First',
      actions: [
        { name: 'Ask', actionTypeId: { category: 'Approval', owner: 'AWS', provider: 'Manual', version: '1' } },
      ],
    },
  ],
});

test('a pipeline is created, read back, changed and deleted through the API', async () => {
  const { client } = await codepipelineWorld();
  await client.send(new CreatePipelineCommand({ pipeline: declared() }));

  const { pipeline } = await client.send(new GetPipelineCommand({ name: 'orders' }));
  expect(pipeline).toMatchObject({
    version: 1,
    executionMode: 'QUEUED',
    variables: [{ name: 'gate', defaultValue: 'open' }],
  });
  const { pipeline: updated } = await client.send(
    new UpdatePipelineCommand({ pipeline: { ...(pipeline as PipelineDeclaration), executionMode: 'SUPERSEDED' } }),
  );
  expect(updated).toMatchObject({ version: 2, executionMode: 'SUPERSEDED', stages: pipeline?.stages });

  await client.send(new DeletePipelineCommand({ name: 'orders' }));
  await expect(client.send(new GetPipelineCommand({ name: 'orders' }))).rejects.toMatchObject({
    name: 'PipelineNotFoundException',
  });
});

test.each([
  ['a name that is taken', declared(), 'PipelineNameInUseException'],
  ['one stage', { ...declared('other'), stages: declared().stages?.slice(0, 1) }, 'ValidationException'],
])('creating a pipeline with %s is refused', async (_what, pipeline, name) => {
  const { client } = await codepipelineWorld();
  await client.send(new CreatePipelineCommand({ pipeline: declared() }));

  await expect(client.send(new CreatePipelineCommand({ pipeline }))).rejects.toMatchObject({ name });
});

test('tags are set, listed and taken away', async () => {
  const { client } = await codepipelineWorld();
  await client.send(new CreatePipelineCommand({ pipeline: declared(), tags: [{ key: 'team', value: 'orders' }] }));
  const resourceArn = 'arn:aws:codepipeline:eu-west-1:222222222222:orders';

  await client.send(new TagResourceCommand({ resourceArn, tags: [{ key: 'stage', value: 'prod' }] }));
  await client.send(new UntagResourceCommand({ resourceArn, tagKeys: ['team'] }));

  expect((await client.send(new ListTagsForResourceCommand({ resourceArn }))).tags).toEqual([
    { key: 'stage', value: 'prod' },
  ]);
});

test.each([
  ['orders', 'InvalidArnException'],
  ['arn:aws:codepipeline:eu-west-1:222222222222:nobody', 'ResourceNotFoundException'],
])('the tags of %s are refused: %s', async (resourceArn, name) => {
  const { client } = await codepipelineWorld();

  await expect(client.send(new ListTagsForResourceCommand({ resourceArn }))).rejects.toMatchObject({ name });
});

test('a new pipeline of an old name does not answer an old request', async () => {
  const { client, start } = await codepipelineWorld();
  const again = { clientRequestToken: 'the-same' };
  await client.send(new CreatePipelineCommand({ pipeline: declared() }));
  const first = await start(again);
  expect(await start(again)).toBe(first);
  await client.send(new DeletePipelineCommand({ name: 'orders' }));
  await client.send(new CreatePipelineCommand({ pipeline: declared() }));

  expect(await start(again)).not.toBe(first);
});
