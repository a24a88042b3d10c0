import type { Build } from './tables.ts';

/** A build as the API shows it. Plain variables are shown, stored ones by the name they are stored under. */
export const shownBuild = (build: Build) => ({
  id: build.id,
  arn: build.arn,
  buildNumber: build.number,
  buildStatus: build.status,
  buildComplete: build.status !== 'IN_PROGRESS',
  projectName: build.project.name,
  ...(build.batch === undefined ? {} : { buildBatchArn: build.batch.arn }),
  initiator: build.initiator,
  sourceVersion: build.sourceVersion,
  resolvedSourceVersion: build.sourceVersion,
  startTime: new Date(build.startedAt),
  ...(build.endedAt === undefined ? {} : { endTime: new Date(build.endedAt) }),
  currentPhase: build.status === 'IN_PROGRESS' ? build.phases.at(-1)?.type : 'COMPLETED',
  phases: build.phases.map(({ type, status, startedAt, endedAt, message }) => ({
    phaseType: type,
    ...(status === undefined ? {} : { phaseStatus: status }),
    startTime: new Date(startedAt),
    ...(endedAt === undefined
      ? {}
      : { endTime: new Date(endedAt), durationInSeconds: Math.round((endedAt - startedAt) / 1000) }),
    ...(message === undefined ? {} : { contexts: [{ message }] }),
  })),
  source:
    build.source === undefined
      ? { type: 'NO_SOURCE', buildspec: build.project.buildspec }
      : {
          type: build.project.sourceType === 'CODEPIPELINE' ? 'CODEPIPELINE' : 'S3',
          location: `${build.source.bucket}/${build.source.key}`,
          buildspec: build.project.buildspec,
        },
  secondarySources: build.secondarySources.map(({ bucket, key, identifier }) => ({
    type: 'S3',
    location: `${bucket}/${key}`,
    sourceIdentifier: identifier,
  })),
  artifacts: artifactsOf(build)[0] ?? { location: '' },
  secondaryArtifacts: artifactsOf(build).slice(1),
  environment: {
    type: build.project.shape.environment.type,
    image: build.project.image,
    computeType: build.project.shape.environment.computeType,
    privilegedMode: build.project.shape.environment.privilegedMode ?? false,
    environmentVariables: [...build.project.variables, ...build.variables],
  },
  timeoutInMinutes: build.project.timeoutMinutes,
  queuedTimeoutInMinutes: build.project.shape.queuedTimeoutInMinutes,
  encryptionKey: build.keyArn,
  exportedEnvironmentVariables: Object.entries(build.exported).map(([name, value]) => ({ name, value })),
  logs: {
    groupName: build.project.logGroup,
    streamName: build.logStream,
    cloudWatchLogs: { status: build.project.logs ? 'ENABLED' : 'DISABLED', groupName: build.project.logGroup },
  },
  reportArns: build.reportArns ?? [],
  serviceRole: build.project.roleArn,
});

const artifactsOf = ({ outputs }: Build) =>
  outputs.map(({ identifier, bucket, key }) => ({
    location: `arn:aws:s3:::${bucket}/${key}`,
    artifactIdentifier: identifier,
    encryptionDisabled: false,
  }));
