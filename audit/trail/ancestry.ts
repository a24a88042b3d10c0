import { type CodeCommitClient, GetCommitCommand } from '@aws-sdk/client-codecommit';

const mostCommits = 2000;
const atOnce = 10;

/**
 * Whether a commit is among another one and its ancestors, asked of CodeCommit generation by generation. Undefined when it was not among the
 * newest 2,000: then nobody can tell without a clone.
 */
export async function isContained(
  codecommit: CodeCommitClient,
  repositoryName: string,
  commitId: string,
  head: string,
): Promise<boolean | undefined> {
  const seen = new Set<string>([head]);
  let generation = [head];
  while (generation.length > 0) {
    if (generation.includes(commitId)) return true;
    if (seen.size > mostCommits) return undefined;
    const parents = await parentsOf(codecommit, repositoryName, generation);
    generation = [...new Set(parents)].filter((parent) => !seen.has(parent));
    for (const parent of generation) seen.add(parent);
  }
  return false;
}

async function parentsOf(
  codecommit: CodeCommitClient,
  repositoryName: string,
  commits: readonly string[],
): Promise<readonly string[]> {
  const parents: string[] = [];
  for (let from = 0; from < commits.length; from += atOnce) {
    const answers = await Promise.all(
      commits
        .slice(from, from + atOnce)
        .map((commitId) => codecommit.send(new GetCommitCommand({ repositoryName, commitId }))),
    );
    parents.push(...answers.flatMap(({ commit }) => commit?.parents ?? []));
  }
  return parents;
}
