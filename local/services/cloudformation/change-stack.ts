import { z } from 'zod';
import { AwsError } from '../../world/failure.ts';
import { flag } from '../../world/properties.ts';
import { type Call, operation } from '../../world/service.ts';
import { beginDeployment } from './begin-deployment.ts';
import { dropChangeSets } from './change-sets.ts';
import { findStack, deleteStack as removeStack } from './deploy.ts';
import { existing } from './existing.ts';
import { runStack } from './running.ts';
import {
  checkCapabilities,
  deployer,
  list,
  parametersOf,
  refuseUnplayed,
  type StackInput,
  stackAccess,
  stackInput,
  tagsOf,
  templateOf,
} from './stack-input.ts';
import { refuseUnlessUpdatable, refuseWhileRunning } from './states.ts';
import type { Stack } from './tables.ts';

/** Begins to create a stack; its end shows in DescribeStacks. A repeated request with its ClientRequestToken answers the same stack. */
export const createStack = operation({
  input: stackInput.extend({
    DisableRollback: flag.optional(),
    OnFailure: z.enum(['DO_NOTHING', 'ROLLBACK', 'DELETE']).optional(),
    EnableTerminationProtection: flag.optional(),
  }),
  access: ({ StackName, RoleARN }, call) => stackAccess('CreateStack', StackName, call, RoleARN),
  run: async (input, call) => {
    const { DisableRollback, OnFailure, EnableTerminationProtection, ...rest } = input;
    if (DisableRollback !== undefined && OnFailure !== undefined)
      throw new AwsError('ValidationError', 'You cannot specify both DisableRollback and OnFailure.');
    const known = findStack(call.world, call, input.StackName);
    if (known !== undefined && known.status !== 'DELETE_COMPLETE') {
      if (isRepeated(known, input)) return { StackId: known.id };
      throw new AwsError('AlreadyExistsException', `Stack [${input.StackName}] already exists`);
    }
    const onFailure = OnFailure ?? (DisableRollback === true ? 'DO_NOTHING' : 'ROLLBACK');
    return begin(rest, call, undefined, { onFailure, terminationProtected: EnableTerminationProtection ?? false });
  },
});

/** Begins to update a stack. */
export const updateStack = operation({
  simplified:
    'New tags of a stack reach a resource only when the resource itself changes; stack policies, notifications and rollback triggers are refused.',
  input: stackInput.extend({ DisableRollback: flag.optional() }),
  access: ({ StackName, RoleARN }, call) => stackAccess('UpdateStack', StackName, call, RoleARN),
  run: async (input, call) => {
    const known = existing(call, input.StackName);
    if (isRepeated(known, input)) return { StackId: known.id };
    refuseUnlessUpdatable(call, known);
    return begin(input, call, known, { onFailure: input.DisableRollback === true ? 'DO_NOTHING' : 'ROLLBACK' });
  },
});

const isRepeated = ({ clientToken }: Stack, { ClientRequestToken }: StackInput): boolean =>
  ClientRequestToken !== undefined && clientToken === ClientRequestToken;

/** Begins to delete a stack; one that is not there is no error. */
export const deleteStack = operation({
  input: z.object({
    StackName: z.string(),
    RoleARN: z.string().optional(),
    RetainResources: list(z.string()),
    ClientRequestToken: z.string().optional(),
    DeletionMode: z.enum(['STANDARD', 'FORCE_DELETE_STACK']).default('STANDARD'),
  }),
  access: ({ StackName, RoleARN }, call) => stackAccess('DeleteStack', StackName, call, RoleARN),
  run: async ({ StackName, RoleARN, RetainResources, DeletionMode }, call) => {
    const known = findStack(call.world, call, StackName);
    if (known === undefined || known.status === 'DELETE_COMPLETE') return {};
    refuseWhileRunning(call, known);
    if (known.terminationProtected === true)
      throw new AwsError(
        'ValidationError',
        `Stack [${known.name}] cannot be deleted while TerminationProtection is enabled`,
      );
    if ((RetainResources.length > 0 || DeletionMode !== 'STANDARD') && known.status !== 'DELETE_FAILED')
      throw new AwsError(
        'ValidationError',
        `Invalid operation on stack [${known.id}]. Specify resources to retain only when the current stack status is DELETE_FAILED.`,
      );
    const caller = await deployer(call, known.name, RoleARN ?? known.roleArn);
    const how = { caller, cause: call.cause, retained: RetainResources, force: DeletionMode !== 'STANDARD' };
    runStack(call.world, { ...call, stackName: known.name }, async () => {
      const outcome = await removeStack(call.world, known, how);
      if (!outcome.failed) dropChangeSets(call.world, known.id);
      return outcome;
    });
    return {};
  },
});

async function begin(
  input: StackInput,
  call: Call,
  before: Stack | undefined,
  how: { onFailure: 'ROLLBACK' | 'DELETE' | 'DO_NOTHING'; terminationProtected?: boolean },
) {
  refuseUnplayed(input);
  const template = await templateOf(input, call, before);
  checkCapabilities(template, input.Capabilities);
  const roleArn = input.RoleARN ?? before?.roleArn;
  const { ended, stackId } = await beginDeployment(call, before?.name ?? input.StackName, {
    before,
    template,
    parameters: parametersOf(input, before?.parameters),
    tags: tagsOf(input, before?.tags),
    ...how,
    ...(roleArn === undefined ? {} : { roleArn }),
    ...(input.ClientRequestToken === undefined ? {} : { clientToken: input.ClientRequestToken }),
  });
  if (ended?.unchanged) throw new AwsError('ValidationError', 'No updates are to be performed.');
  return { StackId: stackId };
}
