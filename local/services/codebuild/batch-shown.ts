import type { World } from '../../world/world.ts';
import type { BatchGroup, BuildBatch } from './batch-tables.ts';
import { shownBuild } from './shown-build.ts';
import { type Build, builds } from './tables.ts';

/** A batch as the API shows it. */
export function shownBatch(world: World, batch: BuildBatch) {
  const { template, status, config } = batch;
  const { sourceVersion, projectName, source, secondarySources, artifacts, secondaryArtifacts, environment } =
    shownBuild(template);
  return {
    id: batch.id,
    arn: batch.arn,
    startTime: new Date(batch.startedAt),
    ...(batch.endedAt === undefined ? {} : { endTime: new Date(batch.endedAt) }),
    currentPhase: batch.phases.at(-1)?.type ?? 'SUBMITTED',
    buildBatchStatus: status,
    sourceVersion,
    resolvedSourceVersion: sourceVersion,
    projectName,
    phases: batch.phases.map(({ type, status: phaseStatus, startedAt, endedAt, message }) => ({
      phaseType: type,
      phaseStatus,
      startTime: new Date(startedAt),
      ...(endedAt === undefined
        ? {}
        : { endTime: new Date(endedAt), durationInSeconds: Math.round((endedAt - startedAt) / 1000) }),
      ...(message === undefined ? {} : { contexts: [{ message }] }),
    })),
    source,
    secondarySources,
    artifacts,
    secondaryArtifacts,
    environment,
    serviceRole: batch.roleArn,
    logConfig: template.project.shape.logsConfig,
    buildTimeoutInMinutes: template.project.timeoutMinutes,
    queuedTimeoutInMinutes: template.project.shape.queuedTimeoutInMinutes,
    complete: status !== 'IN_PROGRESS',
    initiator: template.initiator,
    encryptionKey: template.keyArn,
    buildBatchNumber: batch.number,
    buildBatchConfig: { ...config, serviceRole: batch.roleArn },
    buildGroups: batch.groups.map((group) => shownGroup(world, group)),
    debugSessionEnabled: false,
  };
}

function shownGroup(world: World, { identifier, dependsOn, ignoreFailure, current, prior }: BatchGroup) {
  const rows = world.store.in(builds);
  const summary = (id: string) => {
    const build = rows.get(id);
    return build === undefined ? [] : [summaryOf(build)];
  };
  const [now] = current === undefined ? [] : summary(current);
  return {
    identifier,
    dependsOn,
    ignoreFailure,
    ...(now === undefined ? {} : { currentBuildSummary: now }),
    priorBuildSummaryList: prior.flatMap(summary),
  };
}

function summaryOf(build: Build) {
  const resolved = build.outputs.map(({ identifier, bucket, key, of }) => ({
    of,
    shown: { type: 'S3', location: `arn:aws:s3:::${bucket}/${key}`, identifier },
  }));
  const primary = resolved.find(({ of }) => of === 'primary')?.shown;
  return {
    arn: build.arn,
    requestedOn: new Date(build.startedAt),
    buildStatus: build.status,
    primaryArtifact: primary ?? { type: 'NO_ARTIFACTS' },
    secondaryArtifacts: resolved.filter(({ of }) => of === 'secondary').map(({ shown }) => shown),
  };
}
