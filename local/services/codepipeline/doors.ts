import type { World } from '../../world/world.ts';
import { doors, type Pipeline, type StageDoor } from './tables.ts';

const doorKey = (pipeline: Pipeline, stage: string): string => `${pipeline.arn}/${stage}`;

/** The door of a stage as it is. */
export const doorOf = (world: World, pipeline: Pipeline, stage: string): StageDoor =>
  world.store.in(doors).get(doorKey(pipeline, stage)) ?? { waiting: [] };

/** Changes the door of a stage. */
export const changeDoor = (world: World, pipeline: Pipeline, stage: string, part: Partial<StageDoor>): void =>
  world.store.in(doors).put(doorKey(pipeline, stage), { ...doorOf(world, pipeline, stage), ...part });

/** Opens a door that was shut. */
export function openDoor(world: World, pipeline: Pipeline, stage: string): void {
  const { disabled: _opened, ...door } = doorOf(world, pipeline, stage);
  world.store.in(doors).put(doorKey(pipeline, stage), door);
}

/** Frees a stage, if this execution is the one in it: a pipeline of the same name may have been made since. */
export function leaveDoor(world: World, pipeline: Pipeline, stage: string, id: string): void {
  const { occupant, ...door } = doorOf(world, pipeline, stage);
  if (occupant === id) world.store.in(doors).put(doorKey(pipeline, stage), door);
}

/** Forgets the doors of a pipeline that is gone. */
export function forgetDoors(world: World, pipeline: Pipeline): void {
  for (const { name } of pipeline.stages) world.store.in(doors).delete(doorKey(pipeline, name));
}
