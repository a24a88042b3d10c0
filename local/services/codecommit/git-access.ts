import { z } from 'zod';
import { operation } from '../../world/service.ts';
import { findRepository, repositoryAccess } from './tables.ts';

const input = z.object({ repositoryName: z.string(), references: z.array(z.string()).default([]) });

/** What a clone or fetch needs. Git's own door asks it. */
export const gitPull = operation({
  internal: true,
  input,
  access: ({ repositoryName }, call) => [
    repositoryAccess('GitPull', findRepository(call.world, repositoryName, call).name, call),
  ],
  run: (_input, { cause }) => ({ cause }),
});

/** What a push needs: one question for each ref, because `codecommit:References` names the ref. */
export const gitPush = operation({
  internal: true,
  input,
  access: ({ repositoryName, references }, call) => {
    const { name } = findRepository(call.world, repositoryName, call);
    return references.length === 0
      ? [repositoryAccess('GitPush', name, call)]
      : references.map((ref) => repositoryAccess('GitPush', name, call, [ref]));
  },
  run: (_input, { cause }) => ({ cause }),
});
