import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { type Call, operation } from '../../world/service.ts';
import { passRole } from '../iam/pass-role.ts';
import { findRunningBatch, launchBatch } from './batch-running.ts';
import { shownBatch } from './batch-shown.ts';
import { type BatchGroup, type BuildBatch, batches, batchNumbers, existingBatch, findBatch } from './batch-tables.ts';
import { batchOfToken, keepToken } from './batch-tokens.ts';
import { newBuild } from './new-build.ts';
import { batchConfig, timeoutMinutes } from './project-shape.ts';
import { startInput } from './start-build.ts';
import { builds, findProject, projectAccess, projectOfBuild } from './tables.ts';

/** Eight hours: what the console gives a batch that says nothing. */
const defaultTimeoutMinutes = 480;

const batchInput = startInput.omit({ timeoutInMinutesOverride: true }).extend({
  buildTimeoutInMinutesOverride: timeoutMinutes.optional(),
  buildBatchConfigOverride: batchConfig.optional(),
  idempotencyToken: z.string().optional(),
});
type BatchInput = z.output<typeof batchInput>;

const access = (action: string) => (wanted: BatchInput, call: Omit<Call, 'cause'>) => {
  const role = wanted.buildBatchConfigOverride?.serviceRole;
  return [
    projectAccess(action, wanted.projectName, call),
    ...(role === undefined ? [] : [passRole(role, 'codebuild.amazonaws.com')]),
  ];
};

/** Starts a batch and answers at once. Source: "Run builds in batches" of the CodeBuild guide. */
export const startBuildBatch = operation({
  simplified:
    'Nothing divides tests among a build-fanout, fleets and debug sessions are only read, and where AWS documents no place each build has a folder for its artifacts, of which the later build wins when they are combined.',
  input: batchInput,
  access: access('StartBuildBatch'),
  run: (wanted, call) => begin(wanted, call),
});

/** What only a pipeline's action sends. */
export const startBuildBatchForPipeline = operation({
  internal: true,
  input: batchInput.extend({ pipeline: z.string() }),
  access: access('StartBuildBatch'),
  run: ({ pipeline, ...wanted }, call) => begin(wanted, call, pipeline),
});

function begin({ idempotencyToken, ...input }: BatchInput, call: Call, pipeline?: string) {
  const { world } = call;
  const project = findProject(world, input.projectName, call);
  const repeated = batchOfToken(project.arn, idempotencyToken, input, call);
  if (repeated !== undefined) return { buildBatch: shownBatch(world, repeated) };
  const { buildBatchConfigOverride, buildTimeoutInMinutesOverride, ...members } = input;
  const config = { ...project.shape.buildBatchConfig, ...buildBatchConfigOverride };
  if (config.serviceRole === undefined)
    throw new AwsError(
      'InvalidInputException',
      `project ${project.name} has no role for batches: give it buildBatchConfig with serviceRole`,
    );
  const wanted =
    buildTimeoutInMinutesOverride === undefined
      ? members
      : { ...members, timeoutInMinutesOverride: buildTimeoutInMinutesOverride };
  const template = newBuild(project, wanted, call, pipeline);
  const number = (world.store.in(batchNumbers).get(project.arn) ?? 0) + 1;
  world.store.in(batchNumbers).put(project.arn, number);
  const batch: BuildBatch = {
    id: template.id,
    arn: `arn:aws:codebuild:${project.region}:${project.account}:build-batch/${template.id}`,
    number,
    template,
    roleArn: config.serviceRole,
    config,
    timeoutMinutes: config.timeoutInMins ?? defaultTimeoutMinutes,
    status: 'IN_PROGRESS',
    phases: [],
    groups: [],
    fastFail: false,
    startedAt: world.clock.now(),
  };
  keepToken(project.arn, idempotencyToken, input, batch.id, call);
  return launched(batch, call);
}

function launched(batch: BuildBatch, { world }: Call) {
  world.store.in(batches).put(batch.id, batch);
  launchBatch(world, batch.id);
  return { buildBatch: shownBatch(world, world.store.in(batches).get(batch.id) ?? batch) };
}

/** Ends a batch that runs, with its builds and everything they started. */
export const stopBuildBatch = operation({
  input: z.object({ id: z.string() }),
  access: ({ id }, call) => [projectAccess('StopBuildBatch', projectOfBuild(id), call)],
  run: async ({ id }, call) => {
    const batch = existingBatch(call.world, id, call);
    const running = findRunningBatch(call.world, batch.id);
    // Builds that the batch role may not stop are not waited for.
    if (await running?.halt('STOPPED')) await running?.ended;
    return { buildBatch: shownBatch(call.world, existingBatch(call.world, id, call)) };
  },
});

/** Runs builds of a batch again that did not succeed, or all of them, within the batch. What a pipeline began is retried by its stage. */
export const retryBuildBatch = operation({
  input: z.object({
    id: z.string(),
    idempotencyToken: z.string().optional(),
    retryType: z.enum(['RETRY_ALL_BUILDS', 'RETRY_FAILED_BUILDS']).default('RETRY_ALL_BUILDS'),
  }),
  access: ({ id }, call) => [projectAccess('RetryBuildBatch', projectOfBuild(id), call)],
  run: ({ id, retryType, idempotencyToken }, call) => {
    const { world } = call;
    const { endedAt: _ended, reason: _reason, ...batch } = existingBatch(world, id, call);
    const repeated = batchOfToken(batch.arn, idempotencyToken, { retryType }, call);
    if (repeated !== undefined) return { buildBatch: shownBatch(world, repeated) };
    if (batch.status === 'IN_PROGRESS' || batch.status === 'SUCCEEDED')
      throw new AwsError(
        'InvalidInputException',
        `Build batch ${batch.id} is ${batch.status}: one that failed can be retried`,
      );
    if (batch.template.pipeline !== undefined)
      throw new AwsError('InvalidInputException', `Build batch ${batch.id} was begun by a pipeline: retry its stage`);
    keepToken(batch.arn, idempotencyToken, { retryType }, batch.id, call);
    const succeeded = ({ current }: BatchGroup) => world.store.in(builds).get(current ?? '')?.status === 'SUCCEEDED';
    const groups = batch.groups.map((group) =>
      retryType === 'RETRY_FAILED_BUILDS' && succeeded(group) ? group : emptied(group),
    );
    const template = { ...batch.template, cause: call.cause };
    return launched({ ...batch, template, groups, status: 'IN_PROGRESS' }, call);
  },
});

function emptied({ current, refused: _refused, ...group }: BatchGroup): BatchGroup {
  return { ...group, prior: current === undefined ? group.prior : [...group.prior, current] };
}

/** Removes the record of a batch that ended, with that of its builds. */
export const deleteBuildBatch = operation({
  input: z.object({ id: z.string() }),
  access: ({ id }, call) => [projectAccess('DeleteBuildBatch', projectOfBuild(id), call)],
  run: ({ id }, call) => {
    const batch = findBatch(call.world, id, call);
    if (batch === undefined)
      throw new AwsError('InvalidInputException', `Build batch cannot be found: ${id.slice(0, 200)}`);
    if (batch.status === 'IN_PROGRESS')
      throw new AwsError('InvalidInputException', `Build batch ${batch.id} is in progress: stop it first`);
    const rows = call.world.store.in(builds);
    const owned = rows.where((build) => build.batch?.arn === batch.arn);
    for (const build of owned) rows.delete(build.id);
    call.world.store.in(batches).delete(batch.id);
    return { statusCode: 'SUCCEEDED', buildsDeleted: owned.map(({ arn }) => arn), buildsNotDeleted: [] };
  },
});
