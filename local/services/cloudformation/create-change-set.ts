import { z } from 'zod';
import { dependencyOrder } from '../../../languages/template/dependency-order.ts';
import { AwsError } from '../../world/failure.ts';
import { type Call, operation } from '../../world/service.ts';
import { modelOf } from './change.ts';
import { findChangeSet } from './change-sets.ts';
import { findStack, isUnchanged } from './deploy.ts';
import { changesOf } from './preview.ts';
import { prepare } from './scope.ts';
import {
  checkCapabilities,
  inAwsWords,
  listOf,
  parametersOf,
  refuseUnplayed,
  stackAccess,
  stackInput,
  tagsOf,
  templateOf,
} from './stack-input.ts';
import { refuseTypeChanges, refuseUnlessUpdatable } from './states.ts';
import { type ChangeSet, changeSets, type Stack, stackKey, stacks } from './tables.ts';

const input = stackInput.extend({
  ChangeSetName: z
    .string()
    .regex(/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/, 'must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*'),
  ChangeSetType: z.enum(['CREATE', 'UPDATE', 'IMPORT']).default('UPDATE'),
  Description: z.string().max(1024).optional(),
  OnStackFailure: z.enum(['DO_NOTHING', 'ROLLBACK', 'DELETE']).optional(),
  ResourcesToImport: listOf(z.unknown()).optional(),
});

/** Why a change set without changes is FAILED: the CDK CLI, the AWS CLI and CodePipeline know it by these words. */
export const noChanges =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

/**
 * Works out what a deployment would change and keeps it to be executed. Type CREATE makes a stack in REVIEW_IN_PROGRESS. The answer of AWS comes before
 * the change set is ready; here it is ready at once. Source: CreateChangeSet in the CloudFormation API reference.
 */
export const createChangeSet = operation({
  simplified:
    'A change set is ready at once, replacement is told by changed names alone, and imports and nested stacks are refused.',
  input,
  access: ({ StackName, RoleARN }, call) => stackAccess('CreateChangeSet', StackName, call, RoleARN),
  run: async (given, call) => {
    if (given.ChangeSetType === 'IMPORT' || (given.ResourcesToImport?.length ?? 0) > 0)
      throw new AwsError('ValidationError', 'ChangeSetType IMPORT is not played by the local cloud');
    refuseUnplayed(given);
    const before = stackToChange(given, call);
    if (before !== undefined && findChangeSet(call, given.ChangeSetName, before.id) !== undefined)
      throw new AwsError('AlreadyExistsException', `ChangeSet [${given.ChangeSetName}] already exists`);
    const made = await changeSetOf(given, call, before);
    call.world.store.in(changeSets).put(made.id, made);
    return { Id: made.id, StackId: made.stackId };
  },
});

/** The stack as it is; undefined for a new one. Throws when its state does not fit the type of the change set. */
function stackToChange(
  { StackName, ChangeSetType, ChangeSetName }: z.output<typeof input>,
  call: Call,
): Stack | undefined {
  const found = findStack(call.world, call, StackName);
  const known = found?.status === 'DELETE_COMPLETE' ? undefined : found;
  if (ChangeSetType === 'CREATE') {
    if (known === undefined || known.status === 'REVIEW_IN_PROGRESS') return known;
    throw new AwsError(
      'ValidationError',
      `Stack [${known.name}] already exists and cannot be created again with the changeSet [${ChangeSetName}].`,
    );
  }
  if (known === undefined) throw new AwsError('ValidationError', `Stack [${StackName}] does not exist`);
  refuseUnlessUpdatable(call, known);
  return known;
}

async function changeSetOf(given: z.output<typeof input>, call: Call, before: Stack | undefined): Promise<ChangeSet> {
  const { account, region, world } = call;
  const template = await templateOf(given, call, before);
  checkCapabilities(template, given.Capabilities);
  const parameters = parametersOf(given, before?.parameters);
  const tags = tagsOf(given, before?.tags);
  const stackName = before?.name ?? given.StackName;
  const at = { account, region, stackName, stackId: before?.id ?? '' };
  const prepared = inAwsWords(() => prepare(world, at, template, parameters));
  const order = inAwsWords(() => dependencyOrder(prepared.template, prepared.conditions));
  inAwsWords(() => order.map((id) => modelOf(world, prepared.template.resources[id]?.type ?? '')));
  refuseTypeChanges(before, prepared.template.resources);
  const current = before?.status === 'REVIEW_IN_PROGRESS' ? undefined : before;
  const unchanged = current !== undefined && unchangedBy(() => isUnchanged(current, prepared, order, tags));
  const { id: stackId } = before ?? review(call, stackName, template);
  const roleArn = given.RoleARN ?? before?.roleArn;
  return {
    id: `arn:aws:cloudformation:${region}:${account}:changeSet/${given.ChangeSetName}/${world.chance.uuid()}`,
    name: given.ChangeSetName,
    type: given.ChangeSetType === 'CREATE' ? 'CREATE' : 'UPDATE',
    ...{ stackId, stackName, account, region, template, parameters, tags },
    shownParameters: prepared.shownParameters,
    capabilities: given.Capabilities,
    changes: unchanged ? [] : changesOf(current, prepared, order),
    createdAt: world.clock.now(),
    ...(unchanged
      ? { status: 'FAILED', statusReason: noChanges, executionStatus: 'UNAVAILABLE' }
      : { status: 'CREATE_COMPLETE', executionStatus: 'AVAILABLE' }),
    ...(given.Description === undefined ? {} : { description: given.Description }),
    ...(given.OnStackFailure === undefined ? {} : { onStackFailure: given.OnStackFailure }),
    ...(roleArn === undefined ? {} : { roleArn }),
  };
}

/** Outputs that need what is not made yet have changed. */
function unchangedBy(look: () => boolean): boolean {
  try {
    return look();
  } catch {
    return false;
  }
}

/** A stack that is only looked at: it holds nothing until a change set of it is executed. */
function review({ world, account, region }: Call, name: string, template: Stack['template']): Stack {
  const stack: Stack = {
    id: `arn:aws:cloudformation:${region}:${account}:stack/${name}/${world.chance.uuid()}`,
    ...{ name, account, region, template },
    status: 'REVIEW_IN_PROGRESS',
    parameters: {},
    shownParameters: {},
    tags: {},
    outputs: {},
    resources: [],
    imports: [],
    events: [],
    createdAt: world.clock.now(),
  };
  const event = { logicalId: name, physicalId: stack.id, type: 'AWS::CloudFormation::Stack', status: stack.status };
  const first = { ...event, id: world.chance.uuid(), reason: 'User Initiated', at: stack.createdAt };
  world.store.in(stacks).put(stackKey(stack, name), { ...stack, events: [first] });
  return stack;
}
