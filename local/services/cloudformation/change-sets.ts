import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { flag } from '../../world/properties.ts';
import { type Call, operation } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { pageOf } from '../page.ts';
import { beginDeployment } from './begin-deployment.ts';
import { existing } from './existing.ts';
import { stackAccess } from './stack-input.ts';
import { refuseUnlessUpdatable, refuseWhileRunning } from './states.ts';
import { type ChangeSet, changeSets, type Stack } from './tables.ts';

const named = z.object({ ChangeSetName: z.string(), StackName: z.string().optional() });
type Named = z.output<typeof named>;

const pageSize = 100;

/** The change set of that ARN, or of that name of a stack. */
export function findChangeSet(call: Pick<Call, 'world'>, name: string, stackId: string): ChangeSet | undefined {
  const rows = call.world.store.in(changeSets);
  return rows.where((row) => row.stackId === stackId && (row.name === name || row.id === name))[0];
}

/** Throws ChangeSetNotFound, or ValidationError for a stack that is not there. */
function changeSetOf({ ChangeSetName, StackName }: Named, call: Call): ChangeSet {
  if (StackName === undefined && !ChangeSetName.startsWith('arn:'))
    throw new AwsError('ValidationError', 'StackName must be specified if ChangeSetName is not specified as an ARN.');
  const found =
    StackName === undefined
      ? call.world.store.in(changeSets).get(ChangeSetName)
      : findChangeSet(call, ChangeSetName, existing(call, StackName).id);
  if (found === undefined || found.account !== call.account || found.region !== call.region)
    throw new AwsError('ChangeSetNotFound', `ChangeSet [${ChangeSetName}] does not exist`, 404);
  return found;
}

/** The question is about the stack; of a change set's ARN the stack is looked up. */
const access = (action: string) => (input: Named, call: Omit<Call, 'cause'>) =>
  stackAccess(
    action,
    input.StackName ?? call.world.store.in(changeSets).get(input.ChangeSetName)?.stackId ?? '*',
    call,
  );

/** What a change set would do, a page at a time. */
export const describeChangeSet = operation({
  input: named.extend({ NextToken: z.string().optional(), IncludePropertyValues: flag.optional() }),
  access: access('DescribeChangeSet'),
  run: (input, call) => {
    const found = changeSetOf(input, call);
    const { items, next } = pageOf(found.changes, input.NextToken, pageSize, 'ValidationError');
    return {
      ...summary(found),
      Parameters: Object.entries(found.shownParameters).map(([ParameterKey, ParameterValue]) => ({
        ParameterKey,
        ParameterValue,
      })),
      Tags: Object.entries(found.tags).map(([Key, Value]) => ({ Key, Value })),
      Capabilities: found.capabilities,
      NotificationARNs: [],
      RollbackConfiguration: {},
      Changes: items.map((ResourceChange) => ({ Type: 'Resource', ResourceChange })),
      ...(found.onStackFailure === undefined ? {} : { OnStackFailure: found.onStackFailure }),
      ...(next === undefined ? {} : { NextToken: next }),
    };
  },
});

const summary = (changeSet: ChangeSet) => ({
  ChangeSetId: changeSet.id,
  ChangeSetName: changeSet.name,
  StackId: changeSet.stackId,
  StackName: changeSet.stackName,
  Description: changeSet.description,
  CreationTime: new Date(changeSet.createdAt),
  ExecutionStatus: changeSet.executionStatus,
  Status: changeSet.status,
  StatusReason: changeSet.statusReason,
  IncludeNestedStacks: false,
});

/** The change sets of a stack. */
export const listChangeSets = operation({
  input: z.object({ StackName: z.string(), NextToken: z.string().optional() }),
  access: ({ StackName }, call) => stackAccess('ListChangeSets', StackName, call),
  run: ({ StackName, NextToken }, call) => {
    const { id } = existing(call, StackName);
    const all = call.world.store.in(changeSets).where(({ stackId }) => stackId === id);
    const { items, next } = pageOf(all, NextToken, pageSize, 'ValidationError');
    return { Summaries: items.map(summary), ...(next === undefined ? {} : { NextToken: next }) };
  },
});

/** Removes a change set; one that is not there is no error. */
export const deleteChangeSet = operation({
  input: named,
  access: access('DeleteChangeSet'),
  run: (input, call) => {
    const stack = input.StackName === undefined ? undefined : existing(call, input.StackName);
    const found =
      stack === undefined
        ? call.world.store.in(changeSets).get(input.ChangeSetName)
        : findChangeSet(call, input.ChangeSetName, stack.id);
    if (found === undefined) return {};
    if (found.executionStatus === 'EXECUTE_IN_PROGRESS')
      throw new AwsError(
        'InvalidChangeSetStatus',
        `ChangeSet [${found.id}] cannot be deleted in its current execution status of [EXECUTE_IN_PROGRESS]`,
      );
    call.world.store.in(changeSets).delete(found.id);
    return {};
  },
});

/**
 * Begins the deployment a change set describes. The other change sets of the stack go, as they were made for what it was. Source: ExecuteChangeSet in the
 * CloudFormation API reference.
 */
export const executeChangeSet = operation({
  input: named.extend({ ClientRequestToken: z.string().max(128).optional(), DisableRollback: flag.optional() }),
  access: access('ExecuteChangeSet'),
  run: async (input, call) => {
    const found = changeSetOf(input, call);
    if (found.executionStatus !== 'AVAILABLE')
      throw new AwsError(
        'InvalidChangeSetStatus',
        `ChangeSet [${found.id}] cannot be executed in its current execution status of [${found.executionStatus}]`,
      );
    const stack = existing(call, found.stackName);
    if (found.type === 'CREATE' && stack.status === 'REVIEW_IN_PROGRESS') refuseWhileRunning(call, stack);
    else refuseUnlessUpdatable(call, stack);
    const row = (executionStatus: ChangeSet['executionStatus']) =>
      call.world.store.in(changeSets).put(found.id, { ...found, executionStatus });
    const onFailure = found.onStackFailure ?? (input.DisableRollback === true ? 'DO_NOTHING' : 'ROLLBACK');
    const { outcome } = await beginDeployment(call, found.stackName, begun(found, stack, input, onFailure));
    dropChangeSets(call.world, found.stackId);
    row('EXECUTE_IN_PROGRESS');
    call.world.background(found.id, call.cause, async () => {
      const { failed } = await outcome;
      row(failed ? 'EXECUTE_FAILED' : 'EXECUTE_COMPLETE');
    });
    return {};
  },
});

const begun = (
  { template, parameters, tags, roleArn }: ChangeSet,
  stack: Stack,
  { ClientRequestToken }: { readonly ClientRequestToken?: string | undefined },
  onFailure: 'ROLLBACK' | 'DELETE' | 'DO_NOTHING',
) => ({
  before: stack,
  ...{ template, parameters, tags, onFailure },
  ...(roleArn === undefined ? {} : { roleArn }),
  ...(ClientRequestToken === undefined ? {} : { clientToken: ClientRequestToken }),
});

/** Forgets the change sets of a stack. */
export function dropChangeSets(world: World, stackId: string): void {
  for (const { id } of world.store.in(changeSets).where((row) => row.stackId === stackId))
    world.store.in(changeSets).delete(id);
}
