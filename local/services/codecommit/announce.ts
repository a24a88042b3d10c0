import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Principal, principalName } from '../../world/principal.ts';
import type { World } from '../../world/world.ts';
import { emit } from '../events/emit.ts';
import { followRef } from './follow-refs.ts';
import { type Repository, repositories } from './tables.ts';

/** A ref before and after; a missing side means that it was made or deleted. */
export interface RefChange {
  /** `refs/heads/dev`. */
  readonly ref: string;
  readonly before?: string;
  readonly after?: string;
  /** The extra fields that a merge by API adds (facts 1.1). */
  readonly merge?: Readonly<Record<string, string>>;
}

/** Tells what happened to refs, an event each, as CodeCommit does on the default bus of the repository's account (facts 1.1). */
export function announceRefs(
  world: World,
  repository: Repository,
  changes: readonly RefChange[],
  caller: Principal,
  cause: string,
): void {
  for (const change of changes) {
    const [, kind, name = ''] = /^refs\/(heads|tags)\/(.+)$/.exec(change.ref) ?? [];
    if (kind === undefined || change.before === change.after) continue;
    if (kind === 'heads' && change.after !== undefined) rememberDefault(world, repository, name);
    tell(world, repository, cause, {
      event:
        change.before === undefined
          ? 'referenceCreated'
          : change.after === undefined
            ? 'referenceDeleted'
            : 'referenceUpdated',
      repositoryName: repository.name,
      repositoryId: repository.id,
      referenceType: kind === 'heads' ? 'branch' : 'tag',
      referenceName: name,
      referenceFullName: change.ref,
      ...(change.after === undefined ? {} : { commitId: change.after }),
      ...(change.before === undefined ? {} : { oldCommitId: change.before }),
      ...change.merge,
      callerUserArn: principalName(caller),
    });
    if (kind === 'heads') followRef(world, repository, change, { caller, cause });
  }
}

/** Tells something of a repository on the default bus of its account. */
export function tell(world: World, { account, region, arn }: Repository, cause: string, detail: object): void {
  emit(world, {
    account,
    region,
    source: 'aws.codecommit',
    detailType: 'CodeCommit Repository State Change',
    resources: [arn],
    detail,
    cause,
  });
}

/** The first branch of a repository becomes its default. */
function rememberDefault(world: World, repository: Repository, name: string): void {
  const { defaultBranch } = world.store.in(repositories).get(repository.arn) ?? {};
  if (defaultBranch === undefined) setDefaultBranch(world, repository, name);
}

/** Sets what a clone checks out. */
export function setDefaultBranch(world: World, { arn, directory }: Repository, name: string): void {
  writeFileSync(join(directory, 'HEAD'), `ref: refs/heads/${name}\n`);
  world.store.in(repositories).update(arn, (row) => ({ ...row, defaultBranch: name }));
}
