import { AwsError } from '../../world/failure.ts';
import { principalName } from '../../world/principal.ts';
import type { Call } from '../../world/service.ts';
import type { ProjectShape } from './project-shape.ts';
import type { StartInput } from './start-build.ts';
import { type Build, builds, type OutputPlace, type Project } from './tables.ts';

/** A build as it is begun: the project with what the call overrides. Throws InvalidInputException when it has no source. */
export function newBuild(project: Project, wanted: StartInput, call: Call, pipeline?: string): Build {
  const { world, cause, caller } = call;
  const uuid = world.chance.uuid();
  const id = `${project.name}:${uuid}`;
  const keyArn = wanted.encryptionKeyOverride ?? project.keyArn;
  const source = sourceOf(project, wanted);
  return {
    id,
    arn: `arn:aws:codebuild:${project.region}:${project.account}:build/${id}`,
    project: {
      ...project,
      shape: { ...project.shape, environment: environmentOf(project.shape.environment, wanted) },
      image: wanted.imageOverride ?? project.image,
      buildspec: wanted.buildspecOverride ?? project.buildspec,
      timeoutMinutes: wanted.timeoutInMinutesOverride ?? project.timeoutMinutes,
    },
    number: world.store.in(builds).where((row) => row.project.arn === project.arn).length + 1,
    status: 'IN_PROGRESS',
    phases: [],
    wanted,
    outputs: outputsOf(project.shape, wanted),
    variables: wanted.environmentVariablesOverride,
    initiator: pipeline === undefined ? principalName(caller) : `codepipeline/${pipeline}`,
    secondarySources: (wanted.secondarySourcesOverride ?? project.shape.secondarySources).map((each) => ({
      ...placeOf(each.location),
      identifier: each.sourceIdentifier,
    })),
    logStream: uuid,
    exported: {},
    startedAt: world.clock.now(),
    cause,
    ...(pipeline === undefined ? {} : { pipeline }),
    ...(source === undefined ? {} : { source }),
    ...(wanted.sourceVersion === undefined ? {} : { sourceVersion: wanted.sourceVersion }),
    ...(keyArn === undefined ? {} : { keyArn }),
  };
}

function environmentOf(
  environment: ProjectShape['environment'],
  { imageOverride, computeTypeOverride, environmentTypeOverride, privilegedModeOverride }: StartInput,
): ProjectShape['environment'] {
  const privilegedMode = privilegedModeOverride ?? environment.privilegedMode;
  return {
    ...environment,
    image: imageOverride ?? environment.image,
    computeType: computeTypeOverride ?? environment.computeType,
    type: environmentTypeOverride ?? environment.type,
    ...(privilegedMode === undefined ? {} : { privilegedMode }),
  };
}

function sourceOf({ name, sourceType, shape }: Project, wanted: StartInput): Build['source'] | undefined {
  const location = wanted.sourceLocationOverride ?? shape.source.location;
  if (location !== undefined) return placeOf(location);
  if (sourceType === 'NO_SOURCE') return undefined;
  throw new AwsError(
    'InvalidInputException',
    sourceType === 'CODEPIPELINE'
      ? `project ${name} takes its source from a pipeline: start the pipeline, or give sourceLocationOverride`
      : `project ${name} has a source of type S3 and no location <bucket>/<key>`,
  );
}

/** `<bucket>/<key>`, taken apart. */
function placeOf(location: string): { readonly bucket: string; readonly key: string } {
  const slash = location.indexOf('/');
  return { bucket: location.slice(0, slash), key: location.slice(slash + 1) };
}

function outputsOf(shape: ProjectShape, wanted: StartInput): readonly OutputPlace[] {
  const places = [
    wanted.artifactsOverride ?? shape.artifacts,
    ...(wanted.secondaryArtifactsOverride ?? shape.secondaryArtifacts),
  ];
  return places
    .filter(({ type }) => type === 'S3')
    .map(({ artifactIdentifier: identifier, location: bucket, path, name }) => ({
      identifier,
      bucket,
      key: path === '' ? name : `${path.replace(/\/$/, '')}/${name}`,
    }));
}
