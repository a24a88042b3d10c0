import type { ResourceModel, Service } from '../../world/service.ts';
import { uploadArchive } from './archive.ts';
import { createBranch, deleteBranch, getBranch, listBranches, updateDefaultBranch } from './branches.ts';
import { createCommit, deleteFile, putFile } from './create-commit.ts';
import { batchGetCommits, getCommit } from './get-commit.ts';
import { getDifferences } from './get-differences.ts';
import { getBlob, getFile, getFolder } from './get-file.ts';
import { getMergeConflicts } from './get-merge-conflicts.ts';
import { gitPull, gitPush } from './git-access.ts';
import { mergeBranches } from './merge-branches.ts';
import { mergePullRequest } from './merge-pull-request.ts';
import { createPullRequest, getPullRequest, listPullRequests, updatePullRequestStatus } from './pull-requests.ts';
import { createRepository, deleteRepository, getRepository, listRepositories } from './repositories.ts';
import { repository } from './repository.ts';

/** AWS CodeCommit. Clone, fetch and push come through `wire/git.ts`. */
export const codecommit: Service = {
  name: 'codecommit',
  targetPrefix: 'CodeCommit_20150413',
  operations: {
    BatchGetCommits: batchGetCommits,
    CreateBranch: createBranch,
    CreateCommit: createCommit,
    CreatePullRequest: createPullRequest,
    CreateRepository: createRepository,
    DeleteBranch: deleteBranch,
    DeleteFile: deleteFile,
    DeleteRepository: deleteRepository,
    GetBlob: getBlob,
    GetBranch: getBranch,
    GetCommit: getCommit,
    GetDifferences: getDifferences,
    GetFile: getFile,
    GetFolder: getFolder,
    GetMergeConflicts: getMergeConflicts,
    GetPullRequest: getPullRequest,
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
    PutFile: putFile,
    UpdateDefaultBranch: updateDefaultBranch,
    UpdatePullRequestStatus: updatePullRequestStatus,
    UploadArchive: uploadArchive,
  },
};

export const codecommitResources: Readonly<Record<string, ResourceModel>> = {
  'AWS::CodeCommit::Repository': repository,
};
