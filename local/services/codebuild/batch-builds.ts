import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import { outputsOfBuild } from './batch-outputs.ts';
import { type BatchGroup, type BuildBatch, existingBatch } from './batch-tables.ts';
import { newBuild } from './new-build.ts';
import { launch } from './running.ts';
import { type StartInput, startInput } from './start-build.ts';
import { builds, findProject, projectAccess } from './tables.ts';

/** What a batch calls for each of its builds, as its service role: the permission is that of StartBuild, or of RetryBuild when a retried batch builds again. */
export const startBuildForBatch = operation({
  internal: true,
  input: startInput.extend({ batchId: z.string(), identifier: z.string(), again: z.boolean() }),
  access: ({ projectName, again }, call) => [projectAccess(again ? 'RetryBuild' : 'StartBuild', projectName, call)],
  run: ({ batchId, identifier, again: _again, ...wanted }, call) => {
    const { world } = call;
    const batch = existingBatch(world, batchId, call);
    const { arn, template } = batch;
    const project = findProject(world, wanted.projectName, call);
    if (project.arn !== template.project.arn)
      throw new AwsError('InvalidInputException', `batch ${batchId} is of another project than ${project.name}`);
    const made = newBuild(project, wanted, call, template.pipeline);
    world.store.in(builds).put(made.id, {
      ...made,
      initiator: template.initiator,
      outputs: outputsOfBuild(batch, identifier),
      batch: { arn, identifier },
    });
    launch(world, made.id);
    return { id: made.id };
  },
});

/** The members that begin one build of a batch: the batch's own, changed by what the batchspec says of this build. */
export function startOf(
  { id, template }: BuildBatch,
  { identifier, buildspec, env, prior }: BatchGroup,
): StartInput & { readonly batchId: string; readonly identifier: string; readonly again: boolean } {
  const wanted = template.wanted as StartInput;
  const own = Object.entries(env.variables).map(([name, value]) => ({ name, value, type: 'PLAINTEXT' as const }));
  const variables = [...wanted.environmentVariablesOverride, ...own];
  return {
    ...wanted,
    projectName: template.project.name,
    buildspecOverride: buildspec ?? template.project.buildspec,
    environmentVariablesOverride: [...new Map(variables.map((each) => [each.name, each])).values()],
    ...(env.image === undefined ? {} : { imageOverride: env.image }),
    ...(env.computeType === undefined ? {} : { computeTypeOverride: env.computeType }),
    ...(env.type === undefined ? {} : { environmentTypeOverride: env.type }),
    ...(env.privilegedMode === undefined ? {} : { privilegedModeOverride: env.privilegedMode }),
    batchId: id,
    identifier,
    again: prior.length > 0,
  };
}
