import type { Credentials } from '../../world/credentials.ts';
import type { SessionPrincipal } from '../../world/principal.ts';
import type { World } from '../../world/world.ts';
import { newBuild } from '../codebuild/new-build.ts';
import { projectShape } from '../codebuild/project-shape.ts';
import { buildEnd, launch } from '../codebuild/running.ts';
import { builds, type Project } from '../codebuild/tables.ts';
import { ActionFailure } from './actions/action.ts';
import { artifactPlaceOf } from './artifacts.ts';
import type { Execution } from './tables.ts';

/** Lines of shell of an action or of a rule. */
interface Commands {
  readonly world: World;
  readonly execution: Execution;
  readonly session: SessionPrincipal;
  readonly credentials: Credentials;
  /** The action's or rule's. */
  readonly name: string;
  readonly commands: readonly string[];
  readonly inputs: readonly string[];
  readonly output?: { readonly name: string; readonly bucket: string; readonly key: string };
  readonly files?: readonly string[];
  readonly outputVariables?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Those of the environment whose value names a secret. */
  readonly secretVariables?: readonly string[];
  readonly begun?: (buildId: string) => void;
}

/** Everything but a builder that CodePipeline itself runs takes an hour. Source: facts 3.7. */
const timeoutMinutes = 60;

/**
 * Runs lines of shell in a build without a project of anybody's, which acts with the session of the action and logs to `/aws/codepipeline/<pipeline>`. Throws
 * JobFailed. Source: "Commands action reference" of the CodePipeline guide.
 */
export async function runCommands(
  wanted: Commands,
): Promise<{ id: string; variables: Readonly<Record<string, string>> }> {
  const { world, execution, session, credentials, inputs, output } = wanted;
  const { account, region, name: pipeline, keyArn } = execution.pipeline;
  const [primary, ...others] = inputs.map((name) => ({ name, ...artifactPlaceOf(execution, name) }));
  const at = ({ bucket, key }: { bucket: string; key: string }): string => `${bucket}/${key}`;
  const sources = {
    ...(primary === undefined ? {} : { sourceLocationOverride: at(primary) }),
    secondarySourcesOverride: others.map((each) => ({
      type: 'S3' as const,
      location: at(each),
      sourceIdentifier: each.name.replace(/\W/g, '_'),
    })),
  };
  const made = newBuild(
    projectOf(wanted, primary === undefined ? 'NO_SOURCE' : 'CODEPIPELINE'),
    {
      projectName: pipeline,
      ...sources,
      artifactsOverride: {
        artifactIdentifier: output?.name ?? 'artifact',
        type: output === undefined ? 'NO_ARTIFACTS' : 'S3',
        location: output?.bucket ?? '',
        name: output?.key ?? '',
        path: '',
      },
      environmentVariablesOverride: Object.entries(wanted.environment ?? {}).map(([name, value]) => ({
        name,
        value,
        type: wanted.secretVariables?.includes(name) ? ('SECRETS_MANAGER' as const) : ('PLAINTEXT' as const),
      })),
      ...(keyArn === undefined ? {} : { encryptionKeyOverride: keyArn }),
    },
    {
      world,
      caller: session,
      account,
      region,
      service: 'codebuild',
      operation: 'StartBuild',
      requestId: '',
      cause: execution.cause,
    },
    pipeline,
  );
  world.store.in(builds).put(made.id, { ...made, accessKeyId: credentials.accessKeyId });
  launch(world, made.id);
  wanted.begun?.(made.id);
  const outcome = await buildEnd(world, made.id);
  if (outcome.status === 'SUCCEEDED') return { id: made.id, variables: outcome.exportedVariables };
  throw new ActionFailure(
    'JobFailed',
    `Commands of ${wanted.name} terminated with state ${outcome.status}: ${outcome.reason ?? 'no reason given'} (log ${outcome.logGroup} ${outcome.logStream})`,
  );
}

/** What CodeBuild needs to know; no project of that name is made. */
function projectOf(wanted: Commands, sourceType: 'CODEPIPELINE' | 'NO_SOURCE'): Project {
  const { world, execution, session, name: action } = wanted;
  const { account, region, name: pipeline } = execution.pipeline;
  const name = `AWSCodePipeline-${pipeline}-${action}`.replace(/[^A-Za-z0-9_-]/g, '-').slice(0, 150);
  const buildspec = buildspecOf(wanted);
  const image = 'aws/codebuild/amazonlinux2-x86_64-standard:5.0';
  const now = world.clock.now();
  return {
    account,
    region,
    arn: `arn:aws:codebuild:${region}:${account}:project/${name}`,
    name,
    shape: projectShape.parse({
      name,
      serviceRole: session.roleArn,
      source: { type: sourceType, buildspec },
      artifacts: { type: 'NO_ARTIFACTS' },
      environment: { type: 'LINUX_CONTAINER', computeType: 'BUILD_GENERAL1_SMALL', image },
    }),
    roleArn: session.roleArn,
    sourceType,
    buildspec,
    image,
    variables: [],
    timeoutMinutes,
    logGroup: `/aws/codepipeline/${pipeline}`,
    logs: true,
    createdAt: now,
    modifiedAt: now,
  };
}

const buildspecOf = ({ commands, outputVariables = [], output, files = ['**/*'] }: Commands): string =>
  JSON.stringify({
    version: 0.2,
    ...(outputVariables.length === 0 ? {} : { env: { 'exported-variables': outputVariables } }),
    phases: { build: { commands } },
    ...(output === undefined ? {} : { artifacts: { files } }),
  });
