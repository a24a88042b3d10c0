import { AwsError } from '../../world/failure.ts';
import type { Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import type { Provider } from './actions/action.ts';
import { type ArtifactCounts, artifactCounts } from './actions/artifact-counts.ts';
import { custom } from './actions/custom.ts';
import { providers } from './actions/index.ts';
import { unplayedActions } from './actions/unplayed.ts';
import { findCustomType } from './custom-types.ts';
import { unplayed } from './refusals.ts';
import type { Action } from './tables.ts';

/** What an action can be: its settings, its artifacts and its doing. */
export interface ActionType extends Provider, ArtifactCounts {}

type Id = Pick<Action, 'category' | 'owner' | 'provider' | 'version'>;

/** The type of that id, if it is played here. */
export function findActionType(world: World, at: Place, id: Id): ActionType | undefined {
  const key = `${id.category}/${id.provider}`;
  if (id.owner === 'Custom') {
    const made = findCustomType(world, at, id);
    return made === undefined ? undefined : { ...made, ...custom(made) };
  }
  const known = id.owner === 'AWS' && id.version === '1' && Object.hasOwn(providers, key) ? providers[key] : undefined;
  const counts = artifactCounts[key];
  return known === undefined || counts === undefined ? undefined : { ...known, ...counts };
}

/** The type of that id. Throws InvalidActionDeclarationException, or StackFailed for one that AWS has and the local cloud does not play. */
export function actionTypeFor(world: World, at: Place, action: string, id: Id): ActionType {
  const found = findActionType(world, at, id);
  if (found !== undefined) return found;
  const key = `${id.category}/${id.provider}`;
  if (id.owner !== 'Custom' && Object.hasOwn(unplayedActions, key))
    throw unplayed(`action ${action}: provider ${id.owner}/${key} is not played: ${unplayedActions[key]}`);
  throw new AwsError(
    'InvalidActionDeclarationException',
    `ActionType (Category: '${id.category}', Provider: '${id.provider}', Owner: '${id.owner}', Version: '${id.version}') in action '${action}' is not available in region '${at.region.toUpperCase().replaceAll('-', '_')}'`,
  );
}
