import { acting } from '../acting.ts';
import { headAtTrigger } from '../trigger-heads.ts';
import type { Provider } from './action.ts';

interface CommitAnswer {
  readonly commit: {
    readonly message: string;
    readonly author: { readonly date: string };
    readonly committer: { readonly date: string };
  };
}

/**
 * Source/CodeCommit: fetches the pinned commit, or the head of the branch, with the action role in the repository's account: the head when the action begins,
 * or, for an execution that had to wait for it, when that was triggered.
 */
export const codecommitSource: Provider = {
  required: ['RepositoryName', 'BranchName', 'PollForSourceChanges'],
  optional: ['OutputArtifactFormat'],
  run: async (context) => {
    const { world, execution, action, configuration, putArtifact } = context;
    const { RepositoryName: repositoryName = '', BranchName: branchName = '' } = configuration;
    const ask = acting(context, 'codecommit');
    const pinned = execution.pinned[action.name];
    const commitId =
      pinned?.value ??
      (await headAtTrigger(world, execution.id, action.name)) ??
      (await ask<{ branch: { commitId: string } }>('GetBranch', { repositoryName, branchName })).branch.commitId;
    const { commit } = await ask<CommitAnswer>('GetCommit', { repositoryName, commitId });
    const { Body } = await ask<{ Body: Buffer }>('UploadArchive', { repositoryName, commitId });
    await putArtifact(action.outputs[0] ?? action.name, Body);
    const message = commit.message.slice(0, 100 * 1024);
    return {
      externalId: commitId,
      summary: message.slice(0, 1500),
      revision: { revisionId: commitId, summary: message.slice(0, 1500) },
      variables: {
        CommitId: commitId,
        CommitMessage: message,
        BranchName: branchName,
        RepositoryName: repositoryName,
        AuthorDate: iso(commit.author.date),
        CommitterDate: iso(commit.committer.date),
      },
    };
  },
};

/** From git's `seconds zone`. */
const iso = (date: string): string => new Date(Number(date.split(' ')[0]) * 1000).toISOString();
