import { join } from 'node:path';
import { AwsError } from '../../world/failure.ts';
import type { Access, Place } from '../../world/service.ts';
import { table } from '../../world/store.ts';
import type { World } from '../../world/world.ts';
import { tagContext } from '../iam/find.ts';

/** A repository; its content is a bare git repository. */
export interface Repository {
  /** UUID. */
  readonly id: string;
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly description: string;
  /** The first branch that was pushed, until somebody chooses another. */
  readonly defaultBranch?: string;
  /** The bare repository. */
  readonly directory: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Milliseconds of world time. */
  readonly createdAt: number;
  readonly changedAt: number;
}

/** By ARN. */
export const repositories = table<Repository>('codecommit/repositories');

/** The directory of a repository that is about to be made. */
export const directoryOf = (world: World, { account, region }: Place, name: string): string =>
  join(world.directory, 'git', account, region, `${name}.git`);

/** Throws InvalidRepositoryNameException. Such names are safe as names of directories too. */
export function checkRepositoryName(name: string): void {
  if (!/^[\w.-]{1,100}$/.test(name) || /^\.+$|\.git$/.test(name))
    throw new AwsError(
      'InvalidRepositoryNameException',
      `The repository name '${name.slice(0, 100)}' is not valid: it takes 1 to 100 letters, digits, periods, underscores and dashes, and does not end in .git`,
    );
}

/** The repository of that name. Throws InvalidRepositoryNameException, RepositoryDoesNotExistException. */
export function findRepository(world: World, name: string, { account, region }: Place): Repository {
  checkRepositoryName(name);
  const repository = world.store.in(repositories).get(`arn:aws:codecommit:${region}:${account}:${name}`);
  if (repository === undefined) throw new AwsError('RepositoryDoesNotExistException', `${name} does not exist`);
  return repository;
}

/**
 * The question for an action on a repository, with the tags it has; writing ones name the full refs they touch, or the tags they set.
 * Throws InvalidRepositoryNameException.
 */
export const repositoryAccess = (
  action: string,
  name: string,
  { account, region, world }: Place & { readonly world: World },
  refs: readonly string[] = [],
  requested: Access['context'] = {},
): Access => {
  checkRepositoryName(name);
  const resource = `arn:aws:codecommit:${region}:${account}:${name}`;
  const context = {
    ...(refs.length === 0 ? {} : { 'codecommit:References': refs }),
    ...tagContext(world.store.in(repositories).get(resource)?.tags ?? {}, 'aws:ResourceTag/'),
    ...requested,
  };
  return { action: `codecommit:${action}`, resource, ...(Object.keys(context).length === 0 ? {} : { context }) };
};
