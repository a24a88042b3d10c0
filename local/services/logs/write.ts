import type { Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { appendLines, ensureGroup, ensureStream } from './keep.ts';

/** Lines for one stream. */
export interface LogWriting {
  /** `/aws/lambda/<function>`. */
  readonly group: string;
  readonly stream: string;
  readonly messages: readonly string[];
}

/**
 * Writes lines as a service of AWS does whose permission is judged elsewhere: group and stream are made when missing, and lines
 * in the embedded metric format become metrics.
 */
export function writeLog(world: World, place: Place, { group, stream, messages }: LogWriting): void {
  ensureGroup(world, place, group);
  ensureStream(world, place, group, stream);
  const timestamp = world.clock.now();
  appendLines(
    world,
    place,
    { group, stream },
    messages.map((message) => ({ timestamp, message })),
  );
}
