import { AwsError } from '../../world/failure.ts';
import { principalName } from '../../world/principal.ts';
import type { Call } from '../../world/service.ts';
import { announceRefs } from './announce.ts';
import { changeFiles, type FileChanges } from './change-files.ts';
import { checkCommitId } from './commits.ts';
import { moveRef } from './move-ref.ts';
import { writeCommit } from './objects.ts';
import { checkBranchName, headOf, listRefs } from './refs.ts';
import type { Repository } from './tables.ts';
import { readTree, type TreeEntry, writeTree } from './trees.ts';

/** A commit that is made by API, on the head of a branch. */
export interface CommitByApi extends FileChanges {
  readonly repository: Repository;
  readonly branch: string;
  readonly parentCommitId?: string | undefined;
  readonly message?: string | undefined;
  readonly authorName?: string | undefined;
  readonly email?: string | undefined;
  /** What is thrown when the files are the same as before: each operation has its own. */
  readonly unchanged: AwsError;
}

/** The commit that was made, with the files before and after it. */
export interface Committed {
  readonly commitId: string;
  readonly treeId: string;
  readonly before: ReadonlyMap<string, TreeEntry>;
  readonly after: ReadonlyMap<string, TreeEntry>;
}

/** Makes the commit, moves the branch and tells so. Throws AWS's errors of CreateCommit. */
export async function commitFiles(call: Call, wanted: CommitByApi): Promise<Committed> {
  const { world } = call;
  const { repository, branch } = wanted;
  const parent = parentOf(wanted);
  const before = parent === undefined ? new Map<string, TreeEntry>() : await readTree(world, repository, parent);
  const after = await changeFiles(world, repository, before, wanted);
  if (sameFiles(before, after)) throw wanted.unchanged;
  const treeId = await writeTree(world, repository, after);
  const commitId = await writeCommit(world, repository, {
    treeId,
    parents: parent === undefined ? [] : [parent],
    author: authorOf(call, wanted),
    message: wanted.message ?? '',
  });
  const change = { ref: `refs/heads/${branch}`, ...(parent === undefined ? {} : { before: parent }), after: commitId };
  await moveRef(world, repository, change);
  announceRefs(world, repository, [change], call.caller, call.cause);
  return { commitId, treeId, before, after };
}

/** The head of the branch, which the caller must know; an empty repository gets its first branch. */
function parentOf({ repository, branch, parentCommitId }: CommitByApi): string | undefined {
  checkBranchName(branch);
  if (parentCommitId !== undefined) checkCommitId(parentCommitId, 'InvalidParentCommitIdException');
  if (parentCommitId === undefined && listRefs(repository, 'refs/heads/').size === 0) return undefined;
  const head = headOf(repository, branch);
  if (parentCommitId === undefined)
    throw new AwsError('ParentCommitIdRequiredException', `The head of branch ${branch} is required as parent`);
  if (parentCommitId !== head)
    throw new AwsError('ParentCommitIdOutdatedException', `The head of branch ${branch} is ${head}`);
  return head;
}

/** Without a name, a commit by API is signed with the name of the caller. */
export function authorOf(
  { caller }: Pick<Call, 'caller'>,
  { authorName, email }: { readonly authorName?: string | undefined; readonly email?: string | undefined },
): { name: string; email: string } {
  return { name: authorName ?? principalName(caller).split('/').at(-1) ?? '', email: email ?? '' };
}

function sameFiles(before: ReadonlyMap<string, TreeEntry>, after: ReadonlyMap<string, TreeEntry>): boolean {
  const same = ([path, { mode, id }]: [string, TreeEntry]) =>
    before.get(path)?.id === id && before.get(path)?.mode === mode;
  return before.size === after.size && [...after].every(same);
}
