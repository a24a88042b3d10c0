import { GetObjectCommand } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { executions } from '../../local/services/codepipeline/tables.ts';
import { readZipEntry } from '../../local/world/zip.ts';
import { spec } from './codebuild-world.ts';
import { place, sharedWorld, source } from './codepipeline-world.ts';

const world = sharedWorld();
const role = `arn:aws:iam::${place.account}:role/pipeline`;

const project = (name: string, commands: readonly string[]) => ({
  Project: {
    Type: 'AWS::CodeBuild::Project',
    Properties: {
      Name: name,
      ServiceRole: role,
      Artifacts: { Type: 'CODEPIPELINE' },
      Source: {
        Type: 'CODEPIPELINE',
        BuildSpec: spec({
          batch: { 'build-list': [{ identifier: 'web' }, { identifier: 'web_api' }] },
          phases: { build: { commands } },
          artifacts: { files: ['*.txt'], 'secondary-artifacts': { api: { files: ['a.txt'] } } },
        }),
      },
      Environment: { Type: 'LINUX_CONTAINER', ComputeType: 'BUILD_GENERAL1_SMALL', Image: 'x' },
      BuildBatchConfig: { ServiceRole: role },
    },
  },
});

/** Runs a pipeline whose second stage is a batch; answers its end and how to read a file of one of its artifacts. */
async function batched(name: string, outputs: readonly string[], more: object = {}, last = 'true') {
  const flow = world();
  const own = flow.named(name);
  const commands = ['echo "$CODEBUILD_INITIATOR" > "$CODEBUILD_BATCH_BUILD_IDENTIFIER.txt"', last];
  expect(await flow.stack(`${name}-project`, project(name, commands))).toMatchObject({ failed: false });
  const build = {
    Name: 'Build',
    ActionTypeId: { Category: 'Build', Owner: 'AWS', Provider: 'CodeBuild', Version: '1' },
    Configuration: { ProjectName: name, BatchEnabled: 'true', ...more },
    InputArtifacts: [{ Name: 'Code' }],
    OutputArtifacts: outputs.map((Name) => ({ Name })),
  };
  await own.pipeline([
    { Name: 'Source', Actions: [source()] },
    { Name: 'Build', Actions: [build] },
  ]);
  const [{ pipelineExecutionId: id = '' } = {}] = await own.executions();
  await own.ended(id);
  const [ended] = await own.executions();
  const read = async (artifact: string, file: string): Promise<string | undefined> => {
    const { bucket: Bucket, key: Key } = flow.world.store.in(executions).get(id)?.artifacts[artifact] ?? {};
    const { Body } = await flow.s3.send(new GetObjectCommand({ Bucket, Key }));
    return (await readZipEntry(Buffer.from((await Body?.transformToByteArray()) ?? []), file))?.toString();
  };
  return { ended, read };
}

test('a pipeline has the artifacts of each build by its name', async () => {
  const { ended, read } = await batched('apart', ['web', 'web_api']);

  expect(ended?.status).toBe('Succeeded');
  expect(await read('web', 'web.txt')).toBe('codepipeline/apart\n');
  // The name fits the secondary artifact of one build and the primary of another: the longer build counts.
  expect(await read('web_api', 'web_api.txt')).toBe('codepipeline/apart\n');
});

test('a pipeline has one artifact of all builds when they are combined', async () => {
  const { ended, read } = await batched('whole', ['all'], { CombineArtifacts: 'true' });

  expect(ended?.status).toBe('Succeeded');
  expect([await read('all', 'web.txt'), await read('all', 'web_api.txt')]).toEqual([
    'codepipeline/whole\n',
    'codepipeline/whole\n',
  ]);
});

test.each([
  ['stray', ['other'], {}, 'true', 'output artifact other is of no build'],
  ['several', ['web', 'web_api'], { CombineArtifacts: 'true' }, 'true', 'CombineArtifacts makes one output artifact'],
  [
    'alone',
    ['web'],
    { BatchEnabled: 'false', CombineArtifacts: 'true' },
    'true',
    'CombineArtifacts takes BatchEnabled',
  ],
  ['failing', ['web'], {}, 'false', 'did not succeed: web, web_api'],
])('a batch of a pipeline fails its action: %s', async (name, outputs, more, last, words) => {
  const { ended } = await batched(name, outputs, more, last);

  expect(ended?.status).toBe('Failed');
  expect(ended?.statusSummary).toContain(words);
});
