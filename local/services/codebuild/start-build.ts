import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { principalName } from '../../world/principal.ts';
import { type Call, operation } from '../../world/service.ts';
import { shownBuild } from './builds.ts';
import { launch } from './running.ts';
import {
  type Build,
  builds,
  findProject,
  type OutputPlace,
  type Project,
  projectAccess,
  timeoutMinutes,
} from './tables.ts';

const artifacts = z.object({
  artifactIdentifier: z.string().default('artifact'),
  type: z.enum(['S3', 'NO_ARTIFACTS']),
  location: z.string().default(''),
  path: z.string().default(''),
  name: z.string().default(''),
  packaging: z.literal('ZIP').optional(),
});

const variable = z.object({
  name: z.string().min(1),
  value: z.string(),
  type: z
    .enum(['PLAINTEXT', 'PARAMETER_STORE'], 'SECRETS_MANAGER is not played by the local cloud')
    .default('PLAINTEXT'),
});

const place = z.string().regex(/^[^/]+\/.+$/, 'must be <bucket>/<key>');

const input = z.object({
  projectName: z.string(),
  sourceTypeOverride: z.literal('S3').optional(),
  sourceLocationOverride: place.optional(),
  secondarySourcesOverride: z
    .array(z.object({ type: z.literal('S3'), location: place, sourceIdentifier: z.string().regex(/^\w{1,127}$/) }))
    .max(12)
    .default([]),
  sourceVersion: z.string().optional(),
  buildspecOverride: z.string().optional(),
  artifactsOverride: artifacts.optional(),
  secondaryArtifactsOverride: z.array(artifacts).default([]),
  environmentVariablesOverride: z.array(variable).default([]),
  encryptionKeyOverride: z.string().optional(),
  timeoutInMinutesOverride: timeoutMinutes.optional(),
});
type StartInput = z.output<typeof input>;

/** Starts a build and answers at once. */
export const startBuild = operation({
  input,
  access: ({ projectName }, call) => [projectAccess('StartBuild', projectName, call)],
  run: (wanted, call) => begin(wanted, call, principalName(call.caller)),
});

/** What only a pipeline's action sends: on AWS too, a build that a pipeline began says so, and nobody else can make it say that. */
export const startBuildForPipeline = operation({
  internal: true,
  input: input.extend({ pipeline: z.string() }),
  access: ({ projectName }, call) => [projectAccess('StartBuild', projectName, call)],
  run: (wanted, call) => begin(wanted, call, `codepipeline/${wanted.pipeline}`),
});

function begin(wanted: StartInput, call: Call, initiator: string) {
  const project = findProject(call.world, wanted.projectName, call);
  if (project.sourceType === 'CODEPIPELINE' && wanted.sourceLocationOverride === undefined)
    throw new AwsError(
      'InvalidInputException',
      `project ${project.name} takes its source from a pipeline: start the pipeline`,
    );
  const build = newBuild(project, wanted, call, initiator);
  call.world.store.in(builds).put(build.id, build);
  launch(call.world, build.id);
  return { build: shownBuild(call.world.store.in(builds).get(build.id) ?? build) };
}

function newBuild(project: Project, wanted: StartInput, { world, cause }: Call, initiator: string): Build {
  const uuid = world.chance.uuid();
  const keyArn = wanted.encryptionKeyOverride ?? project.keyArn;
  return {
    id: `${project.name}:${uuid}`,
    arn: `arn:aws:codebuild:${project.region}:${project.account}:build/${project.name}:${uuid}`,
    project: {
      ...project,
      buildspec: wanted.buildspecOverride ?? project.buildspec,
      timeoutMinutes: wanted.timeoutInMinutesOverride ?? project.timeoutMinutes,
    },
    number: world.store.in(builds).where((row) => row.project.arn === project.arn).length + 1,
    status: 'IN_PROGRESS',
    phases: [],
    outputs: [wanted.artifactsOverride, ...wanted.secondaryArtifactsOverride].flatMap(outputPlace),
    variables: wanted.environmentVariablesOverride,
    initiator,
    secondarySources: wanted.secondarySourcesOverride.map(({ location, sourceIdentifier }) => ({
      ...placeOf(location),
      identifier: sourceIdentifier,
    })),
    logStream: uuid,
    exported: {},
    startedAt: world.clock.now(),
    cause,
    ...(wanted.sourceLocationOverride === undefined ? {} : { source: placeOf(wanted.sourceLocationOverride) }),
    ...(wanted.sourceVersion === undefined ? {} : { sourceVersion: wanted.sourceVersion }),
    ...(keyArn === undefined ? {} : { keyArn }),
  };
}

/** `<bucket>/<key>`, taken apart. */
function placeOf(location: string): { readonly bucket: string; readonly key: string } {
  const slash = location.indexOf('/');
  return { bucket: location.slice(0, slash), key: location.slice(slash + 1) };
}

function outputPlace(output: z.output<typeof artifacts> | undefined): OutputPlace[] {
  if (output === undefined || output.type === 'NO_ARTIFACTS') return [];
  const { artifactIdentifier: identifier, location: bucket, path, name } = output;
  return [{ identifier, bucket, key: path === '' ? name : `${path.replace(/\/$/, '')}/${name}` }];
}
