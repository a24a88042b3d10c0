import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { operation } from '../../world/service.ts';
import { checkCommitId } from './commits.ts';
import { git } from './git.ts';
import { findRepository, repositoryAccess } from './tables.ts';

/** A commit's tree as a zip, without history: what CodePipeline fetches. IAM knows the action, the API does not offer it. */
export const uploadArchive = operation({
  internal: true,
  input: z.object({ repositoryName: z.string(), commitId: z.string() }),
  access: ({ repositoryName }, call) => [repositoryAccess('UploadArchive', repositoryName, call)],
  run: async ({ repositoryName, commitId }, call) => {
    const { directory, name } = findRepository(call.world, repositoryName, call);
    checkCommitId(commitId);
    const { code, stdout } = await git(call.world, directory, [
      'archive',
      '--format=zip',
      '-1',
      '--end-of-options',
      commitId,
    ]);
    if (code !== 0) throw new AwsError('CommitIdDoesNotExistException', `Commit ${commitId} does not exist in ${name}`);
    return { Body: stdout };
  },
});
