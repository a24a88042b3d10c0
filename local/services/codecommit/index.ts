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
import { deleteCommentContent, updateComment } from './change-comments.ts';
import { updatePullRequestDescription, updatePullRequestTitle } from './change-pull-request.ts';
import { createCommit, deleteFile, putFile } from './create-commit.ts';
import { createUnreferencedMergeCommit } from './create-merge-commit.ts';
import { describePullRequestEvents } from './describe-pull-request-events.ts';
import { listFileCommitHistory } from './file-history.ts';
import { batchGetCommits, getCommit } from './get-commit.ts';
import { getDifferences } from './get-differences.ts';
import { getBlob, getFile, getFolder } from './get-file.ts';
import { batchDescribeMergeConflicts, describeMergeConflicts, getMergeConflicts } from './get-merge-conflicts.ts';
import { gitPull, gitPush } from './git-access.ts';
import { mergeBranches } from './merge-branches.ts';
import { getMergeCommit, getMergeOptions } from './merge-options.ts';
import { mergePullRequest } from './merge-pull-request.ts';
import { postCommentForComparedCommit, postCommentForPullRequest, postCommentReply } from './post-comments.ts';
import { createPullRequest, getPullRequest, listPullRequests, updatePullRequestStatus } from './pull-requests.ts';
import { getComment, getCommentsForComparedCommit, getCommentsForPullRequest } from './read-comments.ts';
import {
  batchGetRepositories,
  createRepository,
  deleteRepository,
  getRepository,
  listRepositories,
  updateRepositoryDescription,
  updateRepositoryName,
} from './repositories.ts';
import { repository } from './repository.ts';
import { listTagsForResource, tagResource, untagResource } from './tags.ts';

/** AWS CodeCommit. Clone, fetch and push come through `wire/git.ts`. */
export const codecommit: Service = {
  name: 'codecommit',
  targetPrefix: 'CodeCommit_20150413',
  operations: {
    BatchDescribeMergeConflicts: batchDescribeMergeConflicts,
    BatchGetCommits: batchGetCommits,
    BatchGetRepositories: batchGetRepositories,
    CreateBranch: createBranch,
    CreateCommit: createCommit,
    CreatePullRequest: createPullRequest,
    CreatePullRequestApprovalRule: createApprovalRule,
    CreateRepository: createRepository,
    CreateUnreferencedMergeCommit: createUnreferencedMergeCommit,
    DeleteBranch: deleteBranch,
    DeleteCommentContent: deleteCommentContent,
    DeleteFile: deleteFile,
    DeletePullRequestApprovalRule: deleteApprovalRule,
    DeleteRepository: deleteRepository,
    DescribeMergeConflicts: describeMergeConflicts,
    DescribePullRequestEvents: describePullRequestEvents,
    EvaluatePullRequestApprovalRules: evaluateApprovalRules,
    GetBlob: getBlob,
    GetBranch: getBranch,
    GetComment: getComment,
    GetCommentsForComparedCommit: getCommentsForComparedCommit,
    GetCommentsForPullRequest: getCommentsForPullRequest,
    GetCommit: getCommit,
    GetDifferences: getDifferences,
    GetFile: getFile,
    GetFolder: getFolder,
    GetMergeCommit: getMergeCommit,
    GetMergeConflicts: getMergeConflicts,
    GetMergeOptions: getMergeOptions,
    GetPullRequest: getPullRequest,
    GetPullRequestApprovalStates: getApprovalStates,
    GetPullRequestOverrideState: getOverrideState,
    GetRepository: getRepository,
    GitPull: gitPull,
    GitPush: gitPush,
    ListBranches: listBranches,
    ListFileCommitHistory: listFileCommitHistory,
    ListPullRequests: listPullRequests,
    ListRepositories: listRepositories,
    ListTagsForResource: listTagsForResource,
    MergeBranchesByFastForward: mergeBranches('MergeBranchesByFastForward', 'FAST_FORWARD_MERGE'),
    MergeBranchesBySquash: mergeBranches('MergeBranchesBySquash', 'SQUASH_MERGE'),
    MergeBranchesByThreeWay: mergeBranches('MergeBranchesByThreeWay', 'THREE_WAY_MERGE'),
    MergePullRequestByFastForward: mergePullRequest('MergePullRequestByFastForward', 'FAST_FORWARD_MERGE'),
    MergePullRequestBySquash: mergePullRequest('MergePullRequestBySquash', 'SQUASH_MERGE'),
    MergePullRequestByThreeWay: mergePullRequest('MergePullRequestByThreeWay', 'THREE_WAY_MERGE'),
    OverridePullRequestApprovalRules: overrideApprovalRules,
    PostCommentForComparedCommit: postCommentForComparedCommit,
    PostCommentForPullRequest: postCommentForPullRequest,
    PostCommentReply: postCommentReply,
    PutFile: putFile,
    TagResource: tagResource,
    UntagResource: untagResource,
    UpdateComment: updateComment,
    UpdateDefaultBranch: updateDefaultBranch,
    UpdatePullRequestApprovalRuleContent: updateApprovalRuleContent,
    UpdatePullRequestApprovalState: updateApprovalState,
    UpdatePullRequestDescription: updatePullRequestDescription,
    UpdatePullRequestStatus: updatePullRequestStatus,
    UpdatePullRequestTitle: updatePullRequestTitle,
    UpdateRepositoryDescription: updateRepositoryDescription,
    UpdateRepositoryName: updateRepositoryName,
    UploadArchive: uploadArchive,
  },
};

export const codecommitResources: Readonly<Record<string, ResourceModel>> = {
  'AWS::CodeCommit::Repository': repository,
};
