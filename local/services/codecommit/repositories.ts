import { z } from 'zod';
import { type Call, operation } from '../../world/service.ts';
import { requestTagContext } from '../iam/find.ts';
import { pageOf } from '../page.ts';
import {
  changeRepository,
  cloneUrl,
  cloneUrlSsh,
  makeRepository,
  removeRepository,
  renameRepository,
} from './repository.ts';
import { findRepository, type Repository, repositories, repositoryAccess } from './tables.ts';
import { checkTags, tagMap } from './tags.ts';

const shown = ({ world }: Pick<Call, 'world'>, repository: Repository) => ({
  accountId: repository.account,
  repositoryId: repository.id,
  repositoryName: repository.name,
  repositoryDescription: repository.description,
  ...(repository.defaultBranch === undefined ? {} : { defaultBranch: repository.defaultBranch }),
  creationDate: new Date(repository.createdAt),
  lastModifiedDate: new Date(repository.changedAt),
  cloneUrlHttp: cloneUrl(world, repository.name),
  cloneUrlSsh: cloneUrlSsh(repository),
  Arn: repository.arn,
});

/** Makes an empty repository. */
export const createRepository = operation({
  simplified: 'The KMS key is accepted and not used.',
  input: z.object({
    repositoryName: z.string(),
    repositoryDescription: z.string().max(1000).default(''),
    tags: tagMap.default({}),
  }),
  access: ({ repositoryName, tags }, call) => [
    repositoryAccess('CreateRepository', repositoryName, call, [], requestTagContext(tags)),
  ],
  run: ({ repositoryName, repositoryDescription, tags }, call) => {
    checkTags(tags);
    return {
      repositoryMetadata: shown(call, makeRepository(call.world, call, repositoryName, repositoryDescription, tags)),
    };
  },
});

/** A repository's metadata, with where to clone it from. */
export const getRepository = operation({
  input: z.object({ repositoryName: z.string() }),
  access: (input, call) => [repositoryAccess('GetRepository', input.repositoryName, call)],
  run: (input, call) => ({ repositoryMetadata: shown(call, findRepository(call.world, input.repositoryName, call)) }),
});

const pageLength = 1000;

/** The repositories of the caller's account and region, by name or by age, in pages. */
export const listRepositories = operation({
  input: z.object({
    nextToken: z.string().optional(),
    sortBy: z.enum(['repositoryName', 'lastModifiedDate']).default('repositoryName'),
    order: z.enum(['ascending', 'descending']).default('ascending'),
  }),
  access: () => [{ action: 'codecommit:ListRepositories', resource: '*' }],
  run: ({ nextToken, sortBy, order }, { world, account, region }) => {
    const found = [...world.store.in(repositories).where((row) => row.account === account && row.region === region)];
    found.sort((a, b) => (sortBy === 'repositoryName' ? (a.name < b.name ? -1 : 1) : a.changedAt - b.changedAt));
    if (order === 'descending') found.reverse();
    const rows = found.map(({ name, id }) => ({ repositoryName: name, repositoryId: id }));
    const { items, next } = pageOf(rows, nextToken, pageLength, 'InvalidContinuationTokenException');
    return { repositories: items, nextToken: next };
  },
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

/** Repositories by name; those that do not exist are listed apart. */
export const batchGetRepositories = operation({
  input: z.object({ repositoryNames: z.array(z.string()).min(1).max(100) }),
  access: ({ repositoryNames }, call) =>
    repositoryNames.map((name) => repositoryAccess('BatchGetRepositories', name, call)),
  run: ({ repositoryNames }, call) => {
    const { account, region, world } = call;
    const found = repositoryNames.map(
      (name) => [name, world.store.in(repositories).get(`arn:aws:codecommit:${region}:${account}:${name}`)] as const,
    );
    return {
      repositories: found.flatMap(([, row]) => (row === undefined ? [] : [shown(call, row)])),
      repositoriesNotFound: found.flatMap(([name, row]) => (row === undefined ? [name] : [])),
    };
  },
});

/** Another description; none takes it away. */
export const updateRepositoryDescription = operation({
  input: z.object({ repositoryName: z.string(), repositoryDescription: z.string().max(1000).default('') }),
  access: (input, call) => [repositoryAccess('UpdateRepositoryDescription', input.repositoryName, call)],
  run: ({ repositoryName, repositoryDescription: description }, call) => {
    changeRepository(call.world, findRepository(call.world, repositoryName, call), { description });
    return {};
  },
});

/** Another name, under which all that is in the repository is found from now on. Throws RepositoryNameExistsException. */
export const updateRepositoryName = operation({
  input: z.object({ oldName: z.string(), newName: z.string() }),
  access: ({ oldName }, call) => [repositoryAccess('UpdateRepositoryName', oldName, call)],
  run: ({ oldName, newName }, call) => {
    renameRepository(call.world, findRepository(call.world, oldName, call), newName);
    return {};
  },
});
