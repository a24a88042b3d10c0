import { join } from 'node:path';
import { AwsError } from '../../world/failure.ts';
import type { Access, Place } from '../../world/service.ts';
import { table } from '../../world/store.ts';
import type { World } from '../../world/world.ts';

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
  /** Milliseconds of world time. */
  readonly createdAt: number;
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

/** The question for an action on a repository; writing ones name the full refs they touch. Throws InvalidRepositoryNameException. */
export const repositoryAccess = (
  action: string,
  name: string,
  { account, region }: Place,
  refs: readonly string[] = [],
): Access => {
  checkRepositoryName(name);
  return {
    action: `codecommit:${action}`,
    resource: `arn:aws:codecommit:${region}:${account}:${name}`,
    ...(refs.length === 0 ? {} : { context: { 'codecommit:References': refs } }),
  };
};
