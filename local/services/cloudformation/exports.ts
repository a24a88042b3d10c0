import { AwsError } from '../../world/failure.ts';
import type { Place } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { type Stack, type StackOutput, stacks } from './tables.ts';

/** A value that a stack offers to the other stacks of its account and region. */
export interface Export {
  readonly name: string;
  readonly value: string;
  readonly stack: Stack;
}

const living = (world: World, { account, region }: Place): readonly Stack[] =>
  world.store
    .in(stacks)
    .where((stack) => stack.account === account && stack.region === region && stack.status !== 'DELETE_COMPLETE');

/** What the stacks of an account and region export. */
export const exportsOf = (world: World, at: Place): readonly Export[] =>
  living(world, at).flatMap((stack) =>
    Object.values(stack.outputs).flatMap(({ exportName, value }) =>
      exportName === undefined ? [] : [{ name: exportName, value, stack }],
    ),
  );

/** The stacks that import an export. */
export const importersOf = (world: World, at: Place, name: string): readonly Stack[] =>
  living(world, at).filter(({ imports }) => imports.includes(name));

/** Throws when a stack would export a name that another one exports, or change or drop an export that is imported. */
export function checkExports(
  world: World,
  stack: Place & { readonly stackId: string; readonly outputs: Readonly<Record<string, StackOutput>> },
  before: Stack | undefined,
): void {
  const wanted = new Map(
    Object.values(stack.outputs).flatMap(({ exportName, value }) =>
      exportName === undefined ? [] : [[exportName, value]],
    ),
  );
  const taken = exportsOf(world, stack).find((each) => each.stack.id !== stack.stackId && wanted.has(each.name));
  if (taken !== undefined)
    throw new AwsError(
      'ValidationError',
      `Export with name ${taken.name} is already exported by stack ${taken.stack.name}`,
    );
  for (const { exportName, value } of Object.values(before?.outputs ?? {})) {
    if (exportName === undefined || wanted.get(exportName) === value) continue;
    const users = importersOf(world, stack, exportName).filter(({ id }) => id !== stack.stackId);
    const change = wanted.has(exportName) ? 'updated' : 'deleted';
    if (users.length > 0)
      throw new AwsError(
        'ValidationError',
        `Export ${exportName} cannot be ${change} as it is in use by ${namesOf(users)}`,
      );
  }
}

/** Why a stack cannot be deleted: an export of it that is imported; undefined when it can. */
export function exportInUse(world: World, stack: Stack): string | undefined {
  for (const { exportName } of Object.values(stack.outputs)) {
    if (exportName === undefined) continue;
    const users = importersOf(world, stack, exportName).filter(({ id }) => id !== stack.id);
    if (users.length > 0)
      return `Delete canceled. Cannot delete export ${exportName} as it is in use by ${namesOf(users)}.`;
  }
  return undefined;
}

const namesOf = (users: readonly Stack[]): string => users.map(({ name }) => name).join(' and ');
