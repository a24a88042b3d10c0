import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import { findRunning } from './running.ts';
import { type Build, builds, findBuild, findProject, projectAccess, projectOfBuild } from './tables.ts';

/** Ends a build that runs, with everything it started. */
export const stopBuild = operation({
  input: z.object({ id: z.string() }),
  access: ({ id }, call) => [projectAccess('StopBuild', projectOfBuild(id), call)],
  run: async ({ id }, call) => {
    const build = findBuild(call.world, id, call);
    if (build === undefined)
      throw new AwsError('ResourceNotFoundException', `Build cannot be found: ${id.slice(0, 200)}`);
    const running = findRunning(call.world, build.id);
    running?.halt('STOPPED');
    await running?.ended;
    return { build: shownBuild(findBuild(call.world, id, call) ?? build) };
  },
});

/** Builds by id; those that do not exist are listed apart. */
export const batchGetBuilds = operation({
  input: z.object({ ids: z.array(z.string()).min(1).max(100) }),
  access: ({ ids }, call) =>
    [...new Set(ids.map(projectOfBuild))].map((name) => projectAccess('BatchGetBuilds', name, call)),
  run: ({ ids }, call) => {
    const found = ids.map((id) => [id, findBuild(call.world, id, call)] as const);
    return {
      builds: found.flatMap(([, build]) => (build === undefined ? [] : [shownBuild(build)])),
      buildsNotFound: found.flatMap(([id, build]) => (build === undefined ? [id] : [])),
    };
  },
});

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

/** A build as the API shows it. */
export const shownBuild = (build: Build) => ({
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
    ...(status === undefined ? {} : { phaseStatus: status }),
    startTime: new Date(startedAt),
    ...(endedAt === undefined
      ? {}
      : { endTime: new Date(endedAt), durationInSeconds: Math.round((endedAt - startedAt) / 1000) }),
    ...(message === undefined ? {} : { contexts: [{ message }] }),
  })),
  environment: {
    type: 'LINUX_CONTAINER',
    image: build.project.image,
    computeType: 'BUILD_GENERAL1_SMALL',
    environmentVariables: [...build.project.variables, ...build.variables],
  },
  timeoutInMinutes: build.project.timeoutMinutes,
  encryptionKey: build.keyArn,
  exportedEnvironmentVariables: Object.entries(build.exported).map(([name, value]) => ({ name, value })),
  logs: { groupName: build.project.logGroup, streamName: build.logStream },
  serviceRole: build.project.roleArn,
});
