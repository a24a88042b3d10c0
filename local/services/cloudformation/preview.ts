import { isDeepStrictEqual } from 'node:util';
import { resolve } from '../../../languages/template/resolve.ts';
import type { Scope } from '../../../languages/template/types.ts';
import { policyOf } from './policies.ts';
import type { Prepared } from './scope.ts';
import type { ResourceChange, ResourceChangeDetail, Stack, StackResource } from './tables.ts';

/**
 * What a deployment would do to each resource, in the order it would. Simpler than AWS: a property whose value is the resource's name or ARN recreates
 * the resource when it changes, any other one is told as changed in place. Source: "Replacement" of ResourceChange in the CloudFormation API reference.
 */
export function changesOf(
  before: Stack | undefined,
  prepared: Prepared,
  order: readonly string[],
): readonly ResourceChange[] {
  const known = new Map((before?.resources ?? []).map((resource) => [resource.logicalId, resource]));
  const settled = new Map(known);
  const changes: ResourceChange[] = [];
  for (const id of order) {
    const change = changeOf(id, known.get(id), prepared, prepared.scope(settled));
    if (change === undefined) continue;
    if (change.Replacement === 'True') settled.delete(id);
    changes.push(change);
  }
  const dropped = [...known.values()].filter(({ logicalId }) => !order.includes(logicalId)).reverse();
  return [...changes, ...dropped.map(removal)];
}

const removal = ({ logicalId, physicalId, type, deletionPolicy }: StackResource): ResourceChange => ({
  Action: 'Remove',
  PolicyAction: deletionPolicy.startsWith('Retain') ? 'Retain' : 'Delete',
  LogicalResourceId: logicalId,
  PhysicalResourceId: physicalId,
  ResourceType: type,
  Scope: [],
  Details: [],
});

function changeOf(
  id: string,
  previous: StackResource | undefined,
  prepared: Prepared,
  scope: Scope,
): ResourceChange | undefined {
  const definition = prepared.template.resources[id];
  const type = definition?.type ?? '';
  if (previous === undefined)
    return { Action: 'Add', LogicalResourceId: id, ResourceType: type, Scope: [], Details: [] };
  const details = detailsOf(previous, definition?.properties ?? {}, scope);
  if (details.length === 0) return undefined;
  const recreations = details.map(({ Target }) => Target.RequiresRecreation);
  const Replacement = recreations.includes('Always')
    ? 'True'
    : recreations.includes('Conditionally')
      ? 'Conditional'
      : 'False';
  const retained = policyOf(definition?.updateReplacePolicy, scope) === 'Retain';
  return {
    Action: 'Modify',
    ...(Replacement === 'True' ? { PolicyAction: retained ? 'ReplaceAndRetain' : 'ReplaceAndDelete' } : {}),
    LogicalResourceId: id,
    PhysicalResourceId: previous.physicalId,
    ResourceType: type,
    Replacement,
    Scope: ['Properties'],
    Details: details,
  };
}

function detailsOf(
  previous: StackResource,
  properties: Readonly<Record<string, unknown>>,
  scope: Scope,
): readonly ResourceChangeDetail[] {
  const was = JSON.parse(previous.written) as Record<string, unknown>;
  return [...new Set([...Object.keys(was), ...Object.keys(properties)])].flatMap((Name): ResourceChangeDetail[] => {
    const now = valueOf(properties[Name], scope);
    if (now !== unknown && isDeepStrictEqual(was[Name], now)) return [];
    const names = identifies(previous.physicalId, was[Name]);
    const RequiresRecreation = !names ? 'Never' : now === unknown ? 'Conditionally' : 'Always';
    return [
      {
        Target: { Attribute: 'Properties', Name, RequiresRecreation },
        Evaluation: now === unknown ? 'Dynamic' : 'Static',
        ChangeSource: now === unknown ? 'ResourceReference' : 'DirectModification',
      },
    ];
  });
}

/** A value that is known only once a resource has been made. */
const unknown = Symbol('known after execution');

function valueOf(written: unknown, scope: Scope): unknown {
  try {
    const value = resolve(written, scope);
    return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
  } catch {
    return unknown;
  }
}

const identifies = (physicalId: string, value: unknown): boolean =>
  typeof value === 'string' &&
  value !== '' &&
  [value, `:${value}`, `/${value}`].some((end, at) => (at === 0 ? physicalId === end : physicalId.endsWith(end)));
