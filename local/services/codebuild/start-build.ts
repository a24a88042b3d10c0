import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { type Call, operation } from '../../world/service.ts';
import { newBuild } from './new-build.ts';
import { artifactPlace, bucketAndKey, secondarySource, timeoutMinutes, variable } from './project-shape.ts';
import { launch } from './running.ts';
import { shownBuild } from './shown-build.ts';
import { builds, findBuild, findProject, projectAccess, projectOfBuild } from './tables.ts';

/** What StartBuild takes. */
export const startInput = z.object({
  projectName: z.string(),
  sourceTypeOverride: z.literal('S3').optional(),
  sourceLocationOverride: bucketAndKey.optional(),
  secondarySourcesOverride: z.array(secondarySource).max(12).optional(),
  sourceVersion: z.string().optional(),
  buildspecOverride: z.string().optional(),
  artifactsOverride: artifactPlace.optional(),
  secondaryArtifactsOverride: z.array(artifactPlace).optional(),
  environmentVariablesOverride: z.array(variable).default([]),
  encryptionKeyOverride: z.string().optional(),
  timeoutInMinutesOverride: timeoutMinutes.optional(),
  imageOverride: z.string().optional(),
  computeTypeOverride: z.string().optional(),
  environmentTypeOverride: z.string().optional(),
  privilegedModeOverride: z.boolean().optional(),
});
/** The members of StartBuild. */
export type StartInput = z.output<typeof startInput>;

/** Starts a build and answers at once. */
export const startBuild = operation({
  input: startInput,
  access: ({ projectName }, call) => [projectAccess('StartBuild', projectName, call)],
  run: (wanted, call) => begin(wanted, call),
});

/** Starts a build again as it was started, with the project as it is now; one that runs, or that a pipeline began, is refused. */
export const retryBuild = operation({
  input: z.object({ id: z.string() }),
  access: ({ id }, call) => [projectAccess('RetryBuild', projectOfBuild(id), call)],
  run: ({ id }, call) => {
    const build = findBuild(call.world, id, call);
    if (build === undefined)
      throw new AwsError('ResourceNotFoundException', `Build cannot be found: ${id.slice(0, 200)}`);
    if (build.status === 'IN_PROGRESS')
      throw new AwsError('InvalidInputException', `Build ${build.id} is in progress: it can be retried once it ended`);
    if (build.pipeline !== undefined)
      throw new AwsError('InvalidInputException', `Build ${build.id} was begun by a pipeline: retry its stage`);
    return begin(build.wanted as StartInput, call);
  },
});

/** What only a pipeline's action sends: on AWS too, a build that a pipeline began says so, and nobody else can make it say that. */
export const startBuildForPipeline = operation({
  internal: true,
  input: startInput.extend({ pipeline: z.string() }),
  access: ({ projectName }, call) => [projectAccess('StartBuild', projectName, call)],
  run: ({ pipeline, ...wanted }, call) => begin(wanted, call, pipeline),
});

function begin(wanted: StartInput, call: Call, pipeline?: string) {
  const project = findProject(call.world, wanted.projectName, call);
  const build = newBuild(project, wanted, call, pipeline);
  call.world.store.in(builds).put(build.id, build);
  launch(call.world, build.id);
  return { build: shownBuild(call.world.store.in(builds).get(build.id) ?? build) };
}
