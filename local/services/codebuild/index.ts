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
import { reportGroup } from './report-group.ts';
import {
  batchGetReportGroups,
  createReportGroup,
  deleteReportGroup,
  listReportGroups,
  updateReportGroup,
} from './report-groups.ts';
import {
  batchGetReports,
  deleteReport,
  describeCodeCoverages,
  describeTestCases,
  listReports,
  listReportsForReportGroup,
} from './report-lists.ts';
import { getReportGroupTrend } from './report-trend.ts';
import { batchPutCodeCoverages, batchPutTestCases, createReport, updateReport } from './report-writing.ts';
import { retryBuild, startBuild, startBuildForPipeline } from './start-build.ts';

/** AWS CodeBuild. The commands run in a shell of this machine, as the person who started the cloud. */
export const codebuild: Service = {
  name: 'codebuild',
  targetPrefix: 'CodeBuild_20161006',
  operations: {
    BatchGetBuildBatches: batchGetBuildBatches,
    BatchGetBuilds: batchGetBuilds,
    BatchGetProjects: batchGetProjects,
    BatchGetReportGroups: batchGetReportGroups,
    BatchGetReports: batchGetReports,
    BatchPutCodeCoverages: batchPutCodeCoverages,
    BatchPutTestCases: batchPutTestCases,
    CreateProject: createProject,
    CreateReport: createReport,
    CreateReportGroup: createReportGroup,
    DeleteBuildBatch: deleteBuildBatch,
    DeleteProject: deleteProject,
    DeleteReport: deleteReport,
    DeleteReportGroup: deleteReportGroup,
    DescribeCodeCoverages: describeCodeCoverages,
    DescribeTestCases: describeTestCases,
    GetReportGroupTrend: getReportGroupTrend,
    ListBuildBatches: listBuildBatches,
    ListBuildBatchesForProject: listBuildBatchesForProject,
    ListBuilds: listBuilds,
    ListBuildsForProject: listBuildsForProject,
    ListProjects: listProjects,
    ListReportGroups: listReportGroups,
    ListReports: listReports,
    ListReportsForReportGroup: listReportsForReportGroup,
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
    UpdateReport: updateReport,
    UpdateReportGroup: updateReportGroup,
  },
};

export const codebuildResources: Readonly<Record<string, ResourceModel>> = {
  'AWS::CodeBuild::Project': project,
  'AWS::CodeBuild::ReportGroup': reportGroup,
};
