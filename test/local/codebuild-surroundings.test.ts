import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { administrator } from '../../local/accounts.ts';
import { call } from '../../local/world/call.ts';
import {
  account,
  artifact,
  type BuildWorld,
  bucket,
  building,
  buildWorld,
  needed,
  printed,
  region,
  spec,
} from './codebuild-world.ts';

let cloud: BuildWorld;
beforeEach(async () => {
  cloud = await buildWorld();
});
afterEach(async () => cloud.close());

describe('the environment', () => {
  const show = (...names: string[]) => names.map((name) => `echo "$${name}"`);

  test("CodeBuild's own variables tell the build about itself", async () => {
    const ended = await cloud.run({
      buildspec: building(
        ...show(
          'CODEBUILD_BUILD_ID',
          'CODEBUILD_RESOLVED_SOURCE_VERSION',
          'CODEBUILD_INITIATOR',
          'CODEBUILD_BUILD_NUMBER',
        ),
        'test "$PWD" = "$CODEBUILD_SRC_DIR" && echo here',
      ),
      input: { sourceVersion: 'c0ffee' },
    });

    expect(printed(ended).slice(0, 2)).toEqual([ended.build.id, 'c0ffee']);
    expect(printed(ended).slice(2)).toEqual(['codepipeline/orders-dev', '1', 'here']);
  });

  test('who starts a build without a pipeline is its initiator, whatever the request says', async () => {
    const { build } = await call<{ build: { initiator: string } }>(cloud.world, {
      caller: administrator(cloud.world, account),
      account,
      region,
      service: 'codebuild',
      operation: 'StartBuild',
      input: {
        projectName: 'orders',
        sourceTypeOverride: 'S3',
        sourceLocationOverride: await cloud.zipped({ 'buildspec.yml': building('true') }),
        initiator: 'codepipeline/orders-prod',
        pipeline: 'orders-prod',
      },
    });

    expect(build.initiator).toBe(`arn:aws:iam::${account}:user/administrator`);
  });

  test('each further source lies in a directory of its own', async () => {
    const location = await cloud.zipped({ 'shared.txt': 'of the library' });
    const ended = await cloud.run({
      buildspec: building('cat "$CODEBUILD_SRC_DIR_Library/shared.txt"', 'ls'),
      input: { secondarySourcesOverride: [{ type: 'S3', location, sourceIdentifier: 'Library' }] },
    });

    expect(printed(ended)).toEqual(['of the library', 'buildspec.yml']);
  });

  test('the call overrides the project, which overrides the buildspec, whatever the kind of variable', async () => {
    await cloud.place(account, 'AWS::SSM::Parameter', { Name: '/orders/word', Type: 'String', Value: 'stored-word' });
    await cloud.close();
    cloud = await buildWorld({
      Environment: {
        Type: 'LINUX_CONTAINER',
        ComputeType: 'BUILD_GENERAL1_SMALL',
        Image: 'any',
        EnvironmentVariables: [
          { Name: 'A', Value: 'project' },
          { Name: 'B', Value: 'project' },
          { Name: 'D', Value: '/orders/none', Type: 'PARAMETER_STORE' },
        ],
      },
    });
    await cloud.place(account, 'AWS::SSM::Parameter', { Name: '/orders/word', Type: 'String', Value: 'stored-word' });
    const variables = { A: 'buildspec', B: 'buildspec', C: '$PATH', D: 'buildspec' };
    const ended = await cloud.run({
      buildspec: spec({ env: { variables }, phases: { build: { commands: ['echo "$A $C $D"', 'echo ${B%word}'] } } }),
      input: {
        environmentVariablesOverride: [
          { name: 'A', value: 'call', type: 'PLAINTEXT' },
          { name: 'B', value: '/orders/word', type: 'PARAMETER_STORE' },
          { name: 'D', value: 'call' },
        ],
      },
    });

    expect(printed(ended)).toEqual(['call $PATH call', 'stored-']);
  });

  test('stored parameters and keys are hidden in the log, and stored parameters are not exported', async () => {
    await cloud.place(account, 'AWS::SSM::Parameter', {
      Name: '/orders/word',
      Type: 'String',
      Value: 'hunter2-hunter2',
    });
    const env = { 'parameter-store': { WORD: '/orders/word' }, 'exported-variables': ['WORD', 'TAG'] };
    const commands = ['echo "word $WORD"', 'echo "key $AWS_SECRET_ACCESS_KEY"', 'export TAG="1 \n2"'];
    const ended = await cloud.run({ buildspec: spec({ env, phases: { build: { commands } } }) });

    expect(printed(ended)).toEqual(['word ***', 'key ***']);
    expect(cloud.world.journal.entries.some(({ text }) => text.includes('hunter2'))).toBe(false);
    expect(ended.exportedVariables).toEqual({ TAG: '1 \n2' });
    expect(ended.build.exportedEnvironmentVariables).toEqual([{ name: 'TAG', value: '1 \n2' }]);
  });

  test('nothing of the machine is seen but its programs', async () => {
    process.env['SECRET_OF_THE_MACHINE'] = 'seen';
    const ended = await cloud.run({ buildspec: building('env | cut -d= -f1 | sort', 'echo "$HOME|$TMPDIR"') });
    delete process.env['SECRET_OF_THE_MACHINE'];

    expect(printed(ended)).not.toContain('SECRET_OF_THE_MACHINE');
    expect(printed(ended)).toEqual(expect.arrayContaining(['AWS_ENDPOINT_URL', 'AWS_SESSION_TOKEN', 'AWS_REGION']));
    expect(printed(ended).at(-1)).toMatch(
      new RegExp(`^${cloud.world.directory}/builds/.*\\|${cloud.world.directory}/`),
    );
  });

  test("the role's keys open the endpoint for what the role may do", async () => {
    const script = `
      import { GetObjectCommand, S3Client } from '${join(process.cwd(), 'node_modules/@aws-sdk/client-s3/dist-cjs/index.js')}';
      const s3 = new S3Client({ forcePathStyle: true });
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: '${bucket}', Key: 'source-0.zip' }));
      console.log('bytes', (await Body.transformToByteArray()).length > 100);`;
    const ended = await cloud.run({ buildspec: building('node read.mjs'), files: { 'read.mjs': script } });

    expect(printed(ended)).toContain('bytes true');
  });
});

describe('what goes wrong before the first command', () => {
  test.each([
    ['', 'DOWNLOAD_SOURCE failed: BuildspecInvalid'],
    ['version: 0.1\nphases: {}', 'version 0.1 is refused'],
    ['version: 0.2\nphases: { biuld: { commands: [x] } }', 'biuld'],
    [
      spec({ env: { 'secrets-manager': { A: 'b' } }, phases: { build: { commands: ['true'] } } }),
      'is not authorized to perform: secretsmanager:GetSecretValue',
    ],
    [spec({ env: { 'parameter-store': { A: '/none' } }, phases: { build: { commands: ['true'] } } }), '/none'],
  ])('the buildspec %j fails the build with a reason that says %j', async (buildspec, reason) => {
    const ended = await cloud.run({ buildspec });

    expect(ended.status).toBe('FAILED');
    expect(ended.reason).toContain(reason);
  });

  test.each([
    ['s3:GetObject', 'DOWNLOAD_SOURCE failed: AccessDenied'],
    ['s3:PutObject', 'UPLOAD_ARTIFACTS failed: AccessDenied'],
  ])('a role without %s ends the build: %s', async (action, reason) => {
    await cloud.allow(needed.filter((each) => each !== action));
    const artifacts = { files: ['**/*'] };
    const ended = await cloud.run({
      buildspec: spec({ phases: { build: { commands: ['true'] } }, artifacts }),
      input: { artifactsOverride: artifact('out') },
    });

    expect(ended.status).toBe('FAILED');
    expect(ended.reason).toContain(reason);
  });

  test('a role that may not write logs builds without them, and the journal says so', async () => {
    await cloud.allow(needed.filter((each) => !each.startsWith('logs:')));
    const ended = await cloud.run({ buildspec: building('echo unheard') });

    expect(ended.status).toBe('SUCCEEDED');
    expect(ended.lines).toEqual([]);
    expect(cloud.told('call')).toContainEqual(expect.stringContaining('may not write its log'));
    expect(cloud.told('log')).toContain('unheard');
  });

  test('a source that is not there, or that the role cannot look for, fails the build', async () => {
    const ended = await cloud.run({
      buildspec: building('true'),
      input: { sourceLocationOverride: `${bucket}/none.zip` },
    });

    expect(ended.reason).toContain('DOWNLOAD_SOURCE failed: AccessDenied');
  });
});
