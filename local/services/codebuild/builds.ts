import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { principalName } from '../../world/principal.ts';
import { operation } from '../../world/service.ts';
import { findRunning, launch } from './running.ts';
import { type Build, builds, findProject, type OutputPlace, projectAccess } from './tables.ts';

const artifacts = z.object({
  artifactIdentifier: z.string().default('artifact'),
  type: z.enum(['S3', 'NO_ARTIFACTS']),
  location: z.string().default(''),
  name: z.string().default(''),
});

/** Starts a build and answers at once. */
export const startBuild = operation({
  input: z.object({
    projectName: z.string(),
    sourceTypeOverride: z.literal('S3').optional(),
    sourceLocationOverride: z.string().optional(),
    sourceVersion: z.string().optional(),
    artifactsOverride: artifacts.optional(),
    secondaryArtifactsOverride: z.array(artifacts).default([]),
    environmentVariablesOverride: z
      .array(
        z.object({
          name: z.string(),
          value: z.string(),
          type: z.enum(['PLAINTEXT', 'PARAMETER_STORE']).default('PLAINTEXT'),
        }),
      )
      .default([]),
    encryptionKeyOverride: z.string().optional(),
    initiator: z.string().optional(),
  }),
  access: ({ projectName }, call) => [projectAccess('StartBuild', projectName, call)],
  run: (input, call) => {
    const { world } = call;
    const project = findProject(world, input.projectName, call);
    const id = `${project.name}:${world.chance.uuid()}`;
    const [, bucket, key] = /^([^/]+)\/(.+)$/.exec(input.sourceLocationOverride ?? '') ?? [];
    const keyArn = input.encryptionKeyOverride ?? project.keyArn;
    const build: Build = {
      id,
      project,
      arn: `arn:aws:codebuild:${project.region}:${project.account}:build/${id}`,
      number: world.store.in(builds).where((row) => row.project.arn === project.arn).length + 1,
      status: 'IN_PROGRESS',
      phases: [],
      outputs: [input.artifactsOverride, ...input.secondaryArtifactsOverride].flatMap((output): OutputPlace[] =>
        output === undefined || output.type === 'NO_ARTIFACTS'
          ? []
          : [{ identifier: output.artifactIdentifier, bucket: output.location, key: output.name }],
      ),
      variables: input.environmentVariablesOverride,
      initiator:
        call.caller.type === 'role-session'
          ? (input.initiator ?? principalName(call.caller))
          : principalName(call.caller),
      logStream: id.split(':')[1] ?? id,
      exported: {},
      startedAt: world.clock.now(),
      cause: call.cause,
      ...(bucket === undefined || key === undefined ? {} : { source: { bucket, key } }),
      ...(input.sourceVersion === undefined ? {} : { sourceVersion: input.sourceVersion }),
      ...(keyArn === undefined ? {} : { keyArn }),
    };
    if (project.sourceType === 'CODEPIPELINE' && build.source === undefined)
      throw new AwsError(
        'InvalidInputException',
        `project ${project.name} takes its source from a pipeline: start the pipeline`,
      );
    world.store.in(builds).put(id, build);
    launch(world, id);
    return { build: shown(build) };
  },
});

/** Ends a build that runs, with everything it started. */
export const stopBuild = operation({
  input: z.object({ id: z.string() }),
  access: ({ id }, call) => [projectAccess('StopBuild', id.split(':')[0] ?? '', call)],
  run: async ({ id }, { world }) => {
    const running = findRunning(world, id);
    running?.halt('STOPPED');
    await running?.ended;
    const build = world.store.in(builds).get(id);
    if (build === undefined)
      throw new AwsError('ResourceNotFoundException', `Build cannot be found: ${id.slice(0, 200)}`);
    return { build: shown(build) };
  },
});

/** Builds by id; those that do not exist are listed apart. */
export const batchGetBuilds = operation({
  input: z.object({ ids: z.array(z.string()).min(1).max(100) }),
  access: ({ ids }, call) =>
    [...new Set(ids.map(projectOf))].map((name) => projectAccess('BatchGetBuilds', name, call)),
  run: ({ ids }, { world }) => {
    const found = ids.map((id) => [id, world.store.in(builds).get(id.replace(/^arn:[^/]+\//, ''))] as const);
    return {
      builds: found.flatMap(([, build]) => (build === undefined ? [] : [shown(build)])),
      buildsNotFound: found.flatMap(([id, build]) => (build === undefined ? [id] : [])),
    };
  },
});

const projectOf = (id: string): string => id.replace(/^arn:[^/]+\//, '').split(':')[0] ?? '';

/** The ids of a project's builds, newest first. */
export const listBuildsForProject = operation({
  input: z.object({ projectName: z.string() }),
  access: ({ projectName }, call) => [projectAccess('ListBuildsForProject', projectName, call)],
  run: ({ projectName }, call) => {
    const project = findProject(call.world, projectName, call);
    return {
      ids: call.world.store
        .in(builds)
        .where((row) => row.project.arn === project.arn)
        .map(({ id }) => id)
        .toReversed(),
    };
  },
});

const shown = (build: Build) => ({
  id: build.id,
  arn: build.arn,
  buildNumber: build.number,
  buildStatus: build.status,
  buildComplete: build.status !== 'IN_PROGRESS',
  projectName: build.project.name,
  initiator: build.initiator,
  resolvedSourceVersion: build.sourceVersion,
  startTime: new Date(build.startedAt),
  ...(build.endedAt === undefined ? {} : { endTime: new Date(build.endedAt) }),
  currentPhase: build.status === 'IN_PROGRESS' ? build.phases.at(-1)?.type : 'COMPLETED',
  phases: build.phases.map(({ type, status, startedAt, endedAt, message }) => ({
    phaseType: type,
    phaseStatus: status,
    startTime: new Date(startedAt),
    ...(endedAt === undefined
      ? {}
      : { endTime: new Date(endedAt), durationInSeconds: Math.round((endedAt - startedAt) / 1000) }),
    ...(message === undefined ? {} : { contexts: [{ message }] }),
  })),
  exportedEnvironmentVariables: Object.entries(build.exported).map(([name, value]) => ({ name, value })),
  logs: { groupName: build.project.logGroup, streamName: build.logStream },
  serviceRole: build.project.roleArn,
});
