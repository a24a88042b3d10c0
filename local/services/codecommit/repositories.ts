import { z } from 'zod';
import { type Call, operation } from '../../world/service.ts';
import { cloneUrl, makeRepository, removeRepository, repositoryName } from './repository.ts';
import { findRepository, type Repository, repositories, repositoryAccess } from './tables.ts';

const shown = ({ world }: Pick<Call, 'world'>, repository: Repository) => ({
  accountId: repository.account,
  repositoryId: repository.id,
  repositoryName: repository.name,
  repositoryDescription: repository.description,
  ...(repository.defaultBranch === undefined ? {} : { defaultBranch: repository.defaultBranch }),
  creationDate: new Date(repository.createdAt),
  lastModifiedDate: new Date(repository.createdAt),
  cloneUrlHttp: cloneUrl(world, repository.name),
  cloneUrlSsh: `ssh://git-codecommit.${repository.region}.amazonaws.com/v1/repos/${repository.name}`,
  Arn: repository.arn,
});

/** Makes an empty repository. */
export const createRepository = operation({
  input: z.object({ repositoryName, repositoryDescription: z.string().max(1000).default('') }),
  access: (input, call) => [repositoryAccess('CreateRepository', input.repositoryName, call)],
  run: (input, call) => ({
    repositoryMetadata: shown(
      call,
      makeRepository(call.world, call, input.repositoryName, input.repositoryDescription),
    ),
  }),
});

/** A repository's metadata, with where to clone it from. */
export const getRepository = operation({
  input: z.object({ repositoryName: z.string() }),
  access: (input, call) => [repositoryAccess('GetRepository', input.repositoryName, call)],
  run: (input, call) => ({ repositoryMetadata: shown(call, findRepository(call.world, input.repositoryName, call)) }),
});

/** The repositories of the caller's account and region. */
export const listRepositories = operation({
  input: z.object({}),
  access: () => [{ action: 'codecommit:ListRepositories', resource: '*' }],
  run: (_input, { world, account, region }) => ({
    repositories: world.store
      .in(repositories)
      .where((row) => row.account === account && row.region === region)
      .map((row) => ({ repositoryName: row.name, repositoryId: row.id })),
  }),
});

/** Deletes a repository; one that is not there is no error. */
export const deleteRepository = operation({
  input: z.object({ repositoryName: z.string() }),
  access: (input, call) => [repositoryAccess('DeleteRepository', input.repositoryName, call)],
  run: (input, { world, account, region }) => {
    const arn = `arn:aws:codecommit:${region}:${account}:${input.repositoryName}`;
    const known = world.store.in(repositories).get(arn);
    removeRepository(world, arn);
    return known === undefined ? {} : { repositoryId: known.id };
  },
});
