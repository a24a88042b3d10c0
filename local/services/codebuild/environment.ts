import { join } from 'node:path';
import type { Buildspec } from '../../../languages/buildspec/types.ts';
import { AwsError } from '../../world/failure.ts';
import type { World } from '../../world/world.ts';
import type { Session } from '../sts/assume.ts';
import { roleCall } from './role-call.ts';
import { secondaryDirectory } from './source.ts';
import { storedValues } from './stored-values.ts';
import type { Build, BuildVariable } from './tables.ts';

/** What the commands of a build see. */
export interface BuildSurroundings {
  readonly environment: Readonly<Record<string, string>>;
  /** Names whose values come from Parameter Store or Secrets Manager: they are not exported (facts 5.1). */
  readonly stored: readonly string[];
  /** Values that the log hides. */
  readonly secrets: readonly string[];
}

/**
 * CodeBuild's own variables (facts 5.2), the role's keys, the buildspec's, the project's and the call's variables in rising precedence,
 * and of the machine only PATH. Throws when a variable cannot be had.
 */
export async function environmentOf(
  world: World,
  build: Build,
  buildspec: Buildspec,
  session: Session,
  directory: string,
): Promise<BuildSurroundings> {
  const declared = declaredVariables(build, buildspec);
  const stored = await storedValues(roleCall(world, build, session), declared);
  const { accessKeyId, secretAccessKey, sessionToken = '' } = session.credentials;
  const environment = {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    LANG: 'C.UTF-8',
    ...Object.fromEntries(declared.map(({ name, value }) => [name, value])),
    ...stored,
    ...ownVariables(build, directory),
    ...machine(world, directory),
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    AWS_REGION: build.project.region,
    AWS_DEFAULT_REGION: build.project.region,
  };
  const broken = Object.entries(environment).find((pair) => pair.join().includes('\0'))?.[0];
  if (broken !== undefined) throw new AwsError('InvalidInputException', `variable ${broken} holds a NUL character`);
  const secrets = [...Object.values(stored), accessKeyId, secretAccessKey, sessionToken];
  return { environment, stored: Object.keys(stored), secrets };
}

/** One variable by name: the call's before the project's before the buildspec's, whatever its kind. */
function declaredVariables(build: Build, { env }: Buildspec): readonly BuildVariable[] {
  const ofBuildspec = [
    ...Object.entries(env.variables).map(([name, value]) => ({ name, value, type: 'PLAINTEXT' as const })),
    ...Object.entries(env.parameterStore).map(([name, value]) => ({ name, value, type: 'PARAMETER_STORE' as const })),
    ...Object.entries(env.secretsManager).map(([name, value]) => ({ name, value, type: 'SECRETS_MANAGER' as const })),
  ];
  const all = [...ofBuildspec, ...build.project.variables, ...build.variables];
  return [...new Map(all.map((variable) => [variable.name, variable])).values()];
}

const machine = (world: World, directory: string): Record<string, string> => ({
  HOME: join(directory, 'home'),
  TMPDIR: join(directory, 'tmp'),
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
  ...(build.batch === undefined ? {} : { CODEBUILD_BATCH_BUILD_IDENTIFIER: build.batch.identifier }),
  CODEBUILD_BUILD_ARN: build.arn,
  CODEBUILD_BUILD_ID: build.id,
  CODEBUILD_BUILD_IMAGE: build.project.image,
  CODEBUILD_BUILD_NUMBER: String(build.number),
  CODEBUILD_BUILD_SUCCEEDING: '1',
  CODEBUILD_INITIATOR: build.initiator,
  CODEBUILD_KMS_KEY_ID: build.keyArn ?? '',
  CODEBUILD_LOG_PATH: build.logStream,
  CODEBUILD_SRC_DIR: join(directory, 'src'),
  ...Object.fromEntries(
    build.secondarySources.map(({ identifier }) => [
      `CODEBUILD_SRC_DIR_${identifier}`,
      secondaryDirectory(directory, identifier),
    ]),
  ),
  CODEBUILD_START_TIME: String(build.startedAt),
  ...(build.sourceVersion === undefined ? {} : { CODEBUILD_RESOLVED_SOURCE_VERSION: build.sourceVersion }),
  ...(build.source === undefined
    ? {}
    : { CODEBUILD_SOURCE_VERSION: `arn:aws:s3:::${build.source.bucket}/${build.source.key}` }),
});
