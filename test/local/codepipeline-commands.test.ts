import { ListActionExecutionsCommand } from '@aws-sdk/client-codepipeline';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, test } from 'vitest';
import { approval, sharedWorld, source } from './codepipeline-world.ts';

const world = sharedWorld();

const action = (Category: string, Provider: string, more: object) => ({
  Name: Provider,
  ActionTypeId: { Category, Owner: 'AWS', Provider, Version: '1' },
  ...more,
});
const commands = (Commands: readonly string[], more: object = {}) =>
  action('Compute', 'Commands', { Commands, InputArtifacts: [{ Name: 'Code' }], ...more });

/** A pipeline of Source and those actions, one after the other; answers its run at creation. */
async function running(name: string, actions: readonly object[], more: object = {}) {
  const flow = world().named(name);
  const stages = [
    { Name: 'Source', Actions: [source()] },
    { Name: 'Work', Actions: actions.map((each, index) => ({ ...each, RunOrder: index + 1 })) },
  ];
  expect(await flow.pipeline(stages, more)).toMatchObject({ failed: false });
  const [{ pipelineExecutionId: id = '' } = {}] = await flow.executions();
  const runs = async () =>
    (
      await world().client.send(
        new ListActionExecutionsCommand({ pipelineName: name, filter: { pipelineExecutionId: id } }),
      )
    ).actionExecutionDetails ?? [];
  return { ...flow, id, runs };
}

describe('Commands', () => {
  test('read a secret that a variable names', async () => {
    const Properties = { Name: 'orders/word', SecretString: 'hunter2-hunter2' };
    await world().stack('secret', {
      Secret: { Type: 'AWS::SecretsManager::Secret', Properties },
      Reading: {
        Type: 'AWS::IAM::Policy',
        Properties: {
          PolicyName: 'reading',
          Roles: ['pipeline'],
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: { Ref: 'Secret' } }],
          },
        },
      },
    });
    const EnvironmentVariables = [{ Name: 'WORD', Value: 'orders/word', Type: 'SECRETS_MANAGER' }];
    const { id, ended, status } = await running('secrets', [
      commands(['test "$WORD" = hunter2-hunter2'], { EnvironmentVariables }),
    ]);
    await ended(id);

    expect(await status(id)).toBe('Succeeded');
  });

  test('run on the source with variables of the pipeline, and leave variables and files', async () => {
    const { id, ended, status, runs, s3 } = {
      ...(await running(
        'lines',
        [
          commands(['export MADE="$WHO-$(cat a.txt)"', 'mkdir out', 'echo made > out/b.txt'], {
            Namespace: 'Lines',
            OutputVariables: ['MADE', 'CODEBUILD_BUILD_ID'],
            EnvironmentVariables: [{ Name: 'WHO', Value: '#{variables.who}' }],
            OutputArtifacts: [{ Name: 'Made', Files: ['out/**/*'] }],
          }),
          action('Deploy', 'S3', {
            Configuration: { BucketName: 'orders-artifacts', Extract: 'true', ObjectKey: '#{Lines.MADE}' },
            InputArtifacts: [{ Name: 'Made' }],
          }),
        ],
        { Variables: [{ Name: 'who', DefaultValue: 'orders' }] },
      )),
      s3: world().s3,
    };
    await ended(id);

    expect(await status(id)).toBe('Succeeded');
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'orders-artifacts', Key: 'orders-one/out/b.txt' }));
    expect(await Body?.transformToString()).toBe('made\n');
    const ran = (await runs()).find(({ actionName }) => actionName === 'Commands');
    expect(ran?.output?.outputVariables).toMatchObject({ MADE: 'orders-one' });
    expect(ran?.output?.executionResult?.externalExecutionId).toBe(
      ran?.output?.outputVariables?.['CODEBUILD_BUILD_ID'],
    );
  });

  test('stop at the first that fails, which the execution tells', async () => {
    const { id, ended, executions } = await running('fails', [commands(['true', 'exit 3', 'touch never'])]);
    await ended(id);

    expect((await executions())[0]).toMatchObject({
      status: 'Failed',
      statusSummary: expect.stringContaining('exit 3') as string,
    });
  });
});

test('a variable that no action left fails the action that reads it, in the words of CodePipeline', async () => {
  const { id, ended, executions } = await running('unresolved', [
    commands(['true'], { Namespace: 'Lines' }),
    approval('Ask', { Configuration: { CustomData: '#{Lines.NONE}' } }),
  ]);
  await ended(id);

  expect((await executions())[0]?.statusSummary).toBe(
    'Work/Ask: An action in this pipeline failed because one or more variables could not be resolved: Action name=Ask. #{Lines.NONE} in CustomData has no value',
  );
});

describe('Invoke/CodePipeline', () => {
  test('starts another pipeline with variables and a pin, and does not wait for it', async () => {
    const other = world().named('downstream');
    await other.pipeline(
      [
        { Name: 'Source', Actions: [source()] },
        { Name: 'First', Actions: [approval('Ask')] },
      ],
      { ExecutionMode: 'PARALLEL', Variables: [{ Name: 'who', DefaultValue: 'nobody' }] },
    );
    const { id, ended, status, runs } = await running('upstream', [
      action('Invoke', 'CodePipeline', {
        Configuration: {
          PipelineName: 'downstream',
          Variables: JSON.stringify([{ name: 'who', value: '#{codepipeline.PipelineExecutionId}' }]),
        },
      }),
    ]);
    await ended(id);

    expect(await status(id)).toBe('Succeeded');
    const started = (await runs())[0]?.output?.executionResult?.externalExecutionId;
    expect((await other.executions()).map(({ pipelineExecutionId }) => pipelineExecutionId)).toContain(started);
    expect(await other.status(started ?? '')).toBe('InProgress');
  });

  test.each([
    ['[{"name":', 'Variables is not valid JSON'],
    ['[{"name":"nobody","value":"x"}]', "Variable 'nobody' is not declared"],
  ])('with the variables %s fails', async (Variables, reason) => {
    const { id, ended, executions } = await running(`upstream-${Variables.length}`, [
      action('Invoke', 'CodePipeline', { Configuration: { PipelineName: 'downstream', Variables } }),
    ]);
    await ended(id);

    expect((await executions())[0]?.statusSummary).toContain(reason);
  });
});

describe('Source/S3', () => {
  const put = async (Body: string, Key = 'code.zip') =>
    (await world().s3.send(new PutObjectCommand({ Bucket: 'orders-code', Key, Body }))).VersionId ?? '';
  beforeAll(async () => {
    await world().stack('code', {
      Bucket: {
        Type: 'AWS::S3::Bucket',
        Properties: { BucketName: 'orders-code', VersioningConfiguration: { Status: 'Enabled' } },
      },
    });
  });
  const fetching = async (name: string, Configuration: object) => {
    const flow = world().named(name);
    const stages = [
      {
        Name: 'Source',
        Actions: [
          {
            ...action('Source', 'S3', {
              Configuration: { S3ObjectKey: 'code.zip', PollForSourceChanges: false, ...Configuration },
            }),
            Name: 'Source',
            OutputArtifacts: [{ Name: 'Code' }],
          },
        ],
      },
      { Name: 'First', Actions: [approval('Ask')] },
    ];
    expect(await flow.pipeline(stages, { ExecutionMode: 'PARALLEL' })).toMatchObject({ failed: false });
    return flow;
  };
  const revision = async (flow: Awaited<ReturnType<typeof fetching>>, id: string) => {
    await flow.reached(id, 'First');
    return (await flow.executions()).find(({ pipelineExecutionId }) => pipelineExecutionId === id)?.sourceRevisions?.[0]
      ?.revisionId;
  };

  test('takes the newest version of an object, the pinned version, or the pinned key', async () => {
    const [one, two, other] = [await put('one'), await put('two'), await put('other', 'other.zip')];
    const flow = await fetching('from-s3', { S3Bucket: 'orders-code', AllowOverrideForS3ObjectKey: true });
    const pinned = (revisionType: 'S3_OBJECT_VERSION_ID' | 'S3_OBJECT_KEY', revisionValue: string) =>
      flow.start({ sourceRevisions: [{ actionName: 'Source', revisionType, revisionValue }] });

    expect(await revision(flow, await flow.start())).toBe(two);
    expect(await revision(flow, await pinned('S3_OBJECT_VERSION_ID', one))).toBe(one);
    expect(await revision(flow, await pinned('S3_OBJECT_KEY', 'other.zip'))).toBe(other);
    await expect(
      flow.start({ sourceRevisions: [{ actionName: 'Source', revisionType: 'COMMIT_ID', revisionValue: one }] }),
    ).rejects.toThrow('S3 takes S3_OBJECT_KEY and S3_OBJECT_VERSION_ID');
  });

  test('refuses a bucket without versions, and a key that the action does not let override', async () => {
    const flow = await fetching('from-plain', { S3Bucket: 'orders-artifacts' });
    const [{ pipelineExecutionId: id = '' } = {}] = await flow.executions();
    await flow.ended(id);

    expect((await flow.executions())[0]?.statusSummary).toContain('has no versions');
    await expect(
      flow.start({
        sourceRevisions: [{ actionName: 'Source', revisionType: 'S3_OBJECT_KEY', revisionValue: 'other.zip' }],
      }),
    ).rejects.toThrow('AllowOverrideForS3ObjectKey');
  });
});
