import type { World } from '../../world/world.ts';
import { noteStatus } from './records.ts';
import { type Execution, executions } from './tables.ts';

/** Changes an execution's row; answers the new one. */
export function change(world: World, id: string, part: Partial<Execution>): Execution {
  const changed = world.store
    .in(executions)
    .update(id, (row) => ({ ...row, ...part, updatedAt: world.clock.now() })) as Execution;
  if (part.status !== undefined) noteStatus(world, changed);
  return changed;
}
