import { GetCommitCommand } from '@aws-sdk/client-codecommit';
import { executionVariables } from '../../../shared/names.ts';
import type { Place } from './place.ts';

/** Characters of each that an execution is told; an approval's text has 1,000 for both and the owner's question. */
const longestAuthor = 100;
const longestTitle = 200;

/** Milliseconds that a start waits for it. */
const patience = 3_000;

/**
 * Who wrote a commit and what its message begins with, for those who are asked to approve it. Neither decides anything, so a commit that cannot be read
 * is started without them. Both are a stranger's words: they come as one line, without what a terminal or CodePipeline would take for a command.
 */
export async function describeCommit(
  { clients, own }: Place,
  commitId: string,
): Promise<{ readonly author: string; readonly title: string }> {
  const question = new GetCommitCommand({ repositoryName: own.repository, commitId });
  const commit = await clients.codecommit.send(question, { abortSignal: AbortSignal.timeout(patience) }).then(
    (answer) => answer.commit,
    (error: unknown) => void clients.logger.warn('the commit cannot be described', { commitId, error: String(error) }),
  );
  return {
    author: oneLine(commit?.author?.name, longestAuthor),
    title: oneLine(commit?.message?.trimStart().split('\n')[0], longestTitle),
  };
}

/** Text without control characters, without signs that turn the direction of what follows, and without CodePipeline's `#{`. */
function oneLine(text: string | undefined, longest: number): string {
  const plain = (text ?? '')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\s]+/gu, ' ')
    .replaceAll('#{', '# {')
    .trim();
  const letters = [...plain];
  const shown = letters.length > longest ? `${letters.slice(0, longest - 1).join('')}…` : plain;
  return shown === '' ? executionVariables.unset : shown;
}
