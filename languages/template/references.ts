import { intrinsicCall } from './intrinsics.ts';
import { isObject } from './refusals.ts';
import { getAttArgument, splitOnce, subArgument, subParts } from './sub.ts';

type Path = readonly (string | number)[];

/** A name that a value refers to, and where. `attribute` tells `Fn::GetAtt` from `Ref`. */
export interface Reference {
  readonly name: string;
  readonly attribute: boolean;
  readonly path: Path;
}

/**
 * Every name that a value refers to by Ref, Fn::GetAtt and Fn::Sub; pseudo parameters are left out. Of a Fn::If only the
 * branch that its condition takes counts, when conditions are given.
 */
export function referencesIn(
  value: unknown,
  path: Path,
  conditions?: Readonly<Record<string, boolean>>,
): readonly Reference[] {
  const found: Reference[] = [];
  collect(value, path, conditions, found);
  return found.filter(({ name }) => !name.startsWith('AWS::'));
}

function collect(
  value: unknown,
  path: Path,
  conditions: Readonly<Record<string, boolean>> | undefined,
  found: Reference[],
): void {
  if (Array.isArray(value)) value.forEach((item, index) => collect(item, [...path, index], conditions, found));
  if (!isObject(value)) return;
  const call = intrinsicCall(value, false);
  const at = call ? [...path, call.name] : path;
  if (call?.name === 'Ref' && typeof call.argument === 'string')
    found.push({ name: call.argument, attribute: false, path: at });
  else if (call?.name === 'Fn::GetAtt') collectGetAtt(call.argument, at, conditions, found);
  else if (call?.name === 'Fn::Sub') collectSub(call.argument, at, conditions, found);
  else if (call?.name === 'Fn::If') collectIf(call.argument, at, conditions, found);
  else for (const [key, item] of Object.entries(value)) collect(item, [...path, key], conditions, found);
}

function collectGetAtt(
  argument: unknown,
  path: Path,
  conditions: Readonly<Record<string, boolean>> | undefined,
  found: Reference[],
): void {
  const read = getAttArgument(argument);
  if (!read) return;
  found.push({ name: read.logicalId, attribute: true, path });
  collect(read.attribute, [...path, 1], conditions, found);
}

function collectSub(
  argument: unknown,
  path: Path,
  conditions: Readonly<Record<string, boolean>> | undefined,
  found: Reference[],
): void {
  const read = subArgument(argument);
  const parts = read && subParts(read.text);
  if (!read || !parts || 'malformed' in parts) return;
  for (const part of parts) {
    if ('literal' in part || Object.hasOwn(read.variables, part.variable)) continue;
    const [name, attribute] = splitOnce(part.variable);
    found.push({ name, attribute: attribute !== undefined, path });
  }
  for (const [key, item] of Object.entries(read.variables)) collect(item, [...path, 1, key], conditions, found);
}

function collectIf(
  argument: unknown,
  path: Path,
  conditions: Readonly<Record<string, boolean>> | undefined,
  found: Reference[],
): void {
  if (!Array.isArray(argument)) return;
  const [name, ...branches] = argument as unknown[];
  const taken =
    typeof name === 'string' && conditions && Object.hasOwn(conditions, name) ? conditions[name] : undefined;
  branches.forEach((branch, index) => {
    if (taken === undefined || taken === (index === 0)) collect(branch, [...path, index + 1], conditions, found);
  });
}
