import type { ResourceCall } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { modelOf, putResource, removeResource } from './change.ts';
import { type History, reasonOf, type Undone } from './history.ts';
import type { StackResource } from './tables.ts';

/** What a deployment has done so far, for the way back. */
export interface Progress {
  readonly made: Map<string, StackResource>;
  /** Made anew, in order. */
  readonly created: StackResource[];
  /** Changed in place: as they were before. */
  readonly changed: StackResource[];
  /** Replaced: the old ones go at the end. */
  readonly replaced: StackResource[];
}

/** With what a stack's resources are removed and put back. */
export interface Settling {
  readonly world: World;
  readonly call: (logicalId: string) => ResourceCall;
  readonly history: History;
}

/** Removes resources in the given order; one that cannot go does not stop the others. Answers those that are left. */
export async function removeAll(
  { world, call, history }: Settling,
  resources: readonly StackResource[],
): Promise<readonly StackResource[]> {
  const left: StackResource[] = [];
  for (const resource of resources) {
    try {
      await removeResource(world, resource, call(resource.logicalId));
      history.resource(resource, 'DELETE_COMPLETE');
    } catch (error) {
      history.resource(resource, 'DELETE_FAILED', reasonOf(error));
      left.push(resource);
    }
  }
  return left;
}

/**
 * Undoes what a failed deployment did. Answers what could not be undone. What was just made goes, but for DeletionPolicy Retain, which holds here
 * too; RetainExceptOnCreate is the policy that does not. Source: the DeletionPolicy page of the CloudFormation guide.
 */
export async function undo(settling: Settling, progress: Pick<Progress, 'changed' | 'created'>): Promise<Undone> {
  const { world, call, history } = settling;
  const stuck: StackResource[] = [];
  for (const resource of progress.changed.toReversed()) {
    try {
      await putResource(modelOf(world, resource.type), resource.properties, call(resource.logicalId), resource);
      history.resource(resource, 'UPDATE_COMPLETE', 'rolled back');
    } catch (error) {
      history.resource(resource, 'UPDATE_FAILED', reasonOf(error));
      stuck.push(resource);
    }
  }
  const [kept, made] = [true, false].map((retain) =>
    progress.created.toReversed().filter(({ deletionPolicy }) => (deletionPolicy === 'Retain') === retain),
  );
  for (const resource of kept ?? []) history.resource(resource, 'DELETE_SKIPPED');
  return { changed: stuck.toReversed(), created: (await removeAll(settling, made ?? [])).toReversed() };
}
