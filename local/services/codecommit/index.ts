import type { ResourceModel, Service } from '../../world/service.ts';
import { uploadArchive } from './archive.ts';
import { createBranch, deleteBranch, getBranch, listBranches } from './branches.ts';
import { getCommit, getDifferences } from './get-commit.ts';
import { gitPull, gitPush } from './git-access.ts';
import { mergeBranches } from './merge-branches.ts';
import { createPullRequest, getPullRequest, mergePullRequest } from './pull-requests.ts';
import { createRepository, deleteRepository, getRepository, listRepositories } from './repositories.ts';
import { repository } from './repository.ts';

/** AWS CodeCommit. Clone, fetch and push come through `wire/git.ts`. */
export const codecommit: Service = {
  name: 'codecommit',
  targetPrefix: 'CodeCommit_20150413',
  operations: {
    CreateBranch: createBranch,
    CreatePullRequest: createPullRequest,
    CreateRepository: createRepository,
    DeleteBranch: deleteBranch,
    DeleteRepository: deleteRepository,
    GetBranch: getBranch,
    GetCommit: getCommit,
    GetDifferences: getDifferences,
    GetPullRequest: getPullRequest,
    GetRepository: getRepository,
    GitPull: gitPull,
    GitPush: gitPush,
    ListBranches: listBranches,
    ListRepositories: listRepositories,
    MergeBranchesByFastForward: mergeBranches('MergeBranchesByFastForward', 'FAST_FORWARD_MERGE'),
    MergeBranchesBySquash: mergeBranches('MergeBranchesBySquash', 'SQUASH_MERGE'),
    MergeBranchesByThreeWay: mergeBranches('MergeBranchesByThreeWay', 'THREE_WAY_MERGE'),
    MergePullRequestByFastForward: mergePullRequest('MergePullRequestByFastForward', 'FAST_FORWARD_MERGE'),
    MergePullRequestBySquash: mergePullRequest('MergePullRequestBySquash', 'SQUASH_MERGE'),
    MergePullRequestByThreeWay: mergePullRequest('MergePullRequestByThreeWay', 'THREE_WAY_MERGE'),
    UploadArchive: uploadArchive,
  },
};

export const codecommitResources: Readonly<Record<string, ResourceModel>> = {
  'AWS::CodeCommit::Repository': repository,
};
