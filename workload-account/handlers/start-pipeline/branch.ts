import type { Difference } from '@aws-sdk/client-codecommit';
import { GetBranchCommand, GetDifferencesCommand } from '@aws-sdk/client-codecommit';
import picomatch from 'picomatch';
import type { Head } from '../../../events/start-steps.ts';
import type { Performs, Place } from './place.ts';

/** Pages of differences that are read before the change counts as concerning: a limit, not a guess at what is common. */
const pagesAtMost = 50;

/** Where the branch points now. What cannot be read is an answer in words; what may pass is thrown. */
export async function readHead({ clients, settings, own }: Place): Promise<Head> {
  const question = new GetBranchCommand({ repositoryName: own.repository, branchName: settings.branch });
  try {
    const { branch } = await clients.codecommit.send(question);
    const commitId = branch?.commitId ?? '';
    if (!/^[0-9a-f]{40}$/.test(commitId)) throw new Error(`GetBranch answered commit '${commitId.slice(0, 80)}'`);
    return { commitId, now: clients.now() };
  } catch (error) {
    const { name, message } = error as Error;
    // A tag of that name is no branch either; CodeCommit says so with an error of its own.
    if (name === 'BranchDoesNotExistException' || name === 'BranchNameIsTagNameException') {
      return { absent: 'no-branch', reason: `repository ${own.repository} has no branch ${settings.branch}` };
    }
    if (!refusals.test(name)) throw error;
    const reason = `repository ${own.repository} cannot be read as ${settings.readRoleArn}: ${name}: ${message}`;
    return { absent: 'unreadable', reason };
  }
}

/** They do not pass by themselves: somebody must create or allow something. */
const refusals = /^(AccessDenied(Exception)?|RepositoryDoesNotExistException|EncryptionKey\w+Exception)$/;

/** Whether a path that differs between two commits concerns the pipeline; a commit that is gone counts as a change. */
export async function readChanges(
  { clients, own }: Place,
  { from, to }: Parameters<Performs['read-changes']>[0],
): ReturnType<Performs['read-changes']> {
  const concerns = pathFilter(own.paths ?? ['**']);
  let page: string | undefined;
  for (let pages = 0; pages < pagesAtMost; pages += 1) {
    const question = new GetDifferencesCommand({
      repositoryName: own.repository,
      beforeCommitSpecifier: from,
      afterCommitSpecifier: to,
      ...(page === undefined ? {} : { NextToken: page }),
    });
    const answer = await clients.codecommit.send(question).catch((error: Error) => {
      if (error.name === 'CommitDoesNotExistException') return null;
      throw error;
    });
    if (answer === null || answer.differences?.some((difference) => pathsOf(difference).some(concerns))) {
      return { concerned: true };
    }
    page = answer.NextToken;
    if (page === undefined) return { concerned: false };
  }
  return { concerned: true };
}

/** A renamed file has two paths, and leaving a folder concerns it as much as coming does. */
const pathsOf = ({ beforeBlob, afterBlob }: Difference): readonly string[] =>
  [beforeBlob?.path, afterBlob?.path].filter((path) => path !== undefined);

/** Globs of which any takes a path in, unless one that begins with `!` takes it out. */
function pathFilter(globs: readonly string[]): (path: string) => boolean {
  const taken = globs.filter((glob) => !glob.startsWith('!'));
  const left = globs.filter((glob) => glob.startsWith('!')).map((glob) => glob.slice(1));
  return picomatch(taken.length > 0 ? taken : ['**'], { dot: true, ignore: left });
}
