import {
  type CodeCommitClient,
  CreateBranchCommand,
  CreateCommitCommand,
  GetBranchCommand,
} from '@aws-sdk/client-codecommit';
import { type GitWorld, gitWorld } from './git-world.ts';

export const repositoryName = 'orders';

/** A commit id that no repository of these tests has. */
export const unknownCommit = 'c0ffee'.padEnd(40, '0');

/** The error's name, or what came instead. */
export const failure = (attempt: Promise<unknown>): Promise<unknown> =>
  attempt.then(
    (answer) => ({ answer }),
    (error: Error) => error.name,
  );

/** A file to put by API. */
export const file = (filePath: string, content: string) => ({ filePath, fileContent: Buffer.from(content) });

/** A world with the repository `orders`, and what most tests of the API do first. */
export interface CodeCommitWorld extends GitWorld {
  /** Commits files by API and answers the commit; the first one makes the branch. */
  put(branchName: string, files: Record<string, string>, parentCommitId?: string): Promise<string>;
  branchAt(branchName: string, commitId: string): Promise<void>;
  head(branchName: string): Promise<string | undefined>;
  /** `main` with two files, and `feature` one commit ahead of it. */
  twoBranches(changed?: Record<string, string>): Promise<{ base: string; feature: string }>;
}

/** Opens it. */
export async function codecommitWorld(): Promise<CodeCommitWorld> {
  const world = await gitWorld();
  return { ...world, ...steps(world.codecommit) };
}

function steps(aws: CodeCommitClient) {
  const put: CodeCommitWorld['put'] = async (branchName, files, parentCommitId) => {
    const putFiles = Object.entries(files).map(([path, content]) => file(path, content));
    const input = { repositoryName, branchName, parentCommitId, putFiles, commitMessage: 'by API' };
    return (await aws.send(new CreateCommitCommand(input))).commitId ?? '';
  };
  const branchAt = async (branchName: string, commitId: string) =>
    void (await aws.send(new CreateBranchCommand({ repositoryName, branchName, commitId })));
  return {
    put,
    branchAt,
    head: async (branchName: string) =>
      (await aws.send(new GetBranchCommand({ repositoryName, branchName }))).branch?.commitId,
    twoBranches: async (changed: Record<string, string> = { 'feature.txt': 'f' }) => {
      const base = await put('main', { 'a.txt': '1\n2\n3\n4\n5\n', 'dir/b.txt': 'b' });
      await branchAt('feature', base);
      return { base, feature: await put('feature', changed, base) };
    },
  };
}
