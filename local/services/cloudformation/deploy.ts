import { isDeepStrictEqual } from 'node:util';
import { dependencyOrder } from '../../../languages/template/dependency-order.ts';
import { resolve } from '../../../languages/template/resolve.ts';
import type { Template } from '../../../languages/template/types.ts';
import type { Principal } from '../../world/principal.ts';
import type { Place, ResourceCall } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { modelOf, propertiesOf, putResource } from './change.ts';
import { checkExports, exportInUse } from './exports.ts';
import { History, reasonOf } from './history.ts';
import { policyOf } from './policies.ts';
import { type Prepared, prepare } from './scope.ts';
import { type Progress, removeAll, undo } from './settle.ts';
import { type Stack, type StackOutput, type StackResource, stackKey, stacks } from './tables.ts';

/** What to deploy, and as whom. */
export interface Deployment extends Place {
  readonly stackName: string;
  readonly template: Template;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** Whose permissions each change needs. */
  readonly caller: Principal;
  readonly roleArn?: string;
  readonly cause?: string;
  /** What happens to a failed deployment; it is rolled back by default. */
  readonly onFailure?: 'ROLLBACK' | 'DELETE' | 'DO_NOTHING';
  readonly clientToken?: string;
  readonly terminationProtected?: boolean;
}

/** How a deployment ended. */
export interface StackOutcome {
  readonly stackId: string;
  readonly failed: boolean;
  /** For a failure: the first resource that failed and why. */
  readonly reason?: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** True when the stack was already as asked for. */
  readonly unchanged: boolean;
}

/**
 * Creates or updates a stack: resources in dependency order, then outputs, then what left the template goes. A failure undoes what was done.
 * Throws Fault when template or parameters are wrong before anything is touched.
 */
export async function deploy(world: World, wanted: Deployment): Promise<StackOutcome> {
  const history = History.open(world, wanted);
  const at = { ...wanted, stackId: history.stackId };
  const prepared = prepare(world, at, wanted.template, wanted.parameters);
  const order = dependencyOrder(prepared.template, prepared.conditions);
  for (const id of order) modelOf(world, prepared.template.resources[id]?.type ?? '');
  const before = history.before;
  if (before !== undefined && isUnchanged(before, prepared, order, wanted.tags)) return outcomeOf(before, true);
  history.begin(prepared);
  const known = new Map((before?.resources ?? []).map((resource) => [resource.logicalId, resource]));
  const progress: Progress = { made: new Map(), created: [], changed: [], replaced: [] };
  const call = (logicalId: string): ResourceCall => ({
    world,
    account: wanted.account,
    region: wanted.region,
    stackName: wanted.stackName,
    stackId: history.stackId,
    logicalId,
    caller: wanted.caller,
    cause: history.cause,
    tags: wanted.tags,
  });
  try {
    for (const id of order) await make(world, prepared, id, known.get(id), progress, call(id), history);
    const outputs = outputsOf(prepared, progress);
    checkExports(world, { ...at, outputs }, before);
    const dropped = [...known.values()].reverse().filter(({ logicalId }) => !progress.made.has(logicalId));
    await removeAll({ world, call, history }, [
      ...dropped.filter(({ deletionPolicy }) => !deletionPolicy.startsWith('Retain')),
      ...progress.replaced.filter(({ replacePolicy }) => replacePolicy !== 'Retain'),
    ]);
    return outcomeOf(history.end([...progress.made.values()], outputs, [...prepared.imports]), false);
  } catch (error) {
    const reason = reasonOf(error);
    if (wanted.onFailure === 'DO_NOTHING') {
      const untouched = [...known.values()].filter(({ logicalId }) => !progress.made.has(logicalId));
      return {
        ...outcomeOf(history.stop(reason, [...untouched, ...progress.made.values()]), false),
        failed: true,
        reason,
      };
    }
    history.beginRollback(reason);
    const left = await undo({ world, call, history }, progress);
    const failed = history.fail(reason, before, left);
    if (wanted.onFailure === 'DELETE' && before === undefined) await deleteStack(world, failed, wanted);
    return { ...outcomeOf(failed, false), failed: true, reason };
  }
}

/**
 * Deletes a stack's resources in reverse order; what its policy retains, and what the caller names, stays. A resource that cannot go leaves the
 * stack DELETE_FAILED with what is left, to be deleted again; with `force` (FORCE_DELETE_STACK) it stays without a stack.
 */
export async function deleteStack(
  world: World,
  stack: Stack,
  {
    caller,
    cause,
    retained = [],
    force = false,
  }: { caller: Principal; cause?: string; retained?: readonly string[]; force?: boolean },
): Promise<StackOutcome> {
  const { account, region, name: stackName, tags, template, parameters } = stack;
  const history = History.open(world, {
    account,
    region,
    stackName,
    template,
    parameters,
    tags,
    caller,
    ...(cause === undefined ? {} : { cause }),
  });
  history.beginDelete();
  const call = (logicalId: string): ResourceCall => ({
    world,
    account,
    region,
    stackName,
    stackId: stack.id,
    logicalId,
    caller,
    cause: history.cause,
    tags,
  });
  const inUse = exportInUse(world, stack);
  if (inUse !== undefined) return deletionFailed(history, inUse, stack.resources);
  const resources = stack.resources.toReversed();
  const kept = resources.filter(
    ({ logicalId, deletionPolicy }) => deletionPolicy.startsWith('Retain') || retained.includes(logicalId),
  );
  for (const resource of kept) history.resource(resource, 'DELETE_SKIPPED');
  const left = await removeAll(
    { world, call, history },
    resources.filter((each) => !kept.includes(each)),
  );
  if (left.length === 0 || force) return outcomeOf(history.endDelete(), false);
  const names = left.map(({ logicalId }) => logicalId).join(', ');
  return deletionFailed(history, `The following resource(s) failed to delete: [${names}].`, left.toReversed());
}

/** Takes up a rollback that failed: puts back and removes what was stuck, but for what is skipped. */
export async function continueRollback(
  world: World,
  stack: Stack,
  { caller, cause, skipped }: { caller: Principal; cause?: string; skipped: readonly string[] },
): Promise<StackOutcome> {
  const { account, region, name: stackName, tags, template, parameters, stuck } = stack;
  const wanted = { account, region, stackName, template, parameters, tags, caller };
  const history = History.open(world, { ...wanted, ...(cause === undefined ? {} : { cause }) });
  const call = (logicalId: string): ResourceCall => ({
    ...{ world, account, region, stackName, stackId: stack.id, logicalId, caller, tags },
    cause: history.cause,
  });
  history.beginRollback('User Initiated');
  const todo = (resources: readonly StackResource[] = []) =>
    resources.filter(({ logicalId }) => !skipped.includes(logicalId));
  const left = await undo({ world, call, history }, { changed: todo(stuck?.changed), created: todo(stuck?.created) });
  const ended = history.endRollback(left);
  return { ...outcomeOf(ended, false), failed: ended.status.endsWith('_FAILED') };
}

const deletionFailed = (history: History, reason: string, left: readonly StackResource[]): StackOutcome => ({
  ...outcomeOf(history.failDelete(reason, left), false),
  failed: true,
  reason,
});

async function make(
  world: World,
  prepared: Prepared,
  id: string,
  previous: StackResource | undefined,
  progress: Progress,
  at: ResourceCall,
  history: History,
): Promise<void> {
  const definition = prepared.template.resources[id];
  if (definition === undefined) return;
  const { type } = definition;
  try {
    const scope = prepared.scope(progress.made);
    const resolved = resolve(definition.properties, scope, ['Resources', id, 'Properties']) ?? {};
    const written = JSON.stringify(resolved);
    const policies = {
      deletionPolicy: policyOf(definition.deletionPolicy, scope),
      replacePolicy: policyOf(definition.updateReplacePolicy, scope),
    };
    if (previous?.type === type && previous.written === written) {
      progress.made.set(id, { ...previous, ...policies });
      return;
    }
    const same = previous?.type === type ? previous : undefined;
    const model = modelOf(world, type);
    const properties = propertiesOf(model, type, resolved);
    const placed = await putResource(model, properties, at, same);
    const resource: StackResource = { logicalId: id, type, ...placed, properties, written, ...policies };
    progress.made.set(id, resource);
    if (same !== undefined && same.physicalId === placed.physicalId) progress.changed.push(same);
    else progress.created.push(resource);
    if (previous !== undefined && previous.physicalId !== placed.physicalId) progress.replaced.push(previous);
    history.resource(resource, same === undefined ? 'CREATE_COMPLETE' : 'UPDATE_COMPLETE');
  } catch (error) {
    const reason = reasonOf(error);
    history.resource(
      { logicalId: id, type, physicalId: previous?.physicalId ?? '' },
      previous === undefined ? 'CREATE_FAILED' : 'UPDATE_FAILED',
      reason,
    );
    throw Object.assign(new Error(`${id} (${type}): ${reason}`), { explained: true });
  }
}

/** Whether deploying would leave the stack as it is: the same resources, properties, outputs and tags. */
export function isUnchanged(
  before: Stack,
  prepared: Prepared,
  order: readonly string[],
  tags: Readonly<Record<string, string>>,
): boolean {
  if (!before.status.endsWith('_COMPLETE') || before.status === 'ROLLBACK_COMPLETE') return false;
  if (!isDeepStrictEqual({ ...tags }, { ...before.tags })) return false;
  const sameIds =
    order.length === before.resources.length && before.resources.every(({ logicalId }) => order.includes(logicalId));
  if (!sameIds) return false;
  const made = new Map(before.resources.map((resource) => [resource.logicalId, resource]));
  const scope = prepared.scope(made);
  const sameResources = before.resources.every(({ logicalId, type, written }) => {
    const definition = prepared.template.resources[logicalId];
    return definition?.type === type && JSON.stringify(resolve(definition.properties, scope) ?? {}) === written;
  });
  return sameResources && JSON.stringify(outputsOf(prepared, { made })) === JSON.stringify(before.outputs);
}

function outputsOf(prepared: Prepared, { made }: Pick<Progress, 'made'>): Record<string, StackOutput> {
  const scope = prepared.scope(made);
  const wanted = Object.entries(prepared.template.outputs).filter(
    ([, { condition }]) => condition === undefined || prepared.conditions[condition],
  );
  return Object.fromEntries(
    wanted.map(([name, output]) => [
      name,
      {
        value: String(resolve(output.value, scope, ['Outputs', name])),
        ...(output.description === undefined ? {} : { description: output.description }),
        ...(output.exportName === undefined ? {} : { exportName: String(resolve(output.exportName, scope)) }),
      },
    ]),
  );
}

const outcomeOf = (stack: Stack, unchanged: boolean): StackOutcome => ({
  stackId: stack.id,
  failed: false,
  unchanged,
  outputs: Object.fromEntries(Object.entries(stack.outputs).map(([name, { value }]) => [name, value])),
});

/** The stack of that name in that place, whatever its state. */
export const findStack = (world: World, at: Place, name: string): Stack | undefined =>
  world.store.in(stacks).get(stackKey(at, name)) ?? world.store.in(stacks).where(({ id }) => id === name)[0];
