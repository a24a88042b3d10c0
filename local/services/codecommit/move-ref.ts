import { AwsError } from '../../world/failure.ts';
import type { World } from '../../world/world.ts';
import { git } from './git.ts';
import type { Repository } from './tables.ts';

/** A ref to move, from where it must be; a missing side is "not there". */
export interface RefMove {
  readonly ref: string;
  readonly before?: string;
  readonly after?: string;
}

const nothing = '0'.repeat(40);

/** Moves a ref under git's own lock. Throws ConcurrentReferenceUpdateException when it is no longer where it was. */
export async function moveRef(
  world: World,
  { directory }: Repository,
  { ref, before = nothing, after }: RefMove,
): Promise<void> {
  const change = after === undefined ? ['-d', ref, before] : [ref, after, before];
  const { code } = await git(world, directory, ['update-ref', ...change]);
  if (code !== 0)
    throw new AwsError(
      'ConcurrentReferenceUpdateException',
      `${ref} cannot be moved: it has changed meanwhile, or a ref stands in its way`,
    );
}
