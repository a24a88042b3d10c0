import type { ResourceModel, Service } from '../../world/service.ts';
import { batchGetBuilds, listBuilds, listBuildsForProject, stopBuild } from './builds.ts';
import { project } from './project.ts';
import { createProject, deleteProject, updateProject } from './project-operations.ts';
import { batchGetProjects, listProjects } from './projects.ts';
import { retryBuild, startBuild, startBuildForPipeline } from './start-build.ts';

/** AWS CodeBuild. The commands run in a shell of this machine, as the person who started the cloud. */
export const codebuild: Service = {
  name: 'codebuild',
  targetPrefix: 'CodeBuild_20161006',
  operations: {
    BatchGetBuilds: batchGetBuilds,
    BatchGetProjects: batchGetProjects,
    CreateProject: createProject,
    DeleteProject: deleteProject,
    ListBuilds: listBuilds,
    ListBuildsForProject: listBuildsForProject,
    ListProjects: listProjects,
    RetryBuild: retryBuild,
    StartBuild: startBuild,
    StartBuildForPipeline: startBuildForPipeline,
    StopBuild: stopBuild,
    UpdateProject: updateProject,
  },
};

export const codebuildResources: Readonly<Record<string, ResourceModel>> = { 'AWS::CodeBuild::Project': project };
