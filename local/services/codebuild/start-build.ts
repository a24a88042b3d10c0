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

const input = z.object({
  projectName: z.string(),
  sourceTypeOverride: z.literal('S3').optional(),
  sourceLocationOverride: z
    .string()
    .regex(/^[^/]+\/.+$/, 'must be <bucket>/<key>')
    .optional(),
  sourceVersion: z.string().optional(),
  buildspecOverride: z.string().optional(),
  artifactsOverride: artifacts.optional(),
  secondaryArtifactsOverride: z.array(artifacts).default([]),
  environmentVariablesOverride: z.array(variable).default([]),
  encryptionKeyOverride: z.string().optional(),
  timeoutInMinutesOverride: timeoutMinutes.optional(),
  /** Who started the build in CodePipeline's words, `codepipeline/<pipeline>`; real callers cannot say it. */
  initiator: z.string().optional(),
});
type StartInput = z.output<typeof input>;

/** Starts a build and answers at once. */
export const startBuild = operation({
  input,
  access: ({ projectName }, call) => [projectAccess('StartBuild', projectName, call)],
  run: (wanted, call) => {
    const project = findProject(call.world, wanted.projectName, call);
    if (project.sourceType === 'CODEPIPELINE' && wanted.sourceLocationOverride === undefined)
      throw new AwsError(
        'InvalidInputException',
        `project ${project.name} takes its source from a pipeline: start the pipeline`,
      );
    const build = newBuild(project, wanted, call);
    call.world.store.in(builds).put(build.id, build);
    launch(call.world, build.id);
    return { build: shownBuild(call.world.store.in(builds).get(build.id) ?? build) };
  },
});

function newBuild(project: Project, wanted: StartInput, { world, caller, cause }: Call): Build {
  const uuid = world.chance.uuid();
  const [, bucket, key] = /^([^/]+)\/(.+)$/.exec(wanted.sourceLocationOverride ?? '') ?? [];
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
    initiator: caller.type === 'role-session' && wanted.initiator ? wanted.initiator : principalName(caller),
    logStream: uuid,
    exported: {},
    startedAt: world.clock.now(),
    cause,
    ...(bucket === undefined || key === undefined ? {} : { source: { bucket, key } }),
    ...(wanted.sourceVersion === undefined ? {} : { sourceVersion: wanted.sourceVersion }),
    ...(keyArn === undefined ? {} : { keyArn }),
  };
}

function outputPlace(output: z.output<typeof artifacts> | undefined): OutputPlace[] {
  if (output === undefined || output.type === 'NO_ARTIFACTS') return [];
  const { artifactIdentifier: identifier, location: bucket, path, name } = output;
  return [{ identifier, bucket, key: path === '' ? name : `${path.replace(/\/$/, '')}/${name}` }];
}
