import { batchEnd } from '../codebuild/batch-running.ts';
import { buildEnd } from '../codebuild/running.ts';
import { type Acting, acting } from './acting.ts';
import { ActionFailure } from './actions/action.ts';
import { artifactPlaceOf } from './artifacts.ts';

/** A build of somebody's project, for an action or a rule. */
interface ProjectBuild extends Acting {
  /** `ProjectName`, and maybe `PrimarySource`, `EnvironmentVariables`, `BatchEnabled` and `CombineArtifacts`. */
  readonly configuration: Readonly<Record<string, string>>;
  readonly inputs: readonly string[];
  readonly outputs: readonly { readonly name: string; readonly bucket: string; readonly key: string }[];
  readonly begun?: (buildId: string) => void;
}

/** Starts the project on the input artifacts and waits for its end. Throws JobFailed. */
export async function runProject(
  wanted: ProjectBuild,
): Promise<{ id: string; variables: Readonly<Record<string, string>> }> {
  const { world, configuration } = wanted;
  const ask = acting(wanted, 'codebuild');
  const { build } = await ask<{ build: { id: string } }>('StartBuildForPipeline', startInput(wanted));
  wanted.begun?.(build.id);
  const outcome = await buildEnd(world, build.id);
  if (outcome.status === 'SUCCEEDED') return { id: build.id, variables: outcome.exportedVariables };
  throw new ActionFailure(
    'JobFailed',
    `Build of ${configuration['ProjectName']} terminated with state ${outcome.status}: ${outcome.reason ?? 'no reason given'} (log ${outcome.logGroup} ${outcome.logStream})`,
  );
}

/** Starts the project's batch on the input artifacts and waits for its end; a batch has no output variables. Throws ConfigurationError or JobFailed. */
export async function runProjectBatch(wanted: ProjectBuild): Promise<{ id: string }> {
  const { world, configuration, outputs } = wanted;
  const combineArtifacts = configuration['CombineArtifacts'] === 'true';
  if (combineArtifacts && outputs.length > 1)
    throw new ActionFailure(
      'ConfigurationError',
      `CombineArtifacts makes one output artifact, and the action has ${outputs.length}: name one`,
    );
  const { buildBatch } = await acting(wanted, 'codebuild')<{ buildBatch: { id: string } }>(
    'StartBuildBatchForPipeline',
    { ...startInput(wanted), buildBatchConfigOverride: { combineArtifacts } },
  );
  wanted.begun?.(buildBatch.id);
  const { status, reason = 'no reason given' } = await batchEnd(world, buildBatch.id);
  if (status === 'SUCCEEDED') return { id: buildBatch.id };
  throw new ActionFailure(
    'JobFailed',
    `Build batch of ${configuration['ProjectName']} terminated with state ${status}: ${reason}`,
  );
}

function startInput({ execution, configuration, inputs, outputs }: ProjectBuild): object {
  const { pipeline, revisions } = execution;
  const primary = configuration['PrimarySource'] ?? inputs[0];
  const location = (name: string): string => {
    const { bucket, key } = artifactPlaceOf(execution, name);
    return `${bucket}/${key}`;
  };
  const [first, ...others] = outputs;
  const output = ({ name, bucket, key }: { name: string; bucket: string; key: string }) => ({
    artifactIdentifier: name,
    type: 'S3',
    location: bucket,
    name: key,
    packaging: 'ZIP',
  });
  return {
    projectName: configuration['ProjectName'],
    ...(primary === undefined ? {} : { sourceTypeOverride: 'S3', sourceLocationOverride: location(primary) }),
    secondarySourcesOverride: inputs
      .filter((name) => name !== primary)
      .map((name) => ({ type: 'S3', location: location(name), sourceIdentifier: name.replace(/\W/g, '_') })),
    sourceVersion: (revisions.find(({ artifact }) => artifact === primary) ?? revisions[0])?.revisionId,
    pipeline: pipeline.name,
    artifactsOverride: first === undefined ? { type: 'NO_ARTIFACTS' } : output(first),
    ...(others.length === 0 ? {} : { secondaryArtifactsOverride: others.map(output) }),
    environmentVariablesOverride: environmentOf(configuration['EnvironmentVariables']),
    ...(pipeline.keyArn === undefined ? {} : { encryptionKeyOverride: pipeline.keyArn }),
  };
}

function environmentOf(text: string | undefined): unknown {
  if (text === undefined) return [];
  try {
    return JSON.parse(text);
  } catch {
    throw new ActionFailure('ConfigurationError', 'EnvironmentVariables is not valid JSON');
  }
}
