import type { ResourceModel, Service } from '../../world/service.ts';
import { batchGetBuilds, listBuildsForProject, stopBuild } from './builds.ts';
import { project } from './project.ts';
import { batchGetProjects, listProjects } from './projects.ts';
import { startBuild, startBuildForPipeline } from './start-build.ts';

/** AWS CodeBuild. The commands run in a shell of this machine, as the person who started the cloud. */
export const codebuild: Service = {
  name: 'codebuild',
  targetPrefix: 'CodeBuild_20161006',
  operations: {
    BatchGetBuilds: batchGetBuilds,
    BatchGetProjects: batchGetProjects,
    ListBuildsForProject: listBuildsForProject,
    ListProjects: listProjects,
    StartBuild: startBuild,
    StartBuildForPipeline: startBuildForPipeline,
    StopBuild: stopBuild,
  },
};

export const codebuildResources: Readonly<Record<string, ResourceModel>> = { 'AWS::CodeBuild::Project': project };
