import type { ResourceModel, Service } from '../../world/service.ts';
import {
  createApprovalRule,
  deleteApprovalRule,
  evaluateApprovalRules,
  getApprovalStates,
  getOverrideState,
  overrideApprovalRules,
  updateApprovalRuleContent,
  updateApprovalState,
} from './approvals.ts';
import { uploadArchive } from './archive.ts';
import { createBranch, deleteBranch, getBranch, listBranches, updateDefaultBranch } from './branches.ts';
import { updatePullRequestDescription, updatePullRequestTitle } from './change-pull-request.ts';
import { createCommit, deleteFile, putFile } from './create-commit.ts';
import { batchGetCommits, getCommit } from './get-commit.ts';
import { getDifferences } from './get-differences.ts';
import { getBlob, getFile, getFolder } from './get-file.ts';
import { getMergeConflicts } from './get-merge-conflicts.ts';
import { gitPull, gitPush } from './git-access.ts';
import { mergeBranches } from './merge-branches.ts';
import { mergePullRequest } from './merge-pull-request.ts';
import { createPullRequest, getPullRequest, listPullRequests, updatePullRequestStatus } from './pull-requests.ts';
import {
  batchGetRepositories,
  createRepository,
  deleteRepository,
  getRepository,
  listRepositories,
  updateRepositoryDescription,
} from './repositories.ts';
import { repository } from './repository.ts';

/** AWS CodeCommit. Clone, fetch and push come through `wire/git.ts`. */
export const codecommit: Service = {
  name: 'codecommit',
  targetPrefix: 'CodeCommit_20150413',
  operations: {
    BatchGetCommits: batchGetCommits,
    BatchGetRepositories: batchGetRepositories,
    CreateBranch: createBranch,
    CreateCommit: createCommit,
    CreatePullRequest: createPullRequest,
    CreatePullRequestApprovalRule: createApprovalRule,
    CreateRepository: createRepository,
    DeleteBranch: deleteBranch,
    DeleteFile: deleteFile,
    DeletePullRequestApprovalRule: deleteApprovalRule,
    DeleteRepository: deleteRepository,
    EvaluatePullRequestApprovalRules: evaluateApprovalRules,
    GetBlob: getBlob,
    GetBranch: getBranch,
    GetCommit: getCommit,
    GetDifferences: getDifferences,
    GetFile: getFile,
    GetFolder: getFolder,
    GetMergeConflicts: getMergeConflicts,
    GetPullRequest: getPullRequest,
    GetPullRequestApprovalStates: getApprovalStates,
    GetPullRequestOverrideState: getOverrideState,
    GetRepository: getRepository,
    GitPull: gitPull,
    GitPush: gitPush,
    ListBranches: listBranches,
    ListPullRequests: listPullRequests,
    ListRepositories: listRepositories,
    MergeBranchesByFastForward: mergeBranches('MergeBranchesByFastForward', 'FAST_FORWARD_MERGE'),
    MergeBranchesBySquash: mergeBranches('MergeBranchesBySquash', 'SQUASH_MERGE'),
    MergeBranchesByThreeWay: mergeBranches('MergeBranchesByThreeWay', 'THREE_WAY_MERGE'),
    MergePullRequestByFastForward: mergePullRequest('MergePullRequestByFastForward', 'FAST_FORWARD_MERGE'),
    MergePullRequestBySquash: mergePullRequest('MergePullRequestBySquash', 'SQUASH_MERGE'),
    MergePullRequestByThreeWay: mergePullRequest('MergePullRequestByThreeWay', 'THREE_WAY_MERGE'),
    OverridePullRequestApprovalRules: overrideApprovalRules,
    PutFile: putFile,
    UpdateDefaultBranch: updateDefaultBranch,
    UpdatePullRequestApprovalRuleContent: updateApprovalRuleContent,
    UpdatePullRequestApprovalState: updateApprovalState,
    UpdatePullRequestDescription: updatePullRequestDescription,
    UpdatePullRequestStatus: updatePullRequestStatus,
    UpdatePullRequestTitle: updatePullRequestTitle,
    UpdateRepositoryDescription: updateRepositoryDescription,
    UploadArchive: uploadArchive,
  },
};

export const codecommitResources: Readonly<Record<string, ResourceModel>> = {
  'AWS::CodeCommit::Repository': repository,
};
