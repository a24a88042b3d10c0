import type { ResourceModel, Service } from '../../world/service.ts';
import { startBuildForBatch } from './batch-builds.ts';
import { batchGetBuildBatches, listBuildBatches, listBuildBatchesForProject } from './batch-lists.ts';
import {
  deleteBuildBatch,
  retryBuildBatch,
  startBuildBatch,
  startBuildBatchForPipeline,
  stopBuildBatch,
} from './batch-operations.ts';
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
    BatchGetBuildBatches: batchGetBuildBatches,
    BatchGetBuilds: batchGetBuilds,
    BatchGetProjects: batchGetProjects,
    CreateProject: createProject,
    DeleteBuildBatch: deleteBuildBatch,
    DeleteProject: deleteProject,
    ListBuildBatches: listBuildBatches,
    ListBuildBatchesForProject: listBuildBatchesForProject,
    ListBuilds: listBuilds,
    ListBuildsForProject: listBuildsForProject,
    ListProjects: listProjects,
    RetryBuild: retryBuild,
    RetryBuildBatch: retryBuildBatch,
    StartBuild: startBuild,
    StartBuildBatch: startBuildBatch,
    StartBuildBatchForPipeline: startBuildBatchForPipeline,
    StartBuildForBatch: startBuildForBatch,
    StartBuildForPipeline: startBuildForPipeline,
    StopBuild: stopBuild,
    StopBuildBatch: stopBuildBatch,
    UpdateProject: updateProject,
  },
};

export const codebuildResources: Readonly<Record<string, ResourceModel>> = { 'AWS::CodeBuild::Project': project };
