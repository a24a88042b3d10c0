import { join } from 'node:path';
import type { Buildspec } from '../../../languages/buildspec/types.ts';
import { call } from '../../world/call.ts';
import { AwsError } from '../../world/failure.ts';
import type { World } from '../../world/world.ts';
import type { Session } from '../sts/assume.ts';
import type { Build } from './tables.ts';

/**
 * What the commands of a build see: CodeBuild's own variables (facts 5.2), the role's keys, the buildspec's, the project's and the call's
 * variables in rising precedence, and of the machine only PATH.
 */
export async function environmentOf(
  world: World,
  build: Build,
  buildspec: Buildspec,
  session: Session,
  directory: string,
): Promise<Record<string, string>> {
  if (Object.keys(buildspec.env.secretsManager).length > 0)
    throw new AwsError(
      'InvalidInputException',
      'env.secrets-manager is not played by the local cloud: use parameter-store',
    );
  const declared = [...build.project.variables, ...build.variables];
  const stored = {
    ...buildspec.env.parameterStore,
    ...Object.fromEntries(
      declared.filter(({ type }) => type === 'PARAMETER_STORE').map(({ name, value }) => [name, value]),
    ),
  };
  return {
    ...buildspec.env.variables,
    ...(await parameters(world, build, session, stored)),
    ...Object.fromEntries(declared.filter(({ type }) => type === 'PLAINTEXT').map(({ name, value }) => [name, value])),
    ...ownVariables(build, directory),
    ...machine(world, directory),
    AWS_ACCESS_KEY_ID: session.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: session.credentials.secretAccessKey,
    AWS_SESSION_TOKEN: session.credentials.sessionToken ?? '',
    AWS_REGION: build.project.region,
    AWS_DEFAULT_REGION: build.project.region,
  };
}

const machine = (world: World, directory: string): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '/usr/bin:/bin',
  HOME: join(directory, 'home'),
  TMPDIR: join(directory, 'tmp'),
  LANG: 'C.UTF-8',
  AWS_ENDPOINT_URL: world.endpoint,
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
  NO_PROXY: '127.0.0.1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
});

const ownVariables = (build: Build, directory: string): Record<string, string> => ({
  CI: 'true',
  CODEBUILD_BUILD_ARN: build.arn,
  CODEBUILD_BUILD_ID: build.id,
  CODEBUILD_BUILD_IMAGE: build.project.image,
  CODEBUILD_BUILD_NUMBER: String(build.number),
  CODEBUILD_BUILD_SUCCEEDING: '1',
  CODEBUILD_INITIATOR: build.initiator,
  CODEBUILD_KMS_KEY_ID: build.keyArn ?? '',
  CODEBUILD_LOG_PATH: build.logStream,
  CODEBUILD_SRC_DIR: join(directory, 'src'),
  CODEBUILD_START_TIME: String(build.startedAt),
  ...(build.sourceVersion === undefined ? {} : { CODEBUILD_RESOLVED_SOURCE_VERSION: build.sourceVersion }),
  ...(build.source === undefined
    ? {}
    : { CODEBUILD_SOURCE_VERSION: `arn:aws:s3:::${build.source.bucket}/${build.source.key}` }),
});

async function parameters(
  world: World,
  build: Build,
  session: Session,
  names: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const { account, region } = build.project;
  const entries = Object.entries(names).map(async ([variable, Name]) => {
    const { Parameters } = await call<{ Parameters: readonly { Value: string }[] }>(world, {
      caller: session.principal,
      account,
      region,
      cause: build.cause,
      service: 'ssm',
      operation: 'GetParameters',
      input: { Names: [Name] },
    });
    const [found] = Parameters;
    if (found === undefined)
      throw new AwsError('InvalidInputException', `parameter ${Name} of variable ${variable} does not exist`);
    return [variable, found.Value] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
